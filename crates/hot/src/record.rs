//! A span as bytes in the arena.
//!
//! Format (little-endian): previous record of the trace u64 · slot of the trace u32 · bytes of the record
//! u32 · start i64 · span id 16 · flags u8 · parent id 16 where flagged · duration · service · name ·
//! count of attributes · key and value of each. Lengths, the count and the duration are varints.

use span::{Attribute, Span, SpanId, Status, Timestamp, TraceId};

use crate::arena::Position;
use crate::slab::Slot;
use crate::varint;

const SLOT_AT: usize = 8;
const LENGTH_AT: usize = 12;
const START_AT: usize = 16;
const SPAN_ID_AT: usize = 24;
const FLAGS_AT: usize = 40;
const HEADER_BYTES: usize = 41;

const FLAG_ERROR: u8 = 1;
const FLAG_PARENT: u8 = 2;

/// The most bytes that `write` may need.
pub(crate) fn bytes_max(span: &Span<'_>) -> usize {
    let text: usize =
        span.attributes.iter().map(|attribute| attribute.key.len() + attribute.value.len()).sum();
    let lengths = (4 + 2 * span.attributes.len()) * varint::BYTES_MAX;
    HEADER_BYTES + 16 + span.service.len() + span.name.len() + text + lengths
}

/// Appends the record of `span` to `out`.
pub(crate) fn write(out: &mut Vec<u8>, span: &Span<'_>, previous: Position, slot: Slot) {
    let begin = out.len();
    let error = if span.status == Status::Error { FLAG_ERROR } else { 0 };
    let parent = if span.parent_span_id.is_some() { FLAG_PARENT } else { 0 };
    let mut header = [0u8; HEADER_BYTES];
    header[..SLOT_AT].copy_from_slice(&previous.to_raw().to_le_bytes());
    header[SLOT_AT..LENGTH_AT].copy_from_slice(&slot.0.to_le_bytes());
    header[START_AT..SPAN_ID_AT].copy_from_slice(&span.start.0.to_le_bytes());
    header[SPAN_ID_AT..FLAGS_AT].copy_from_slice(&span.span_id.to_bytes());
    header[FLAGS_AT] = error | parent;
    out.extend_from_slice(&header);
    if let Some(parent) = span.parent_span_id {
        out.extend_from_slice(&parent.to_bytes());
    }
    varint::put(out, span.duration());
    put_text(out, span.service);
    put_text(out, span.name);
    varint::put(out, span.attributes.len() as u64);
    for attribute in span.attributes {
        put_text(out, attribute.key);
        put_text(out, attribute.value);
    }
    let length = u32::try_from(out.len() - begin).expect("a span is smaller than the body it came in");
    out[begin + LENGTH_AT..begin + START_AT].copy_from_slice(&length.to_le_bytes());
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    varint::put(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn take_text<'a>(bytes: &mut &'a [u8]) -> &'a str {
    let length = usize::try_from(varint::take(bytes)).expect("a length that was a usize");
    let (text, rest) = bytes.split_at(length);
    *bytes = rest;
    str::from_utf8(text).expect("the arena holds the bytes of a str")
}

/// A span in the arena, or a copy of its bytes.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    bytes: &'a [u8],
}

impl<'a> Record<'a> {
    /// `bytes` begin with a record and may go on behind it.
    #[inline]
    pub(crate) fn at_front_of(bytes: &'a [u8]) -> Self {
        let length = u32::from_le_bytes(field(bytes, LENGTH_AT)) as usize;
        Self { bytes: &bytes[..length] }
    }

    /// Appends the same span as a record that follows `previous`.
    pub(crate) fn write_behind(&self, out: &mut Vec<u8>, previous: Position) {
        out.extend_from_slice(&previous.to_raw().to_le_bytes());
        out.extend_from_slice(&self.bytes[SLOT_AT..]);
    }

    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    #[inline]
    pub(crate) fn previous(&self) -> Position {
        Position::from_raw(u64::from_le_bytes(field(self.bytes, 0)))
    }

    pub(crate) fn slot(&self) -> Slot {
        Slot(u32::from_le_bytes(field(self.bytes, SLOT_AT)))
    }

    #[inline]
    pub(crate) fn start(&self) -> Timestamp {
        Timestamp(i64::from_le_bytes(field(self.bytes, START_AT)))
    }

    #[inline]
    pub(crate) fn span_id(&self) -> SpanId {
        SpanId::from_bytes(field(self.bytes, SPAN_ID_AT))
    }

    pub(crate) fn is_error(&self) -> bool {
        self.bytes[FLAGS_AT] & FLAG_ERROR != 0
    }

    pub(crate) fn is_root(&self) -> bool {
        self.bytes[FLAGS_AT] & FLAG_PARENT == 0
    }

    /// Reads the whole span; its attributes go into `attributes`, which is cleared first.
    pub(crate) fn decode<'b>(&self, trace_id: TraceId, attributes: &'b mut Vec<Attribute<'a>>) -> Span<'b>
    where
        'a: 'b,
    {
        let (parent_span_id, mut rest) = if self.is_root() {
            (None, &self.bytes[HEADER_BYTES..])
        } else {
            (Some(SpanId::from_bytes(field(self.bytes, HEADER_BYTES))), &self.bytes[HEADER_BYTES + 16..])
        };
        let duration = varint::take(&mut rest);
        let service = take_text(&mut rest);
        let name = take_text(&mut rest);
        attributes.clear();
        for _ in 0..varint::take(&mut rest) {
            let key = take_text(&mut rest);
            attributes.push(Attribute { key, value: take_text(&mut rest) });
        }
        Span {
            trace_id,
            span_id: self.span_id(),
            parent_span_id,
            service,
            name,
            start: self.start(),
            end: Timestamp(self.start().0.wrapping_add_unsigned(duration)),
            status: if self.is_error() { Status::Error } else { Status::Ok },
            attributes,
        }
    }
}

#[inline]
fn field<const BYTES: usize>(bytes: &[u8], at: usize) -> [u8; BYTES] {
    bytes[at..at + BYTES].try_into().expect("a range of BYTES bytes")
}
