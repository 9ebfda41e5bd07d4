//! The decoded fields of one span, and the checks that they must pass to become a span.

use bumpalo::Bump;
use span::{Attribute, Event, Extras, Kind, Link, Span, SpanId, Status, Timestamp, TraceId};

use super::rejected::Reason;
use super::repairs::Repairs;
use super::span_source::SpanSource;
use super::status_code::{error_message, status_of};
use crate::short_span_id::from_short;

/// The fields of a span that were decoded so far. [`SpanDraft::finish`] checks them, because a span that breaks a
/// rule is rejected alone, so its fields are decoded to the end anyway.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct SpanDraft<'a> {
    /// The trace id, of any length until it is checked; the two ids below are like it.
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
    /// Makes the span, or returns why it is rejected.
    #[inline]
    pub(super) fn finish(
        &self,
        source: &SpanSource<'a>,
        arena: &'a Bump,
        repairs: &mut Repairs,
    ) -> Result<Span<'a>, Reason> {
        let (start, end) = times(self.start, self.end, repairs);
        let (status, extras) = self.outcome(repairs);
        Ok(Span {
            trace_id: trace_id(self.trace_id).ok_or(Reason::TraceId)?,
            span_id: span_id(self.span_id).ok_or(Reason::SpanId)?,
            // Some senders write a root's own id as that of its parent.
            parent_span_id: parent_span_id(self.parent_span_id)?
                .filter(|_| self.parent_span_id != self.span_id),
            service: source.service,
            name: self.name,
            start,
            end,
            kind: Kind(self.kind),
            status,
            flags: self.flags,
            attributes: self.attributes,
            resource_scope: source.resource_scope,
            extras: has_extras(&extras).then(|| &*arena.alloc(extras)),
        })
    }

    /// Returns the status and the extras, which have its message. If the sender set no status, the attribute `error`
    /// says whether the span failed.
    #[inline]
    fn outcome(&self, repairs: &mut Repairs) -> (Status, Extras<'a>) {
        let status = status(self.status_code, repairs);
        if status != Status::Unset {
            return (status, self.extras);
        }
        match self.attributes.iter().find_map(error_message) {
            None => (status, self.extras),
            Some(message) if self.extras.status_message.is_empty() => {
                (Status::Error, Extras { status_message: message, ..self.extras })
            }
            Some(_) => (Status::Error, self.extras),
        }
    }
}

#[inline]
fn has_extras(extras: &Extras<'_>) -> bool {
    let Extras { status_message, trace_state, events, links, .. } = extras;
    let Extras { dropped_attributes, dropped_events, dropped_links, .. } = extras;
    !(status_message.is_empty() && trace_state.is_empty() && events.is_empty() && links.is_empty())
        || dropped_attributes | dropped_events | dropped_links != 0
}

#[inline]
fn trace_id(bytes: &[u8]) -> Option<TraceId> {
    let bytes: [u8; 16] = bytes.try_into().ok()?;
    (bytes != [0; 16]).then(|| TraceId::from_bytes(bytes))
}

/// Converts a span id, which must have eight bytes.
#[inline]
fn short_id(bytes: &[u8]) -> Option<u64> {
    bytes.try_into().ok().map(u64::from_be_bytes)
}

#[inline]
fn span_id(bytes: &[u8]) -> Option<SpanId> {
    short_id(bytes).filter(|&id| id != 0).map(from_short)
}

/// Converts the id of the parent. Eight zeros count as none, because some senders write them for a root.
#[inline]
fn parent_span_id(bytes: &[u8]) -> Result<Option<SpanId>, Reason> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let id = short_id(bytes).ok_or(Reason::ParentSpanId)?;
    Ok((id != 0).then(|| from_short(id)))
}

/// Converts the times of a span. Times of broken clocks are repaired and counted: a span that ends before it starts
/// gets its start as its end, and a time that does not fit in 64 bits with sign becomes the last one that does.
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

/// Returns the link `rest` with these ids, or `None` if they have a wrong length, because it would point nowhere. A
/// link without ids is kept for its attributes.
pub(super) fn link_with_ids<'a>(trace_id: &[u8], span_id: &[u8], rest: Link<'a>) -> Option<Link<'a>> {
    let trace_id = if trace_id.is_empty() { [0; 16] } else { trace_id.try_into().ok()? };
    let span_id = if span_id.is_empty() { 0 } else { short_id(span_id)? };
    Some(Link { trace_id: TraceId::from_bytes(trace_id), span_id: from_short(span_id), ..rest })
}

/// Returns a link in which no field is set yet.
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

/// Returns an event in which no field is set yet.
pub(super) const fn empty_event<'a>() -> Event<'a> {
    Event { time: Timestamp(0), name: "", attributes: &[], dropped_attributes: 0 }
}

/// Converts the time of an event without changing its bits. So a time that does not fit in 64 bits with sign is
/// written again as it came.
pub(super) const fn event_time(nanos: u64) -> Timestamp {
    Timestamp(nanos.cast_signed())
}
