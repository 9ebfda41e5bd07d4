//! Encodes the spans of one trace as the compact value that all stores on disk share.
//!
//! Format: the first span's start (8 bytes), then for each span its id (16), a varint of
//! `name << 4 | parent << 1 | error`, the start against the first one as a zigzag varint, the length as
//! a varint. `parent` is 0 for none, 1 to 5 for a span in the same value, 6 for an id that follows.

use span::{Span, SpanId, Status};

use crate::contract::StoredSpan;

const PARENTS_BY_PLACE: usize = 5;
const PARENT_FOLLOWS: u64 = 6;

/// The value of one trace while a batch changes it.
#[derive(Default)]
pub(crate) struct EncodedTrace {
    pub(crate) value: Vec<u8>,
    /// The ids of the spans in `value`.
    known: Vec<SpanId>,
}

impl EncodedTrace {
    pub(crate) fn of(value: Vec<u8>) -> Self {
        let known = decode(&value).iter().map(|span| span.span_id).collect();
        Self { value, known }
    }

    /// Adds a span, unless the trace has it; says whether it was added.
    pub(crate) fn append(&mut self, span: &Span<'_>, name: u16) -> bool {
        let Self { value, known } = self;
        if known.contains(&span.span_id) {
            return false;
        }
        if value.is_empty() {
            value.extend(span.start.0.to_le_bytes());
        }
        let delta = span.start.0.wrapping_sub(base(value));
        value.extend(span.span_id.to_bytes());
        let place = |parent: SpanId| known.iter().take(PARENTS_BY_PLACE).position(|id| *id == parent);
        let parent = match span.parent_span_id {
            None => 0,
            Some(id) => place(id).map_or(PARENT_FOLLOWS, |place| place as u64 + 1),
        };
        push_varint(value, u64::from(name) << 4 | parent << 1 | u64::from(span.status == Status::Error));
        if let (PARENT_FOLLOWS, Some(id)) = (parent, span.parent_span_id) {
            value.extend(id.to_bytes());
        }
        push_varint(value, ((delta << 1) ^ (delta >> 63)).cast_unsigned());
        push_varint(value, span.duration());
        known.push(span.span_id);
        true
    }
}

/// The spans of a value, in the order in which they came.
pub(crate) fn decode(value: &[u8]) -> Vec<StoredSpan> {
    if value.is_empty() {
        return Vec::new();
    }
    let base = base(value);
    let mut rest = &value[8..];
    let mut spans: Vec<StoredSpan> = Vec::with_capacity(PARENTS_BY_PLACE);
    while !rest.is_empty() {
        let span_id = take_id(&mut rest);
        let word = take_varint(&mut rest);
        let parent_span_id = match word >> 1 & 7 {
            0 => None,
            PARENT_FOLLOWS => Some(take_id(&mut rest)),
            place => Some(spans[usize::try_from(place - 1).expect("at most five")].span_id),
        };
        let zigzag = take_varint(&mut rest);
        let delta = (zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed();
        spans.push(StoredSpan {
            span_id,
            parent_span_id,
            name: u16::try_from(word >> 4).expect("written from a u16"),
            start: base.wrapping_add(delta),
            duration: take_varint(&mut rest),
            status: if word & 1 == 1 { Status::Error } else { Status::Ok },
        });
    }
    spans
}

fn base(value: &[u8]) -> i64 {
    i64::from_le_bytes(value[..8].try_into().expect("eight bytes"))
}

fn take_id(rest: &mut &[u8]) -> SpanId {
    let (id, after) = rest.split_first_chunk().expect("a value is whole");
    *rest = after;
    SpanId::from_bytes(*id)
}

fn push_varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take_varint(rest: &mut &[u8]) -> u64 {
    let (mut number, mut shift) = (0, 0);
    loop {
        let (byte, after) = rest.split_first().expect("a value is whole");
        *rest = after;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return number;
        }
        shift += 7;
    }
}
