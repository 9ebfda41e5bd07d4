//! The span as every crate sees it: borrowed, and already checked at the edge.

use crate::value::Attribute;
use crate::{ResourceScope, SpanId, Timestamp, TraceId};

/// One operation of a service. Whoever makes one has checked it: `end >= start`, and the limits hold.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Span<'a> {
    pub trace_id: TraceId,
    pub span_id: SpanId,
    /// Absent on a root span.
    pub parent_span_id: Option<SpanId>,
    pub service: &'a str,
    pub name: &'a str,
    pub start: Timestamp,
    pub end: Timestamp,
    pub kind: Kind,
    pub status: Status,
    /// As W3C trace context and OpenTelemetry have them; 0 where nothing was said.
    pub flags: u32,
    pub attributes: &'a [Attribute<'a>],
    /// Who sent it, where that was said.
    pub resource_scope: Option<&'a ResourceScope<'a>>,
    /// What few spans have.
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

    /// Its place among the spans of its trace: no two have the same.
    pub const fn order(&self) -> (Timestamp, SpanId, Side) {
        (self.start, self.span_id, Side::of(self.kind))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Status {
    /// Nothing was said; to the contract the same as `Ok`.
    #[default]
    Unset,
    Ok,
    Error,
}

/// The part that the span plays, by OpenTelemetry's numbers. Numbers without a name here are kept as they came.
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

/// Which half of a call a span is. Zipkin's clients let the server go on with the client's id, so two spans of a trace
/// may have one id if they are the two halves; else the second one is the first come again.
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

/// What most spans have nothing of.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Extras<'a> {
    pub status_message: &'a str,
    pub trace_state: &'a str,
    pub events: &'a [Event<'a>],
    pub links: &'a [Link<'a>],
    /// How many the sender has left out.
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

/// A span of this or another trace that has to do with this one.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Link<'a> {
    pub trace_id: TraceId,
    pub span_id: SpanId,
    pub trace_state: &'a str,
    pub attributes: &'a [Attribute<'a>],
    pub dropped_attributes: u32,
    pub flags: u32,
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
    /// The root's status is an error.
    pub root_failed: bool,
    /// An error where one span of the trace is, else `Ok`.
    pub status: Status,
}
