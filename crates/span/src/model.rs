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

/// A trace as a list shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TraceSummary<'a> {
    pub trace_id: TraceId,
    pub root_service: &'a str,
    pub root_name: &'a str,
    /// How many there are inside the window.
    pub spans: u64,
    /// The root's.
    pub start: Timestamp,
    /// The root's, in nanoseconds.
    pub duration: u64,
    /// An error where one span of the trace is.
    pub status: Status,
}
