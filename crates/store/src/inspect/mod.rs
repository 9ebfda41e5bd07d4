//! A file of the store in words: what `traced inspect` prints.

mod log;
mod segment;

use std::fmt;

use ::segment::{OpenError, Segment};
use platform::disk::FileBytes;
use span::Span;
use wal::{LogReader, ReadError};

/// The file is neither a segment nor a log that this version reads.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    #[error("it is no segment ({0}) and no log ({1})")]
    Foreign(OpenError, ReadError),
    #[error("{0}")]
    Segment(OpenError),
    #[error("{0}")]
    Log(ReadError),
    #[error("it is damaged: {0}")]
    Damaged(#[from] ::segment::Damaged),
    #[error("it cannot be written down: {0}")]
    Write(#[from] fmt::Error),
}

/// Describes a segment or a file of the log, and its first `spans` spans.
///
/// # Errors
/// Where it is neither, or damaged.
pub fn inspect(bytes: &FileBytes, spans: usize, out: &mut dyn fmt::Write) -> Result<(), InspectError> {
    match (Segment::open(std::sync::Arc::new(bytes.clone())), LogReader::open(bytes)) {
        (Ok(segment), _) => segment::describe(&segment, spans, out),
        (Err(_), Ok(reader)) => log::describe(reader, spans, out),
        (Err(OpenError::NotASegment), Err(error @ ReadError::NotALog)) => {
            Err(InspectError::Foreign(OpenError::NotASegment, error))
        }
        (Err(OpenError::NotASegment), Err(error)) => Err(InspectError::Log(error)),
        (Err(error), Err(_)) => Err(InspectError::Segment(error)),
    }
}

fn write_span(out: &mut dyn fmt::Write, span: &Span<'_>) -> fmt::Result {
    write!(out, "  {} {} ", span.trace_id, span.span_id)?;
    match span.parent_span_id {
        Some(parent) => write!(out, "below {parent} ")?,
        None => out.write_str("root ")?,
    }
    let (start, duration) = (span.start, span.duration());
    write!(out, "{start} +{duration} ns {:?} {:?} {:?}", span.status, span.service, span.name)?;
    for attribute in span.attributes {
        write!(out, " {}={:?}", attribute.key, attribute.value)?;
    }
    writeln!(out)
}
