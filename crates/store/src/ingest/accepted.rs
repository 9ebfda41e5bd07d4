//! What became of a batch.

use record::write_batch_within;
use span::{Span, Timestamp};
use wal::FRAME_BYTES_MAX;

use crate::error::Overload;

/// What became of the spans of a batch.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Accepted {
    pub stored: u64,
    /// Duplicates: they came before.
    pub repeated: u64,
    /// They start before the window.
    pub stale: u64,
    /// They start too far ahead of the clock.
    pub ahead: u64,
    /// Larger than a frame of the log: they are never taken.
    pub too_large: u64,
    /// The cutoff that the batch was checked against.
    pub cutoff: Timestamp,
}

impl Accepted {
    /// All spans of which it is decided what became.
    pub fn total(&self) -> u64 {
        self.stored + self.repeated + self.stale + self.ahead + self.too_large
    }
}

/// A batch was not taken, or not to its end.
#[derive(Debug, thiserror::Error)]
#[error("{overload}")]
pub struct Refused {
    #[source]
    pub overload: Overload,
    /// A batch that is larger than a frame of the log is taken in parts; this is what became of the parts before. The
    /// client may send all of the batch again: what was stored is repeated then.
    pub accepted: Accepted,
}

/// Whether a span can be kept at all: it has to fit into a frame of the log.
pub fn fits(span: &Span<'_>) -> bool {
    write_batch_within(FRAME_BYTES_MAX, &mut Vec::new(), Timestamp::MIN, &[span])
}
