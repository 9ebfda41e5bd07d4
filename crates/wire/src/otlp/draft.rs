//! A span as far as it has been read, and what must hold before it is one.

use bumpalo::Bump;
use span::{
    Attribute, Event, Extras, Kind, Link, ResourceScope, Span, SpanId, Status, Timestamp, TraceId, Value,
};

use super::rejected::Reason;
use super::work::Oddities;

/// The service of a resource that does not name one, as OpenTelemetry's SDKs have it.
pub(crate) const UNKNOWN_SERVICE: &str = "unknown_service";
pub(crate) const SERVICE_NAME: &str = "service.name";

/// Whose spans they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Owner<'a> {
    pub(crate) service: &'a str,
    pub(crate) resource_scope: Option<&'a ResourceScope<'a>>,
    /// A part of it is missing, so none of its spans would be whole.
    pub(crate) flaw: Option<Reason>,
}

/// The service that a resource names.
pub(crate) fn service_of<'a>(resource_scope: &ResourceScope<'a>) -> &'a str {
    let named = resource_scope.resource.attributes.iter().find(|attribute| attribute.key == SERVICE_NAME);
    match named.map(|attribute| attribute.value) {
        Some(Value::Text(name)) if !name.is_empty() => name,
        _ => UNKNOWN_SERVICE,
    }
}

#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Draft<'a> {
    /// Ids are bytes of any length until they are looked at.
    pub(super) trace_id: &'a [u8],
    pub(super) span_id: &'a [u8],
    pub(super) parent_span_id: &'a [u8],
    pub(super) name: &'a str,
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) kind: i32,
    pub(super) status_code: i32,
    pub(super) flags: u32,
    pub(super) attributes: &'a [Attribute<'a>],
    pub(super) extras: Extras<'a>,
}

impl<'a> Draft<'a> {
    #[inline]
    pub(super) fn finish(
        &self,
        owner: &Owner<'a>,
        arena: &'a Bump,
        oddities: &mut Oddities,
    ) -> Result<Span<'a>, Reason> {
        let (start, end) = times(self.start, self.end, oddities);
        Ok(Span {
            trace_id: trace_id(self.trace_id).ok_or(Reason::TraceId)?,
            span_id: span_id(self.span_id).ok_or(Reason::SpanId)?,
            parent_span_id: parent_span_id(self.parent_span_id)?,
            service: owner.service,
            name: self.name,
            start,
            end,
            kind: Kind(self.kind),
            status: status(self.status_code, oddities),
            flags: self.flags,
            attributes: self.attributes,
            resource_scope: owner.resource_scope,
            extras: self.has_extras().then(|| &*arena.alloc(self.extras)),
        })
    }

    #[inline]
    fn has_extras(&self) -> bool {
        let Extras { status_message, trace_state, events, links, .. } = self.extras;
        let Extras { dropped_attributes, dropped_events, dropped_links, .. } = self.extras;
        !(status_message.is_empty() && trace_state.is_empty() && events.is_empty() && links.is_empty())
            || dropped_attributes | dropped_events | dropped_links != 0
    }
}

#[inline]
fn trace_id(bytes: &[u8]) -> Option<TraceId> {
    let bytes: [u8; 16] = bytes.try_into().ok()?;
    (bytes != [0; 16]).then(|| TraceId::from_bytes(bytes))
}

/// OpenTelemetry's eight bytes are the last ones of ours.
#[inline]
fn short_id(bytes: &[u8]) -> Option<u64> {
    bytes.try_into().ok().map(u64::from_be_bytes)
}

fn widen(id: u64) -> SpanId {
    SpanId::from_bytes(u128::from(id).to_be_bytes())
}

#[inline]
fn span_id(bytes: &[u8]) -> Option<SpanId> {
    short_id(bytes).filter(|&id| id != 0).map(widen)
}

/// Some senders write eight zeros where there is no parent.
#[inline]
fn parent_span_id(bytes: &[u8]) -> Result<Option<SpanId>, Reason> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let id = short_id(bytes).ok_or(Reason::ParentSpanId)?;
    Ok((id != 0).then(|| widen(id)))
}

/// What a sender with a broken clock says is moved, not refused: a span that ends before it starts takes no
/// time, and what lies beyond 64 bits with sign is the last instant of all.
#[inline]
fn times(start: u64, end: u64, oddities: &mut Oddities) -> (Timestamp, Timestamp) {
    let instant = |nanos: u64| i64::try_from(nanos).unwrap_or(i64::MAX);
    let (first, last) = (instant(start), instant(end.max(start)));
    if first.cast_unsigned() != start || last.cast_unsigned() != end {
        oddities.repaired_times += 1;
    }
    (Timestamp(first), Timestamp(last))
}

#[inline]
fn status(code: i32, oddities: &mut Oddities) -> Status {
    match code {
        0 => Status::Unset,
        1 => Status::Ok,
        2 => Status::Error,
        _ => {
            oddities.unknown_enums += 1;
            Status::Unset
        }
    }
}

/// A link whose ids are no ids is none; one without ids says something by its attributes.
pub(super) fn link<'a>(trace_id: &[u8], span_id: &[u8], rest: Link<'a>) -> Option<Link<'a>> {
    let trace_id = if trace_id.is_empty() { [0; 16] } else { trace_id.try_into().ok()? };
    let span_id = if span_id.is_empty() { 0 } else { short_id(span_id)? };
    Some(Link { trace_id: TraceId::from_bytes(trace_id), span_id: widen(span_id), ..rest })
}

/// A link as far as it has been read.
pub(super) fn empty_link<'a>() -> Link<'a> {
    Link {
        trace_id: TraceId::from_bytes([0; 16]),
        span_id: widen(0),
        trace_state: "",
        attributes: &[],
        dropped_attributes: 0,
        flags: 0,
    }
}

/// An event as far as it has been read.
pub(super) const fn empty_event<'a>() -> Event<'a> {
    Event { time: Timestamp(0), name: "", attributes: &[], dropped_attributes: 0 }
}

/// The bits as they are: what is beyond 64 bits with sign comes back out as it came in.
pub(super) const fn event_time(nanos: u64) -> Timestamp {
    Timestamp(nanos.cast_signed())
}
