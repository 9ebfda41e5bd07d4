//! How the memory that a person allows is divided.

/// Limit: the least memory that a server works with. A store needs 16 MiB.
pub(crate) const MEMORY_BYTES_MIN: usize = 2 * store::MEMORY_BYTES_MIN;

/// Limit: bytes that one connection can make the server hold on top of `--memory`: the sum in `http_settings`, rounded up.
const CONNECTION_BYTES_MAX: usize = 512 * 1024;

/// The shares of `--memory`. Each part of the process asks for memory from its own share before it takes any, so that a
/// burst of requests evicts no spans, and slow readers stop no writes. What is left, three sixteenths, is for
/// maintenance, which is bounded by the share of the store: sealing and merging take up to three times the content
/// of the segment that they write, and that content is at most an eighth of that share.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MemoryShares {
    /// Spans that are not in a segment yet, the directory, and, without a disk, the segments.
    pub store: usize,
    /// Bodies of requests, and what is decoded from them.
    pub bodies: usize,
    /// Answers, from the first span that is read until the client has taken all of it.
    pub answers: usize,
    /// How many connections can hold at most as much again as `--memory`, which comes on top of it.
    pub connections: usize,
}

impl MemoryShares {
    pub fn of(memory_bytes: usize) -> Self {
        let sixteenth = memory_bytes / 16;
        Self {
            store: sixteenth * 8,
            bodies: sixteenth * 3,
            answers: sixteenth * 2,
            connections: memory_bytes / CONNECTION_BYTES_MAX,
        }
    }
}
