//! Why a batch is refused, and why a store does not open.

use std::error::Error;
use std::io;

use wal::LogError;

/// The store cannot take the batch now. The client may send it again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Overload {
    /// The memory is full. Either space is being made, or none can be made: segments cannot be written, or all spans
    /// start ahead of the clock.
    #[error("the memory is full ({held} of {limit} bytes)")]
    MemoryFull { held: usize, limit: usize },
    /// The disk is full to the limit that was set, or to its end. Space is being made.
    #[error("the disk is full ({held} of {limit} bytes)")]
    DiskFull { held: u64, limit: u64 },
    #[error("the log cannot be written: {0}")]
    Log(#[source] LogError),
}

/// The data folder cannot be used in its current state.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    #[error("the data directory cannot be opened: {0}")]
    Disk(#[from] io::Error),
    #[error("the file {file} in the data directory cannot be opened: {source}; it was not changed")]
    File { file: String, source: io::Error },
    /// A later version of traced wrote the file. A start without it could lose its data.
    #[error("{file}: {reason}; this version of traced cannot read this file; it was not changed")]
    Foreign {
        file: String,
        #[source]
        reason: Box<dyn Error + Send + Sync>,
    },
    /// The store itself never writes so many.
    #[error("the data directory has {found} segments, and {max} are the most that can be opened")]
    TooManySegments { found: usize, max: u16 },
}
