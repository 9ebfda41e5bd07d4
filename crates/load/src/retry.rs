//! When, and how often, a request is sent again.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header};

use crate::client::{Answer, Client, TransportError};

/// Limit: how often a request is sent. With the waits below, it is given up after some seconds, so that a run ends.
pub(crate) const ATTEMPTS_MAX: u32 = 6;
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// Limit: the longest wait, even if the server asks for a longer one.
const WAIT_MAX: Duration = Duration::from_secs(5);

/// Whether the server refused the request only for now (429 or 503), and so has stored nothing.
pub(crate) const fn is_refusal(status: StatusCode) -> bool {
    matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS)
}

/// Returns how long to wait after the attempt with this number, counted from 0. That is what the header `Retry-After`
/// says; without it, the wait doubles each time.
pub(crate) fn wait(attempt: u32, headers: Option<&HeaderMap>) -> Duration {
    let asked = headers
        .and_then(|headers| headers.get(header::RETRY_AFTER))
        .and_then(|value| value.to_str().ok()?.trim().parse().ok())
        .map(Duration::from_secs);
    let doubling = FIRST_WAIT.saturating_mul(2u32.saturating_pow(attempt));
    asked.unwrap_or(doubling).min(WAIT_MAX)
}

/// Requests `path`, and again after every failure, because a read changes nothing.
pub(crate) async fn get(client: &Client, path: &str) -> Result<Answer, TransportError> {
    let mut attempt = 0;
    loop {
        let outcome = client.get(path).await;
        let is_last = attempt + 1 == ATTEMPTS_MAX;
        let pause = match &outcome {
            Ok(answer) if is_refusal(answer.status) && !is_last => wait(attempt, Some(&answer.headers)),
            Err(_) if !is_last => wait(attempt, None),
            Ok(_) | Err(_) => return outcome,
        };
        tokio::time::sleep(pause).await;
        attempt += 1;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::{HeaderMap, HeaderValue, header};

    use super::wait;

    fn after(text: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::RETRY_AFTER, HeaderValue::from_static(text))])
    }

    #[test]
    fn the_wait_is_what_the_server_asks_for_within_bounds() {
        assert_eq!(wait(3, Some(&after("2"))), Duration::from_secs(2));
        assert_eq!(wait(3, Some(&after("0"))), Duration::ZERO);
        assert_eq!(wait(0, Some(&after("3600"))), Duration::from_secs(5));
    }

    #[test]
    fn without_a_readable_retry_after_the_wait_doubles() {
        let unreadable = after("Fri, 31 Dec 1999 23:59:59 GMT");
        for headers in [None, Some(&HeaderMap::new()), Some(&unreadable)] {
            assert_eq!(wait(0, headers), Duration::from_millis(100));
            assert_eq!(wait(2, headers), Duration::from_millis(400));
            assert_eq!(wait(40, headers), Duration::from_secs(5));
        }
    }
}
