//! The span as every crate sees it: borrowed, and already checked at the edge.

use crate::{SpanId, Timestamp, TraceId};

/// One operation of a service. Whoever makes one has checked it: `end >= start`, and the limits hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span<'a> {
    pub trace_id: TraceId,
    pub span_id: SpanId,
    /// Absent on a root span.
    pub parent_span_id: Option<SpanId>,
    pub service: &'a str,
    pub name: &'a str,
    pub start: Timestamp,
    pub end: Timestamp,
    pub status: Status,
    pub attributes: &'a [Attribute<'a>],
}

impl Span<'_> {
    pub const fn is_root(&self) -> bool {
        self.parent_span_id.is_none()
    }

    /// Nanoseconds from start to end.
    pub const fn duration(&self) -> u64 {
        self.end.nanos_since(self.start)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    Ok,
    Error,
}

/// A key and its value; the contract's tag.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Attribute<'a> {
    pub key: &'a str,
    pub value: &'a str,
}
