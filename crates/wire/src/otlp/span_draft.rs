//! The fields of one span read so far, and what must hold before they are a span.

use bumpalo::Bump;
use span::{Attribute, Event, Extras, Kind, Link, Span, SpanId, Status, Timestamp, TraceId};

use super::rejected::Reason;
use super::repairs::Repairs;
use super::span_source::SpanSource;
use super::status_code::status_of;
use crate::short_span_id::from_short;

/// The fields of one span read so far. They are checked in [`SpanDraft::finish`], because a span that breaks a rule is
/// rejected alone: its fields are read to the end anyway.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct SpanDraft<'a> {
    /// Ids are bytes of any length until they are checked.
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

impl<'a> SpanDraft<'a> {
    /// Makes the span, or says why it cannot be taken.
    #[inline]
    pub(super) fn finish(
        &self,
        source: &SpanSource<'a>,
        arena: &'a Bump,
        repairs: &mut Repairs,
    ) -> Result<Span<'a>, Reason> {
        let (start, end) = times(self.start, self.end, repairs);
        Ok(Span {
            trace_id: trace_id(self.trace_id).ok_or(Reason::TraceId)?,
            span_id: span_id(self.span_id).ok_or(Reason::SpanId)?,
            parent_span_id: parent_span_id(self.parent_span_id)?,
            service: source.service,
            name: self.name,
            start,
            end,
            kind: Kind(self.kind),
            status: status(self.status_code, repairs),
            flags: self.flags,
            attributes: self.attributes,
            resource_scope: source.resource_scope,
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

/// Reads a span id, which has eight bytes in OpenTelemetry.
#[inline]
fn short_id(bytes: &[u8]) -> Option<u64> {
    bytes.try_into().ok().map(u64::from_be_bytes)
}

#[inline]
fn span_id(bytes: &[u8]) -> Option<SpanId> {
    short_id(bytes).filter(|&id| id != 0).map(from_short)
}

/// Reads the id of the parent. Some senders write eight zeros where there is none.
#[inline]
fn parent_span_id(bytes: &[u8]) -> Result<Option<SpanId>, Reason> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let id = short_id(bytes).ok_or(Reason::ParentSpanId)?;
    Ok((id != 0).then(|| from_short(id)))
}

/// Makes times of what a sender with a broken clock says. They are moved, not refused: a span that ends before it
/// starts takes no time, and a time beyond 64 bits with sign is the last one that we have.
#[inline]
fn times(start: u64, end: u64, repairs: &mut Repairs) -> (Timestamp, Timestamp) {
    let instant = |nanos: u64| i64::try_from(nanos).unwrap_or(i64::MAX);
    let (first, last) = (instant(start), instant(end.max(start)));
    if first.cast_unsigned() != start || last.cast_unsigned() != end {
        repairs.repaired_times += 1;
    }
    (Timestamp(first), Timestamp(last))
}

#[inline]
fn status(code: i32, repairs: &mut Repairs) -> Status {
    if let Some(status) = status_of(code) {
        return status;
    }
    repairs.unknown_enums += 1;
    Status::Unset
}

/// Gives a link its ids; `None` where they have a wrong length, because then it points nowhere. A link without ids is
/// kept: its attributes say something.
pub(super) fn link_with_ids<'a>(trace_id: &[u8], span_id: &[u8], rest: Link<'a>) -> Option<Link<'a>> {
    let trace_id = if trace_id.is_empty() { [0; 16] } else { trace_id.try_into().ok()? };
    let span_id = if span_id.is_empty() { 0 } else { short_id(span_id)? };
    Some(Link { trace_id: TraceId::from_bytes(trace_id), span_id: from_short(span_id), ..rest })
}

/// A link before its first field is read.
pub(super) fn empty_link<'a>() -> Link<'a> {
    Link {
        trace_id: TraceId::from_bytes([0; 16]),
        span_id: from_short(0),
        trace_state: "",
        attributes: &[],
        dropped_attributes: 0,
        flags: 0,
    }
}

/// An event before its first field is read.
pub(super) const fn empty_event<'a>() -> Event<'a> {
    Event { time: Timestamp(0), name: "", attributes: &[], dropped_attributes: 0 }
}

/// The time of an event. Its bits stay as they are, so that a time beyond 64 bits with sign is written as it came.
pub(super) const fn event_time(nanos: u64) -> Timestamp {
    Timestamp(nanos.cast_signed())
}
