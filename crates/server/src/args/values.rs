//! Reads the values of flags, and says how each is written.

use std::net::IpAddr;
use std::time::Duration;

use axum::http::HeaderValue;
use ipnet::IpNet;
use store::{DISK_BYTES_MIN, WINDOW_MAX};

use crate::addresses::Addresses;
use crate::memory_shares::MEMORY_BYTES_MIN;
use crate::mount::BasePath;

const MIB: usize = 1024 * 1024;
/// Limit: the longest duration of a setting. Centuries would be beyond what instants can be compared with.
const DURATION_MAX: Duration = Duration::from_hours(366 * 24);

pub(super) fn parse_addresses(text: &str) -> Result<Addresses, String> {
    let hint = "must be an address and a port, such as 127.0.0.1:8080 or [::1]:8080; localhost:8080 or 8080 for this \
                machine alone; :8080 for every address of it; or several of these with commas between them";
    Addresses::parse(text).ok_or_else(|| {
        if text.contains("://") { format!("{hint}; leave out the scheme") } else { hint.to_owned() }
    })
}

/// The addresses of a receiver, or `off`.
pub(super) fn parse_receiver(text: &str) -> Result<Addresses, String> {
    if text.trim() == "off" {
        return Ok(Addresses::default());
    }
    parse_addresses(text).map_err(|error| format!("{error}; or off"))
}

pub(super) fn parse_duration(text: &str) -> Result<Duration, String> {
    let parsed = humantime::parse_duration(text).ok().filter(|duration| !duration.is_zero());
    let duration = parsed
        .ok_or_else(|| "must be a duration above zero with a unit, such as 500ms, 30s or 5m".to_owned())?;
    if duration <= DURATION_MAX {
        return Ok(duration);
    }
    Err(format!("must be at most {}", humantime::format_duration(DURATION_MAX)))
}

fn check_window(window: Duration) -> Result<Duration, String> {
    if !window.is_zero() && window <= WINDOW_MAX {
        return Ok(window);
    }
    let longest = humantime::format_duration(WINDOW_MAX);
    Err(format!("must be above zero and at most {longest}"))
}

pub(super) fn parse_window(text: &str) -> Result<Duration, String> {
    check_window(parse_duration(text)?)
}

pub(super) fn parse_window_minutes(text: &str) -> Result<Duration, String> {
    let seconds = text.trim().parse::<f64>().ok().map(|minutes| minutes * 60.0);
    let window = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    check_window(window.ok_or("must be a number of minutes above zero, such as 30 or 0.5")?)
}

/// Reads a number of bytes with an optional unit. KB and K mean KiB, as everywhere where memory is configured.
pub(super) fn parse_bytes(text: &str) -> Result<usize, String> {
    let parsed = parse_size::Config::new().with_binary().parse_size(text);
    let bytes = parsed.ok().and_then(|bytes| usize::try_from(bytes).ok()).filter(|&bytes| bytes > 0);
    bytes.ok_or_else(|| "must be a size above zero, such as 65536, 64MiB or 1.5GiB".to_owned())
}

/// The origins whose pages may use the server; `None` is every origin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct OriginArg(pub(super) Option<HeaderValue>);

pub(super) fn parse_origin(text: &str) -> Result<OriginArg, String> {
    match text.trim() {
        "*" => Ok(OriginArg(None)),
        origin => Ok(OriginArg(Some(check_origin(origin)?))),
    }
}

/// An origin, as a browser names the one of a page: a scheme, a host and perhaps a port.
fn check_origin(text: &str) -> Result<HeaderValue, String> {
    let host = text.split_once("://").map_or("", |(_, host)| host);
    // Browsers write hosts in lower case and in ASCII, without a user.
    let is_of_host = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b':' | b'[' | b']');
    if host.is_empty() || !host.bytes().all(is_of_host) {
        return Err(
            "must be an origin such as https://example.com, in lower case and without a path or a slash at its end, or * \
             for every origin"
                .to_owned(),
        );
    }
    HeaderValue::from_str(text).map_err(|error| error.to_string())
}

pub(super) fn parse_base_path(text: &str) -> Result<BasePath, String> {
    BasePath::parse(text).ok_or_else(|| {
        "must be a path such as /traced or /tools/traced, of letters, digits and the characters -._~"
            .to_owned()
    })
}

/// A network, or the address of one host.
pub(super) fn parse_network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let parsed = text.parse().ok().or_else(|| Some(IpNet::from(text.parse::<IpAddr>().ok()?.to_canonical())));
    parsed.ok_or_else(|| {
        "must be an address or a network, such as 127.0.0.1, 10.0.0.0/8 or fd00::/8".to_owned()
    })
}

pub(super) fn parse_count(text: &str) -> Result<usize, String> {
    let count = text.trim().parse().ok().filter(|&count| count > 0);
    count.ok_or_else(|| "must be a whole number above zero".to_owned())
}

pub(super) fn parse_memory(text: &str) -> Result<usize, String> {
    let bytes = parse_bytes(text)?;
    if bytes >= MEMORY_BYTES_MIN {
        return Ok(bytes);
    }
    Err(format!("must be at least {} MiB", MEMORY_BYTES_MIN / MIB))
}

pub(super) fn parse_disk(text: &str) -> Result<u64, String> {
    let bytes = parse_bytes(text)? as u64;
    if bytes >= DISK_BYTES_MIN {
        return Ok(bytes);
    }
    Err(format!("must be at least {} MiB", DISK_BYTES_MIN / MIB as u64))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{
        OriginArg, parse_bytes, parse_duration, parse_memory, parse_origin, parse_window,
        parse_window_minutes,
    };

    #[test]
    fn an_origin_is_one_that_a_browser_can_send() {
        for right in ["https://example.com", "http://localhost:3000", "http://[::1]:80", "app://page"] {
            assert!(
                parse_origin(right).is_ok_and(|OriginArg(value)| value.is_some_and(|value| value == right)),
                "{right}"
            );
        }
        assert_eq!(parse_origin("*"), Ok(OriginArg(None)), "every origin");
        for wrong in [
            "",
            "https://*.example.com",
            "https://example.com/",
            "example.com",
            "https://",
            "https://Example.com",
            "https://a/b",
            "https://u@a",
            "http://a b",
        ] {
            assert!(parse_origin(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn windows_are_durations_or_minutes() {
        assert_eq!(parse_window("1h30m"), Ok(Duration::from_mins(90)));
        assert_eq!(parse_window_minutes("0.05"), Ok(Duration::from_secs(3)));
        assert!(
            parse_duration("99999999999years").is_err_and(|error| error == "must be at most 1year 18h"),
            "{:?}",
            parse_duration("99999999999years")
        );
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
        assert_eq!(parse_bytes("4GB"), Ok(4 << 30));
        assert_eq!(parse_bytes("1.5GiB"), Ok(3 << 29));
        for wrong in ["", "0", "-1", "MiB", "5 apples", "99999999999999999999", "17179869184GiB"] {
            assert!(parse_bytes(wrong).is_err(), "{wrong}");
        }
        assert!(parse_memory("31MiB").is_err());
    }
}
