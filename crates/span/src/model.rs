//! The span as every crate sees it: it borrows its data, and the crate that decoded it has checked it.

use crate::value::Attribute;
use crate::{ResourceScope, SpanId, Timestamp, TraceId};

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

    /// Returns the key by which the spans of a trace are sorted. Its values are distinct within a trace.
    pub const fn order(&self) -> (Timestamp, SpanId, Side) {
        (self.start, self.span_id, Side::of(self.kind))
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

/// The kind of a span (client, server and so on), as OpenTelemetry's number. Unknown numbers are kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Kind(pub i32);

impl Kind {
    pub const UNSPECIFIED: Self = Self(0);
    pub const INTERNAL: Self = Self(1);
    pub const SERVER: Self = Self(2);
    pub const CLIENT: Self = Self(3);
    pub const PRODUCER: Self = Self(4);
    pub const CONSUMER: Self = Self(5);
}

/// Which half of a call a span is. A Zipkin server may reuse the client's span id, so two spans of a trace may share
/// an id if they are the two halves. Otherwise the second one is a duplicate.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Side {
    Client,
    Neither,
    Server,
}

impl Side {
    pub const fn of(kind: Kind) -> Self {
        match kind {
            Kind::CLIENT => Self::Client,
            Kind::SERVER => Self::Server,
            Kind(_) => Self::Neither,
        }
    }

    pub const fn is_other_half_of(self, other: Self) -> bool {
        matches!((self, other), (Self::Client, Self::Server) | (Self::Server, Self::Client))
    }
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
    /// The start of the root.
    pub start: Timestamp,
    /// The duration of the root, in nanoseconds.
    pub duration: u64,
    /// Whether the root's status is an error.
    pub root_failed: bool,
    /// `Error` if at least one span of the trace failed, else `Ok`.
    pub status: Status,
}
