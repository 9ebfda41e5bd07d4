//! Flags and environment variables of `traced serve`.

mod values;

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::FalseyValueParser;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, ValueEnum};
use ipnet::IpNet;
use store::{Durability, Settings};

use self::values::{
    OriginArg, parse_addresses, parse_base_path, parse_bytes, parse_count, parse_disk, parse_duration,
    parse_memory, parse_network, parse_origin, parse_receiver, parse_window, parse_window_minutes,
};
use crate::addresses::Addresses;
use crate::clients::trusted_proxies::TrustedProxies;
use crate::config::{Config, Data, Receivers};
use crate::limits::Limits;
use crate::memory_shares::MemoryShares;
use crate::mount::BasePath;

#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    /// Address and port to listen on, such as 10.0.0.5:8080; localhost:8080 or 8080 for this machine alone, :8080 for all of its addresses, port 0 for one that the system chooses; several with commas between them
    #[arg(long, env = "TRACED_LISTEN", value_name = "ADDRESS", default_value = "localhost:8080", value_parser = parse_addresses)]
    listen: Addresses,

    /// How far back spans are kept, such as 30m, 90s or 1h30m [default: 30m]
    #[arg(long, value_name = "DURATION", value_parser = parse_window)]
    window: Option<Duration>,

    /// How far back spans are kept, in minutes, such as 30 or 0.5; --window takes precedence
    #[arg(long, env = "WINDOW_MINUTES", value_name = "MINUTES", value_parser = parse_window_minutes)]
    window_minutes: Option<Duration>,

    /// How far ahead of this machine's clock a span may start
    #[arg(long, env = "TRACED_AHEAD", value_name = "DURATION", default_value = "5m", value_parser = parse_duration)]
    ahead: Duration,

    /// Folder for the log and the segments; only one process at a time can use it
    #[arg(long, env = "TRACED_DATA_DIR", value_name = "FOLDER", default_value = "./traced-data")]
    data_dir: PathBuf,

    /// Keep all spans in memory and nothing on disk; they are lost when the process ends
    #[arg(long, env = "TRACED_IN_MEMORY", value_parser = FalseyValueParser::new())]
    in_memory: bool,

    /// What an acknowledged span survives: memory (nothing, until it is in a segment), os (a crash of the process), fsync (a power cut)
    #[arg(long, env = "TRACED_DURABILITY", value_name = "LEVEL", default_value = "os")]
    durability: DurabilityArg,

    /// Memory that the process may use, such as 512MiB or 4GiB: half of it for indexes and for spans that are not in a segment yet (when that is full, the oldest spans are evicted early), the rest for requests, responses and maintenance
    #[arg(long, env = "TRACED_MEMORY", value_name = "BYTES", default_value = "4GiB", value_parser = parse_memory)]
    memory: usize,

    /// Disk space for the log and the segments, such as 1GiB; when it is full, the oldest spans are evicted early
    #[arg(long, env = "TRACED_DISK", value_name = "BYTES", default_value = "32GiB", value_parser = parse_disk)]
    disk: u64,

    /// Origin whose web pages may use this server, such as `https://example.com`, or `*` for every origin; can be repeated [default: *]
    #[arg(long = "cors-origin", env = "TRACED_CORS_ORIGIN", value_name = "ORIGIN", value_delimiter = ',', value_parser = parse_origin)]
    origins: Vec<OriginArg>,

    /// Path below which a reverse proxy shows this server, such as /traced, if the proxy leaves it in the paths of requests
    #[arg(long, env = "TRACED_BASE_PATH", value_name = "PATH", default_value = "/", value_parser = parse_base_path)]
    base_path: BasePath,

    /// Address or network of a reverse proxy in front of this server, such as 10.0.0.0/8; its X-Forwarded-For says who a client is, its X-Forwarded-Prefix where the server is; can be repeated
    #[arg(long = "trusted-proxy", env = "TRACED_TRUSTED_PROXY", value_name = "NETWORK", value_delimiter = ',', value_parser = parse_network)]
    trusted_proxies: Vec<IpNet>,

    // What is flattened comes last: its heading would stand above everything behind it.
    #[command(flatten)]
    receivers: ReceiverArgs,

    #[command(flatten)]
    limits: LimitArgs,
}

#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Receivers")]
struct ReceiverArgs {
    /// Address for OTLP over gRPC, or off
    #[arg(long, env = "TRACED_OTLP_GRPC", value_name = "ADDRESS", default_value = "localhost:4317", value_parser = parse_receiver)]
    otlp_grpc: Addresses,

    /// Address for OTLP over HTTP, or off; the main address takes it at /v1/traces, too
    #[arg(long, env = "TRACED_OTLP_HTTP", value_name = "ADDRESS", default_value = "localhost:4318", value_parser = parse_receiver)]
    otlp_http: Addresses,

    /// Address for Zipkin's JSON, such as localhost:9411, or off; the main address takes it at /api/v2/spans, too
    #[arg(long, env = "TRACED_ZIPKIN", value_name = "ADDRESS", default_value = "off", value_parser = parse_receiver)]
    zipkin: Addresses,
}

impl From<ReceiverArgs> for Receivers {
    fn from(args: ReceiverArgs) -> Self {
        Self { otlp_grpc: args.otlp_grpc, otlp_http: args.otlp_http, zipkin: args.zipkin }
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

    /// Memory for request bodies and for what is decoded from them; beyond: 503 [default: 3/16 of --memory]
    #[arg(long, env = "TRACED_QUEUED_BYTES_MAX", value_name = "BYTES", value_parser = parse_bytes)]
    queued_bytes_max: Option<usize>,

    /// Memory for responses that are being made or read by clients; beyond: 503 [default: 1/8 of --memory]
    #[arg(long, env = "TRACED_ANSWER_BYTES_MAX", value_name = "BYTES", value_parser = parse_bytes)]
    answer_bytes_max: Option<usize>,

    /// Bodies of requests that are arriving at once; beyond, the slowest gets 503 and gives way
    #[arg(long, env = "TRACED_BODIES_MAX", value_name = "COUNT", default_value_t = Limits::default().bodies_max, value_parser = parse_count)]
    bodies_max: usize,

    /// Queries that are being answered at once, and batches that are being stored at once; beyond: 503
    #[arg(long, env = "TRACED_REQUESTS_MAX", value_name = "COUNT", default_value_t = Limits::default().requests_max, value_parser = parse_count)]
    requests_max: usize,

    /// Queries that read the store at once; further queries wait up to --read-wait, then get 503
    #[arg(long, env = "TRACED_READS_MAX", value_name = "COUNT", default_value_t = Limits::default().reads_max, value_parser = parse_count)]
    reads_max: usize,

    /// How long a query waits while --reads-max others read the store; then it gets 503
    #[arg(long, env = "TRACED_READ_WAIT", value_name = "DURATION", default_value = "10s", value_parser = parse_duration)]
    read_wait: Duration,

    /// Open connections, fewer if the limit of open files is low; beyond, those close that wait for a request, or a new one gets 503 [default: 4096, or one for each 512 KiB of --memory if those are fewer]
    #[arg(long, env = "TRACED_CONNECTIONS_MAX", value_name = "COUNT", value_parser = parse_count)]
    connections_max: Option<usize>,

    /// Open streams of changes, one for each open dashboard; beyond: 503
    #[arg(long, env = "TRACED_STREAMS_MAX", value_name = "COUNT", default_value_t = Limits::default().streams_max, value_parser = parse_count)]
    streams_max: usize,

    /// How long a request's head may take, and how long a connection may wait for its next request
    #[arg(long, env = "TRACED_HEADER_TIMEOUT", value_name = "DURATION", default_value = "30s", value_parser = parse_duration)]
    header_timeout: Duration,

    /// How long a request's body may take to arrive; then the request gets 408, or 503 if it is OTLP
    #[arg(long, env = "TRACED_BODY_TIMEOUT", value_name = "DURATION", default_value = "30s", value_parser = parse_duration)]
    body_timeout: Duration,

    /// How long a client may read nothing of its response before it is disconnected
    #[arg(long, env = "TRACED_WRITE_TIMEOUT", value_name = "DURATION", default_value = "30s", value_parser = parse_duration)]
    write_timeout: Duration,

    /// How long requests in flight may take to end after SIGTERM or SIGINT
    #[arg(long, env = "TRACED_STOP_TIMEOUT", value_name = "DURATION", default_value = "10s", value_parser = parse_duration)]
    stop_timeout: Duration,
}

impl ServeArgs {
    /// Settles where spans are kept if the command line and variables disagree: a flag comes before a variable, and a
    /// variable that is off disagrees with nothing. clap's own conflicts would count variables as flags, so an image
    /// that sets a folder could not be started with `--in-memory`.
    ///
    /// # Errors
    /// If two flags contradict each other; returns the one that contradicts `--in-memory`.
    pub fn settle_place(&mut self, matches: &ArgMatches) -> Result<(), &'static str> {
        let is_flag = |id| matches.value_source(id) == Some(ValueSource::CommandLine);
        for (id, flag) in [("data_dir", "--data-dir"), ("durability", "--durability")] {
            if is_flag(id) && is_flag("in_memory") {
                return Err(flag);
            }
            self.in_memory &= !is_flag(id);
        }
        Ok(())
    }
}

impl From<ServeArgs> for Config {
    fn from(args: ServeArgs) -> Self {
        let defaults = Settings::default();
        let window = args.window.or(args.window_minutes).unwrap_or(defaults.window);
        let shares = MemoryShares::of(args.memory);
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
                memory_bytes_max: shares.store,
                disk_bytes_max: args.disk,
                ..defaults
            },
            limits: args.limits.with(shares),
            // One `*` among them allows every origin, and so does an empty list.
            origins: args
                .origins
                .into_iter()
                .map(|origin| origin.0)
                .collect::<Option<_>>()
                .unwrap_or_default(),
            base_path: args.base_path,
            trusted_proxies: TrustedProxies::new(args.trusted_proxies),
        }
    }
}

impl LimitArgs {
    fn with(self, shares: MemoryShares) -> Limits {
        let args = self;
        let defaults = Limits::default();
        let mut limits = Limits {
            body_bytes_max: args.body_bytes_max,
            queued_bytes_max: args.queued_bytes_max.unwrap_or(shares.bodies),
            answer_bytes_max: args.answer_bytes_max.unwrap_or(shares.answers),
            bodies_max: args.bodies_max,
            requests_max: args.requests_max,
            reads_max: args.reads_max,
            read_wait: args.read_wait,
            connections_max: args.connections_max.unwrap_or(defaults.connections_max),
            streams_max: args.streams_max,
            header_timeout: args.header_timeout,
            body_timeout: args.body_timeout,
            write_timeout: args.write_timeout,
            stop_timeout: args.stop_timeout,
        };
        if args.connections_max.is_none() {
            limits.lower_connections(shares.connections);
        }
        limits
    }
}
