//! The fields that few spans have.
//!
//! Format: status message · trace state · dropped attributes, events and links · events · links. A list is its count,
//! then its items. An event is time (8 bytes) · name · attributes · dropped; a link is trace id (16) · span id (16) ·
//! trace state · attributes · dropped · flags.

use bumpalo::Bump;
use bumpalo::collections::Vec as ArenaVec;
use span::{Event, Extras, Link, SpanId, Timestamp, TraceId};

use crate::attributes::{put_attributes, take_attributes};
use crate::reader::{Malformed, Reader, put_bytes};
use crate::varint;

pub fn put_extras(out: &mut Vec<u8>, extras: &Extras<'_>) {
    put_bytes(out, extras.status_message.as_bytes());
    put_bytes(out, extras.trace_state.as_bytes());
    for dropped in [extras.dropped_attributes, extras.dropped_events, extras.dropped_links] {
        varint::put(out, dropped.into());
    }
    varint::put(out, extras.events.len() as u64);
    extras.events.iter().for_each(|event| put_event(out, event));
    varint::put(out, extras.links.len() as u64);
    extras.links.iter().for_each(|link| put_link(out, link));
}

fn put_event(out: &mut Vec<u8>, event: &Event<'_>) {
    out.extend_from_slice(&event.time.0.to_le_bytes());
    put_bytes(out, event.name.as_bytes());
    put_attributes(out, event.attributes);
    varint::put(out, event.dropped_attributes.into());
}

fn put_link(out: &mut Vec<u8>, link: &Link<'_>) {
    out.extend_from_slice(&link.trace_id.to_bytes());
    out.extend_from_slice(&link.span_id.to_bytes());
    put_bytes(out, link.trace_state.as_bytes());
    put_attributes(out, link.attributes);
    varint::put(out, link.dropped_attributes.into());
    varint::put(out, link.flags.into());
}

pub fn take_extras<'a>(reader: &mut Reader<'a>, arena: &'a Bump) -> Result<Extras<'a>, Malformed> {
    Ok(Extras {
        status_message: reader.take_text()?,
        trace_state: reader.take_text()?,
        dropped_attributes: reader.take_varint_u32()?,
        dropped_events: reader.take_varint_u32()?,
        dropped_links: reader.take_varint_u32()?,
        events: take_list(reader, arena, take_event)?,
        links: take_list(reader, arena, take_link)?,
    })
}

fn take_list<'a, T>(
    reader: &mut Reader<'a>,
    arena: &'a Bump,
    take: impl Fn(&mut Reader<'a>, &'a Bump) -> Result<T, Malformed>,
) -> Result<&'a [T], Malformed> {
    let mut list = ArenaVec::new_in(arena);
    for _ in 0..reader.take_count()? {
        list.push(take(reader, arena)?);
    }
    Ok(list.into_bump_slice())
}

fn take_event<'a>(reader: &mut Reader<'a>, arena: &'a Bump) -> Result<Event<'a>, Malformed> {
    Ok(Event {
        time: Timestamp(reader.take_i64()?),
        name: reader.take_text()?,
        attributes: take_attributes(reader, arena)?,
        dropped_attributes: reader.take_varint_u32()?,
    })
}

fn take_link<'a>(reader: &mut Reader<'a>, arena: &'a Bump) -> Result<Link<'a>, Malformed> {
    Ok(Link {
        trace_id: TraceId::from_bytes(reader.take_array()?),
        span_id: SpanId::from_bytes(reader.take_array()?),
        trace_state: reader.take_text()?,
        attributes: take_attributes(reader, arena)?,
        dropped_attributes: reader.take_varint_u32()?,
        flags: reader.take_varint_u32()?,
    })
}
