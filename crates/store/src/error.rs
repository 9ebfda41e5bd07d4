//! Why a batch is not taken, and why a store does not open.

use std::io;

/// The batch cannot be kept safely now; the same batch may come again.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Overload {
    /// The memory is full: room is being made, or nothing may leave it, because segments cannot be written or
    /// spans start ahead of the clock.
    #[error("the memory is full ({held} of {limit} bytes)")]
    MemoryFull { held: usize, limit: usize },
    /// The log could not be written.
    #[error("the log cannot be written: {0}")]
    Log(String),
}

/// The data cannot be used as it is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    #[error("the data cannot be read: {0}")]
    Disk(#[from] io::Error),
    #[error("{file}: {reason}; this version of traced does not read it, so it was left alone")]
    Foreign { file: String, reason: String },
    #[error("the log cannot be begun: {0}")]
    Log(String),
}
