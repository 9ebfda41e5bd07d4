//! Determines what a file is, and describes it.

use std::fmt;
use std::sync::Arc;

use ::segment::{OpenError, Segment};
use platform::disk::FileBytes;
use wal::{LogReader, ReadError};

use super::error::InspectError;
use super::{log, segment};

/// Describes a segment or a log file, and its first `spans` spans.
///
/// # Errors
/// If the file is neither of them, or is damaged.
pub fn inspect(bytes: &FileBytes, spans: usize, out: &mut dyn fmt::Write) -> Result<(), InspectError> {
    match (Segment::open(Arc::new(bytes.clone())), LogReader::open(bytes)) {
        (Ok(segment), _) => segment::describe(&segment, spans, out),
        (Err(_), Ok(reader)) => log::describe(reader, spans, out),
        (Err(OpenError::NotASegment), Err(error @ ReadError::NotALog)) => {
            Err(InspectError::Foreign(OpenError::NotASegment, error))
        }
        (Err(OpenError::NotASegment), Err(error)) => Err(InspectError::Log(error)),
        (Err(error), Err(_)) => Err(InspectError::Segment(error)),
    }
}
