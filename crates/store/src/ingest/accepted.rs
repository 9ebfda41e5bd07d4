//! The result of a batch.

use record::{WindowStart, write_batch_within};
use span::{Span, Timestamp};
use wal::FRAME_BYTES_MAX;

use crate::error::Overload;

/// How many spans of a batch were stored, and how many were not.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Accepted {
    pub stored: u64,
    /// Duplicates.
    pub repeated: u64,
    /// Spans that start before the window.
    pub stale: u64,
    /// Spans that start too far ahead of the clock.
    pub ahead: u64,
    /// Spans that are larger than a frame of the log and can never be stored.
    pub too_large: u64,
    /// The cutoff that the batch was checked against.
    pub cutoff: Timestamp,
}

impl Accepted {
    /// Returns how many spans were decided on.
    pub fn total(&self) -> u64 {
        self.stored + self.repeated + self.stale + self.ahead + self.too_large
    }
}

/// A batch was refused, in whole or in part.
#[derive(Debug, thiserror::Error)]
#[error("{overload}")]
pub struct Refused {
    #[source]
    pub overload: Overload,
    /// A batch that is larger than a frame of the log is taken in parts; this is the result of the parts before the
    /// refused one. The client may send the whole batch again: stored spans are duplicates then.
    pub accepted: Accepted,
}

/// Whether a span can be stored at all: it has to fit into a frame of the log.
pub fn fits(span: &Span<'_>) -> bool {
    write_batch_within(FRAME_BYTES_MAX, &mut Vec::new(), WindowStart::without_floor(Timestamp::MIN), &[span])
}
