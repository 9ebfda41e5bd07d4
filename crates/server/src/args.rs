//! Flags and environment of `traced serve`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::http::HeaderValue;
use clap::{Args, ValueEnum};
use store::{DISK_BYTES_MIN, Durability, MEMORY_BYTES_MIN, Settings, WINDOW_MAX};

use crate::limits::Limits;
use crate::server::{Config, Data, Receivers};

const MIB: usize = 1024 * 1024;

#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    /// Address and port to listen on; port 0 lets the system choose one
    #[arg(long, env = "TRACED_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,

    #[command(flatten)]
    receivers: ReceiverArgs,

    /// How far back spans are kept, such as 30m, 90s or 1h30m [default: 30m]
    #[arg(long, value_name = "DURATION", value_parser = parse_window)]
    window: Option<Duration>,

    /// The same in minutes, fractions allowed; --window goes before it
    #[arg(long, env = "WINDOW_MINUTES", value_name = "MINUTES", value_parser = parse_window_minutes)]
    window_minutes: Option<Duration>,

    /// How far ahead of this machine's clock a span may start
    #[arg(long, env = "TRACED_AHEAD", value_name = "DURATION", default_value = "5m", value_parser = parse_duration)]
    ahead: Duration,

    /// Folder of the log and the segments; one process at a time may have it
    #[arg(long, env = "TRACED_DATA_DIR", value_name = "FOLDER", default_value = "./traced-data")]
    data_dir: PathBuf,

    /// Keep nothing on disk: what is there ends with the process
    #[arg(long, env = "TRACED_IN_MEMORY", conflicts_with_all = ["data_dir", "durability"])]
    in_memory: bool,

    /// What an acknowledged span survives: memory (nothing, until it is in a segment), os (the end of the process), fsync (a power cut)
    #[arg(long, env = "TRACED_DURABILITY", value_name = "LEVEL", default_value = "os")]
    durability: DurabilityArg,

    /// Memory for spans that are not in a segment yet and for indexes, such as 512MiB or 4GiB; when it is full, the oldest spans leave early
    #[arg(long, env = "TRACED_MEMORY", value_name = "BYTES", default_value = "4GiB", value_parser = parse_memory)]
    memory: usize,

    /// Disk for the log and the segments, such as 1GiB; when it is full, the oldest spans leave early
    #[arg(long, env = "TRACED_DISK", value_name = "BYTES", default_value = "32GiB", value_parser = parse_disk)]
    disk: u64,

    /// Origin whose pages may use this server, such as `https://example.com`; may be repeated [default: every origin]
    #[arg(long = "cors-origin", env = "TRACED_CORS_ORIGIN", value_name = "ORIGIN", value_delimiter = ',')]
    origins: Vec<HeaderValue>,

    #[command(flatten)]
    limits: LimitArgs,
}

#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Receivers")]
struct ReceiverArgs {
    /// Address of OpenTelemetry's protocol over gRPC, or off
    #[arg(long, env = "TRACED_OTLP_GRPC", value_name = "ADDRESS", default_value = "127.0.0.1:4317", value_parser = parse_receiver)]
    otlp_grpc: ReceiverArg,

    /// The same over HTTP, beside /v1/traces of the main address, or off
    #[arg(long, env = "TRACED_OTLP_HTTP", value_name = "ADDRESS", default_value = "127.0.0.1:4318", value_parser = parse_receiver)]
    otlp_http: ReceiverArg,

    /// Address of Zipkin's protocol, such as 127.0.0.1:9411, beside /api/v2/spans of the main address, or off
    #[arg(long, env = "TRACED_ZIPKIN", value_name = "ADDRESS", default_value = "off", value_parser = parse_receiver)]
    zipkin: ReceiverArg,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct ReceiverArg(Option<SocketAddr>);

impl From<ReceiverArgs> for Receivers {
    fn from(args: ReceiverArgs) -> Self {
        Self { otlp_grpc: args.otlp_grpc.0, otlp_http: args.otlp_http.0, zipkin: args.zipkin.0 }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DurabilityArg {
    Memory,
    Os,
    Fsync,
}

#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Limits")]
struct LimitArgs {
    /// Largest body of a request, as sent and after decompression; beyond: 413
    #[arg(long, env = "TRACED_BODY_BYTES_MAX", value_name = "BYTES", default_value = "64MiB", value_parser = parse_bytes)]
    body_bytes_max: usize,

    /// Bytes of all bodies that are being read or wait to be taken; beyond: 503
    #[arg(long, env = "TRACED_QUEUED_BYTES_MAX", value_name = "BYTES", default_value = "256MiB", value_parser = parse_bytes)]
    queued_bytes_max: usize,

    /// Requests that are being answered at once; beyond: 503
    #[arg(long, env = "TRACED_REQUESTS_MAX", value_name = "COUNT", default_value_t = Limits::default().requests_max, value_parser = parse_count)]
    requests_max: usize,

    /// Open connections; beyond: 503
    #[arg(long, env = "TRACED_CONNECTIONS_MAX", value_name = "COUNT", default_value_t = Limits::default().connections_max, value_parser = parse_count)]
    connections_max: usize,

    /// Dashboards that look on without asking again
    #[arg(long, env = "TRACED_STREAMS_MAX", value_name = "COUNT", default_value_t = Limits::default().streams_max, value_parser = parse_count)]
    streams_max: usize,

    /// How long a request's head may take, and a connection may wait for its next request
    #[arg(long, env = "TRACED_HEADER_TIMEOUT", value_name = "DURATION", default_value = "30s", value_parser = parse_duration)]
    header_timeout: Duration,

    /// How long a request's body may take; beyond: 408, and 503 where the protocol is OpenTelemetry's
    #[arg(long, env = "TRACED_BODY_TIMEOUT", value_name = "DURATION", default_value = "30s", value_parser = parse_duration)]
    body_timeout: Duration,

    /// How long a client may take nothing of its answer before it is cut off
    #[arg(long, env = "TRACED_WRITE_TIMEOUT", value_name = "DURATION", default_value = "30s", value_parser = parse_duration)]
    write_timeout: Duration,

    /// How long requests in flight may take after SIGTERM or SIGINT
    #[arg(long, env = "TRACED_STOP_TIMEOUT", value_name = "DURATION", default_value = "10s", value_parser = parse_duration)]
    stop_timeout: Duration,
}

impl From<ServeArgs> for Config {
    fn from(args: ServeArgs) -> Self {
        let defaults = Settings::default();
        let window = args.window.or(args.window_minutes).unwrap_or(defaults.window);
        Self {
            listen: args.listen,
            receivers: args.receivers.into(),
            data: if args.in_memory { Data::Memory } else { Data::Folder(args.data_dir) },
            store: Settings {
                window,
                ahead: args.ahead,
                durability: match args.durability {
                    DurabilityArg::Memory => Durability::Memory,
                    DurabilityArg::Os => Durability::Os,
                    DurabilityArg::Fsync => Durability::Fsync,
                },
                memory_bytes_max: args.memory,
                disk_bytes_max: args.disk,
                ..defaults
            },
            limits: args.limits.into(),
            origins: args.origins,
        }
    }
}

impl From<LimitArgs> for Limits {
    fn from(args: LimitArgs) -> Self {
        Self {
            body_bytes_max: args.body_bytes_max,
            queued_bytes_max: args.queued_bytes_max,
            requests_max: args.requests_max,
            connections_max: args.connections_max,
            streams_max: args.streams_max,
            header_timeout: args.header_timeout,
            body_timeout: args.body_timeout,
            write_timeout: args.write_timeout,
            stop_timeout: args.stop_timeout,
        }
    }
}

fn parse_receiver(text: &str) -> Result<ReceiverArg, String> {
    if text == "off" {
        return Ok(ReceiverArg(None));
    }
    let address =
        text.parse().map_err(|_| "must be an address and a port, such as 127.0.0.1:4317, or off")?;
    Ok(ReceiverArg(Some(address)))
}

fn parse_duration(text: &str) -> Result<Duration, String> {
    let parsed = humantime::parse_duration(text).ok().filter(|duration| !duration.is_zero());
    parsed.ok_or_else(|| "must be a duration above zero with a unit, such as 500ms, 30s or 5m".to_owned())
}

fn check_window(window: Duration) -> Result<Duration, String> {
    if !window.is_zero() && window <= WINDOW_MAX {
        return Ok(window);
    }
    let longest = humantime::format_duration(WINDOW_MAX);
    Err(format!("must be above zero and at most {longest}"))
}

fn parse_window(text: &str) -> Result<Duration, String> {
    check_window(parse_duration(text)?)
}

fn parse_window_minutes(text: &str) -> Result<Duration, String> {
    let seconds = text.trim().parse::<f64>().ok().map(|minutes| minutes * 60.0);
    let window = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    check_window(window.ok_or("must be a number of minutes above zero, such as 30 or 0.5")?)
}

/// Reads a number of bytes with an optional unit: KiB, MiB, GiB, or the same with a plain K, M, G.
fn parse_bytes(text: &str) -> Result<usize, String> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => Some(1),
        "k" | "kb" | "kib" => Some(1024),
        "m" | "mb" | "mib" => Some(MIB),
        "g" | "gb" | "gib" => Some(1024 * MIB),
        _ => None,
    };
    let bytes =
        number.parse::<usize>().ok().zip(factor).and_then(|(number, factor)| number.checked_mul(factor));
    bytes
        .filter(|&bytes| bytes > 0)
        .ok_or_else(|| "must be a whole number of bytes above zero, such as 65536, 64MiB or 4GiB".to_owned())
}

fn parse_count(text: &str) -> Result<usize, String> {
    let count = text.trim().parse().ok().filter(|&count| count > 0);
    count.ok_or_else(|| "must be a whole number above zero".to_owned())
}

fn parse_memory(text: &str) -> Result<usize, String> {
    let bytes = parse_bytes(text)?;
    if bytes >= MEMORY_BYTES_MIN {
        return Ok(bytes);
    }
    Err(format!("must be at least {} MiB", MEMORY_BYTES_MIN / MIB))
}

fn parse_disk(text: &str) -> Result<u64, String> {
    let bytes = parse_bytes(text)? as u64;
    if bytes >= DISK_BYTES_MIN {
        return Ok(bytes);
    }
    Err(format!("must be at least {} MiB", DISK_BYTES_MIN / MIB as u64))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{parse_bytes, parse_memory, parse_window, parse_window_minutes};

    #[test]
    fn windows_are_durations_or_minutes() {
        assert_eq!(parse_window("1h30m"), Ok(Duration::from_mins(90)));
        assert_eq!(parse_window_minutes("0.05"), Ok(Duration::from_secs(3)));
        for wrong in ["", "30", "0s", "31days", "soon"] {
            assert!(parse_window(wrong).is_err(), "{wrong}");
        }
        for wrong in ["", "0", "-1", "NaN", "inf", "1e30", "30m"] {
            assert!(parse_window_minutes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn bytes_have_units() {
        assert_eq!(parse_bytes("65536"), Ok(65536));
        assert_eq!(parse_bytes("64 MiB"), Ok(64 << 20));
        assert_eq!(parse_bytes("4g"), Ok(4 << 30));
        for wrong in ["", "0", "-1", "1.5GiB", "MiB", "99999999999999999999", "17179869184GiB"] {
            assert!(parse_bytes(wrong).is_err(), "{wrong}");
        }
        assert!(parse_memory("1MiB").is_err());
    }
}
