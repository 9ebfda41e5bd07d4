//! The names of a span's fields, and the order in which clients write them.

use crate::json::{Cursor, SyntaxError};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Field {
    TraceId,
    SpanId,
    ParentSpanId,
    Service,
    Operation,
    StartTime,
    EndTime,
    Status,
    Tags,
}

impl Field {
    /// Reads a key. Returns `None` if the contract has no such field. Most clients write the fields in the contract's
    /// order, so the `expected` field is tried first: one comparison instead of a search for the key's end.
    #[inline]
    pub(super) fn read(cursor: &mut Cursor<'_>, expected: Option<Self>) -> Result<Option<Self>, SyntaxError> {
        match expected {
            Some(expected) if cursor.eat_text(expected.compact_key()) => Ok(Some(expected)),
            _ => cursor.key().map(Self::named),
        }
    }

    /// Returns the key and its colon without spaces, as most clients write them.
    #[inline]
    const fn compact_key(self) -> &'static [u8] {
        match self {
            Self::TraceId => b"\"trace_id\":",
            Self::SpanId => b"\"span_id\":",
            Self::ParentSpanId => b"\"parent_span_id\":",
            Self::Service => b"\"service\":",
            Self::Operation => b"\"operation\":",
            Self::StartTime => b"\"start_time\":",
            Self::EndTime => b"\"end_time\":",
            Self::Status => b"\"status\":",
            Self::Tags => b"\"tags\":",
        }
    }

    /// Returns the next field in the contract's order.
    #[inline]
    pub(super) const fn next(self) -> Option<Self> {
        match self {
            Self::TraceId => Some(Self::SpanId),
            Self::SpanId => Some(Self::ParentSpanId),
            Self::ParentSpanId => Some(Self::Service),
            Self::Service => Some(Self::Operation),
            Self::Operation => Some(Self::StartTime),
            Self::StartTime => Some(Self::EndTime),
            Self::EndTime => Some(Self::Status),
            Self::Status => Some(Self::Tags),
            Self::Tags => None,
        }
    }

    fn named(key: &str) -> Option<Self> {
        match key {
            "trace_id" => Some(Self::TraceId),
            "span_id" => Some(Self::SpanId),
            "parent_span_id" => Some(Self::ParentSpanId),
            "service" => Some(Self::Service),
            "operation" => Some(Self::Operation),
            "start_time" => Some(Self::StartTime),
            "end_time" => Some(Self::EndTime),
            "status" => Some(Self::Status),
            "tags" => Some(Self::Tags),
            _ => None,
        }
    }
}
