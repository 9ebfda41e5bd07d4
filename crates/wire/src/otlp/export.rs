//! An export request: the spans that can be taken, and what is to be said of the others.

use std::fmt;

use bumpalo::Bump;
use span::Span;

use super::rejected::Rejected;
use super::work::{Oddities, Stop, Work};
use super::{json, protobuf};

/// How a request and its answer are written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Encoding {
    Protobuf,
    Json,
}

/// What an `ExportTraceServiceRequest` holds. `TracesData` is written in the same way.
#[derive(Clone, PartialEq, Debug)]
pub struct Export<'a> {
    pub spans: &'a [Span<'a>],
    /// Spans that are not among them.
    pub rejected: Rejected,
    pub oddities: Oddities,
    /// What the sender should know beside how many were rejected, and why; mostly nothing.
    pub note: String,
}

/// The body cannot be read; nothing of it was taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Malformed {
    /// It is not what its encoding says: 400, or `INVALID_ARGUMENT`.
    Syntax(String),
    /// It holds more than [`ITEMS_MAX`](super::ITEMS_MAX): 413, or `RESOURCE_EXHAUSTED`.
    TooManyItems,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(sentence) => write!(f, "body: {sentence}"),
            Self::TooManyItems => f.write_str(
                "body: holds too many spans, events, links, attributes, values and bytes that are not UTF-8; \
                 send it in several requests",
            ),
        }
    }
}

impl std::error::Error for Malformed {}

/// Reads an export request. Spans borrow from `body`, and from `arena` what does not stand in it as it is.
///
/// # Errors
/// Only where the body cannot be read at all: a span that cannot be taken is counted in [`Export::rejected`].
pub fn decode<'a>(encoding: Encoding, body: &'a [u8], arena: &'a Bump) -> Result<Export<'a>, Malformed> {
    let mut work = Work::new(arena);
    let read = match encoding {
        Encoding::Protobuf => protobuf::read(&mut work, body),
        Encoding::Json => json::read(&mut work, body),
    };
    match read {
        Ok(()) => Ok(work.finish()),
        Err(stop) => Err(malformed(stop, body)),
    }
}

#[cold]
pub(crate) fn malformed(stop: Stop, body: &[u8]) -> Malformed {
    match stop {
        Stop::TooManyItems => Malformed::TooManyItems,
        Stop::Json(fault) => Malformed::Syntax(fault.to_string()),
        Stop::Protobuf(fault) => Malformed::Syntax(match fault.offset_in(body) {
            Some(at) => format!("not protobuf: {} (at byte {at})", fault.reason),
            None => format!("not protobuf: {}", fault.reason),
        }),
    }
}
