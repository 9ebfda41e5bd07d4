//! The span as every crate sees it: it borrows its data, and the crate that decoded it has checked it.

use std::cmp::Ordering;

use crate::value::Attribute;
use crate::{Kind, Reporter, ResourceScope, SpanId, Timestamp, TraceId};

/// One unit of work of a service. The code that makes one has checked it: `end >= start`, and the limits hold.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Span<'a> {
    pub trace_id: TraceId,
    pub span_id: SpanId,
    /// `None` for a root span.
    pub parent_span_id: Option<SpanId>,
    pub service: &'a str,
    pub name: &'a str,
    pub start: Timestamp,
    pub end: Timestamp,
    pub kind: Kind,
    pub status: Status,
    /// The flags of W3C trace context and OpenTelemetry; 0 if the sender set none.
    pub flags: u32,
    pub attributes: &'a [Attribute<'a>],
    /// The resource and the instrumentation scope that the sender named; `None` if it named neither.
    pub resource_scope: Option<&'a ResourceScope<'a>>,
    /// The fields that few spans have.
    pub extras: Option<&'a Extras<'a>>,
}

impl Span<'_> {
    pub const fn is_root(&self) -> bool {
        self.parent_span_id.is_none()
    }

    /// Nanoseconds from start to end.
    pub const fn duration(&self) -> u64 {
        self.end.nanos_since(self.start)
    }

    pub fn reporter(&self) -> Reporter {
        Reporter::of(self.kind, self.service, self.resource_scope.map(ResourceScope::instance))
    }

    /// Returns the key by which the spans of a trace are sorted. Its values are distinct within a trace.
    pub fn order(&self) -> (Timestamp, SpanId, Reporter) {
        (self.start, self.span_id, self.reporter())
    }

    /// Compares by [`order`](Self::order), but computes reporters only if start and id are equal, which is rare.
    pub fn compare(&self, other: &Self) -> Ordering {
        let ids = (self.start, self.span_id).cmp(&(other.start, other.span_id));
        ids.then_with(|| self.reporter().cmp(&other.reporter()))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Status {
    /// The sender set no status. Answers of the contract show it as `ok`.
    #[default]
    Unset,
    Ok,
    Error,
}

/// The fields that few spans have.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Extras<'a> {
    pub status_message: &'a str,
    pub trace_state: &'a str,
    pub events: &'a [Event<'a>],
    pub links: &'a [Link<'a>],
    /// How many attributes the sender says it dropped.
    pub dropped_attributes: u32,
    pub dropped_events: u32,
    pub dropped_links: u32,
}

/// Something that happened at a point in time during the span.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Event<'a> {
    pub time: Timestamp,
    pub name: &'a str,
    pub attributes: &'a [Attribute<'a>],
    pub dropped_attributes: u32,
}

/// A span of this or another trace that is related to this one.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Link<'a> {
    pub trace_id: TraceId,
    pub span_id: SpanId,
    pub trace_state: &'a str,
    pub attributes: &'a [Attribute<'a>],
    pub dropped_attributes: u32,
    pub flags: u32,
}

/// A trace as the list shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TraceSummary<'a> {
    pub trace_id: TraceId,
    pub root_service: &'a str,
    pub root_name: &'a str,
    /// How many spans of the trace are inside the window.
    pub spans: u64,
    /// No span without a parent has arrived: the earliest span inside the window stands for the root.
    pub is_rootless: bool,
    /// The start of the root.
    pub start: Timestamp,
    /// The duration of the root, in nanoseconds.
    pub duration: u64,
    /// Whether the root's status is an error.
    pub root_failed: bool,
    /// `Error` if at least one span of the trace failed, else `Ok`.
    pub status: Status,
}
