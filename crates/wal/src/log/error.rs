//! What can go wrong while a log is written.

use std::sync::Arc;
use std::{fmt, io};

use thiserror::Error;

use crate::format::FRAME_BYTES_MAX;
use crate::name::file_name;

/// Why an operation of the log failed. It is `Clone`, because one failed write fails all frames in it.
#[derive(Clone, Debug, Error)]
pub enum LogError {
    #[error("a frame of {bytes} bytes is over the limit of {FRAME_BYTES_MAX} bytes")]
    FrameTooLarge { bytes: usize },
    #[error("the log file {} cannot be {action}: {source}", file_name(*number))]
    Disk { action: DiskAction, number: u64, source: Arc<io::Error> },
    #[error("the log file {} is still in use, so it is not removed", file_name(*number))]
    InUse { number: u64 },
    #[error("the log has no file {}: it was removed before, or this log never created it", file_name(*number))]
    UnknownFile { number: u64 },
}

impl LogError {
    /// Returns what the disk said, if it refused an operation.
    pub fn disk_error(&self) -> Option<&io::Error> {
        match self {
            Self::Disk { source, .. } => Some(source),
            Self::FrameTooLarge { .. } | Self::InUse { .. } | Self::UnknownFile { .. } => None,
        }
    }
}

/// The operation that the disk refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DiskAction {
    Create,
    Write,
    Sync,
    Remove,
}

impl fmt::Display for DiskAction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Create => "created",
            Self::Write => "written",
            Self::Sync => "synced",
            Self::Remove => "removed",
        })
    }
}

impl DiskAction {
    /// Returns a function for `map_err` that makes the error of this action on the file with this number.
    pub(super) fn on(self, number: u64) -> impl FnOnce(io::Error) -> LogError {
        move |error| LogError::Disk { action: self, number, source: Arc::new(error) }
    }
}
