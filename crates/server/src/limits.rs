//! What the server takes at once, each with a name and a flag.

use std::time::Duration;

#[derive(Clone, Debug)]
pub struct Limits {
    /// Of one body, as sent and after decompression: 413.
    pub body_bytes_max: usize,
    /// Of all bodies that are being read or wait to be taken: 503.
    pub queued_bytes_max: usize,
    /// Requests being answered: 503.
    pub requests_max: usize,
    /// Open connections: 503, and closed.
    pub connections_max: usize,
    /// Dashboards that look on without asking again: 503.
    pub streams_max: usize,
    /// From the first byte of a request's head, or from the end of the last answer, to the end of the head.
    pub header_timeout: Duration,
    /// For the whole of a body: 408, in OpenTelemetry's protocol 503.
    pub body_timeout: Duration,
    /// A client that takes nothing of an answer for so long is cut off.
    pub write_timeout: Duration,
    /// At the end, for requests in flight.
    pub stop_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // A batch of 500 spans with 50 tags of 1024 ASCII characters each is 27 MB of JSON.
            body_bytes_max: 64 * 1024 * 1024,
            queued_bytes_max: 256 * 1024 * 1024,
            requests_max: 1024,
            connections_max: 4096,
            streams_max: 64,
            header_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(30),
            stop_timeout: Duration::from_secs(10),
        }
    }
}
