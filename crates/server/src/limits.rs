//! What the server takes at once. Each limit has a name, a flag, and an answer when it is reached.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::memory_shares::MemoryShares;

/// The memory that a server may use if nobody says how much.
pub(crate) const MEMORY_BYTES: usize = 4 * 1024 * 1024 * 1024;

#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of one body, as sent and after decompression. Beyond: 413.
    pub body_bytes_max: usize,
    /// Bytes of all bodies that are being read or wait to be accepted, and of what is decoded from them. Beyond: 503,
    /// or 413 where the request alone takes more.
    pub queued_bytes_max: usize,
    /// Bytes of all answers that are being made or taken by their clients. Beyond: 503, or 413 where the answer alone
    /// takes more.
    pub answer_bytes_max: usize,
    /// Bodies that have begun to arrive and are not whole yet. Beyond: 503 for the slowest, which gives way.
    pub bodies_max: usize,
    /// Queries that are being answered, and as many batches that are being stored. Beyond: 503.
    pub requests_max: usize,
    /// Questions that read the store at once. More wait for up to `read_wait`; beyond: 503.
    pub reads_max: usize,
    /// How long a question waits until fewer than `reads_max` others read the store.
    pub read_wait: Duration,
    /// Open connections. Beyond: 503, and the connection is closed.
    pub connections_max: usize,
    /// Open streams of `/api/v1/stream`. Beyond: 503.
    pub streams_max: usize,
    /// From the first byte of a request's head, or from the end of the last answer, to the end of the head.
    pub header_timeout: Duration,
    /// For all bytes of a body. Beyond: 408, or 503 where the request is OTLP: its senders give spans up on a 408.
    pub body_timeout: Duration,
    /// A client that takes no byte of an answer for so long is cut off.
    pub write_timeout: Duration,
    /// How long a stop waits for requests in flight.
    pub stop_timeout: Duration,
}

/// Limit: a fourth of the files that the process may have open belongs to the store and to what else is not a connection, but
/// at least and at most so many. Without them, a log full of connections would refuse every batch.
const OTHER_FILES: RangeInclusive<u64> = 64..=1024;

impl Limits {
    /// Lowers `connections_max` to what the process may have open beside other files, and returns true if it was higher.
    pub fn fit_open_files(&mut self, open_files_max: u64) -> bool {
        let others = (open_files_max / 4).clamp(*OTHER_FILES.start(), *OTHER_FILES.end());
        // Connections that are being closed come on top: an eighth, or eight.
        let fitting = open_files_max.saturating_sub(others + 8) / 9 * 8;
        self.lower_connections(usize::try_from(fitting).unwrap_or(usize::MAX).max(1))
    }

    /// Lowers `connections_max` to this, and returns true if it was higher. What slow clients can hold is lowered with it, so
    /// that some connections can always be closed for others.
    pub(crate) fn lower_connections(&mut self, max: usize) -> bool {
        if self.connections_max <= max {
            return false;
        }
        self.connections_max = max;
        self.bodies_max = self.bodies_max.min(max.div_ceil(2));
        self.requests_max = self.requests_max.min(max.div_ceil(4));
        true
    }
}

impl Default for Limits {
    fn default() -> Self {
        let shares = MemoryShares::of(MEMORY_BYTES);
        Self {
            // A batch of 500 spans with 50 tags of 1024 ASCII characters each is 27 MB of JSON.
            body_bytes_max: 64 * 1024 * 1024,
            queued_bytes_max: shares.bodies,
            answer_bytes_max: shares.answers,
            // Half of the connections: however many bodies trickle, there are connections that can be closed for others.
            bodies_max: 2048,
            requests_max: 1024,
            // Enough to keep a disk busy while pages are cold, and few enough that reads of warm pages leave time
            // on the processors for writes. Far below the 512 threads that the runtime may start for such work.
            reads_max: 32,
            read_wait: Duration::from_secs(10),
            connections_max: 4096,
            streams_max: 64,
            header_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(30),
            stop_timeout: Duration::from_secs(10),
        }
    }
}
