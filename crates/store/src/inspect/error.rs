//! Why a file cannot be described.

use std::fmt;

use segment::{Damaged, OpenError};
use wal::ReadError;

/// The file is neither a segment nor a log file that this version reads, or it is damaged.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    #[error("the file is neither a segment ({0}) nor a log file ({1})")]
    Foreign(OpenError, ReadError),
    #[error("{0}")]
    Segment(OpenError),
    #[error("{0}")]
    Log(ReadError),
    #[error("it is damaged: {0}")]
    Damaged(#[from] Damaged),
    #[error("the description cannot be written: {0}")]
    Write(#[from] fmt::Error),
}
