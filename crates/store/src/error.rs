//! Why a batch is refused, and why a store does not open.

use std::error::Error;
use std::io;

use wal::LogError;

/// The store cannot keep the batch now; the client may send it again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Overload {
    /// The memory is full: space is being made, or none can be, because segments cannot be written or all spans start
    /// ahead of the clock.
    #[error("the memory is full ({held} of {limit} bytes)")]
    MemoryFull { held: usize, limit: usize },
    #[error("the log cannot be written: {0}")]
    Log(#[source] LogError),
}

/// The data folder cannot be used as it is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    #[error("the data cannot be read: {0}")]
    Disk(#[from] io::Error),
    /// A later version of traced wrote the file. To start without it could lose what it has.
    #[error("{file}: {reason}; this version of traced does not read it, so it was left alone")]
    Foreign {
        file: String,
        #[source]
        reason: Box<dyn Error + Send + Sync>,
    },
    #[error("the log cannot be started: {0}")]
    Log(#[source] LogError),
}
