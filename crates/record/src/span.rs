//! One span.
//!
//! Format: length u32 of all of it · start i64 · span id 16 · marks u8 · then, where marked: number of the
//! origin u32 · parent id 16 · kind, folded varint · flags varint; then duration varint · service · name ·
//! attributes; then, where marked, extras. The trace id is not part of it: whoever keeps the record knows it.

use bumpalo::Bump;
use span::{Kind, Origin, Span, SpanId, Status, Timestamp, TraceId};

use crate::attributes::{put_attributes, take_attributes};
use crate::extras::{put_extras, take_extras};
use crate::reader::{Malformed, Reader, put_bytes};
use crate::varint;

const LENGTH_BYTES: usize = 4;
const START_AT: usize = LENGTH_BYTES;
const SPAN_ID_AT: usize = START_AT + 8;
const MARKS_AT: usize = SPAN_ID_AT + 16;
const HEADER_BYTES: usize = MARKS_AT + 1;
const ORIGIN_AT: usize = HEADER_BYTES;

const MARK_STATUS_SET: u8 = 1;
const MARK_ERROR: u8 = 2;
const MARK_PARENT: u8 = 4;
const MARK_ORIGIN: u8 = 8;
const MARK_KIND: u8 = 16;
const MARK_FLAGS: u8 = 32;
const MARK_EXTRAS: u8 = 64;

/// Appends the record of `span`. `origin` is the number under which the reader will find its origin.
pub fn write_span(out: &mut Vec<u8>, span: &Span<'_>, origin: Option<u32>) {
    let begin = out.len();
    let mut header = [0; HEADER_BYTES];
    header[START_AT..SPAN_ID_AT].copy_from_slice(&span.start.0.to_le_bytes());
    header[SPAN_ID_AT..MARKS_AT].copy_from_slice(&span.span_id.to_bytes());
    header[MARKS_AT] = marks(span, origin);
    out.extend_from_slice(&header);
    if let Some(origin) = origin {
        out.extend_from_slice(&origin.to_le_bytes());
    }
    if let Some(parent) = span.parent_span_id {
        out.extend_from_slice(&parent.to_bytes());
    }
    if span.kind != Kind::UNSPECIFIED {
        varint::put(out, varint::fold(span.kind.0.into()));
    }
    if span.flags != 0 {
        varint::put(out, span.flags.into());
    }
    varint::put(out, span.duration());
    put_bytes(out, span.service.as_bytes());
    put_bytes(out, span.name.as_bytes());
    put_attributes(out, span.attributes);
    if let Some(extras) = span.extras {
        put_extras(out, extras);
    }
    let length = u32::try_from(out.len() - begin).expect("a span is smaller than the body it came in");
    if let Some(field) = out.get_mut(begin..begin + LENGTH_BYTES) {
        field.copy_from_slice(&length.to_le_bytes());
    }
}

fn marks(span: &Span<'_>, origin: Option<u32>) -> u8 {
    let status = match span.status {
        Status::Unset => 0,
        Status::Ok => MARK_STATUS_SET,
        Status::Error => MARK_STATUS_SET | MARK_ERROR,
    };
    let mark = |is_there: bool, mark: u8| if is_there { mark } else { 0 };
    status
        | mark(span.parent_span_id.is_some(), MARK_PARENT)
        | mark(origin.is_some(), MARK_ORIGIN)
        | mark(span.kind != Kind::UNSPECIFIED, MARK_KIND)
        | mark(span.flags != 0, MARK_FLAGS)
        | mark(span.extras.is_some(), MARK_EXTRAS)
}

/// The bytes of one record. Invariant: they are as many as the length says, and at least a header.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    bytes: &'a [u8],
}

impl<'a> Record<'a> {
    /// Takes a record off the front. What is inside is looked at by [`Record::decode`].
    #[inline]
    pub fn take(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let mut ahead = *reader;
        let length = ahead.take_u32()? as usize;
        if length < HEADER_BYTES {
            return Err(Malformed("a record is shorter than its header"));
        }
        reader.take(length).map(|bytes| Self { bytes })
    }

    /// The record at the front of bytes that begin with one that was written here and go on behind it.
    #[inline]
    pub fn at_front_of(bytes: &'a [u8]) -> Self {
        Self::take(&mut Reader::new(bytes)).expect("the bytes begin with a record that was written here")
    }

    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    #[inline]
    fn field<const BYTES: usize>(&self, at: usize) -> [u8; BYTES] {
        let field = self.bytes.get(at..).and_then(<[u8]>::first_chunk);
        *field.expect("the invariant: a record has its header")
    }

    fn marks(&self) -> u8 {
        self.field::<1>(MARKS_AT)[0]
    }

    #[inline]
    pub fn start(&self) -> Timestamp {
        Timestamp(i64::from_le_bytes(self.field(START_AT)))
    }

    #[inline]
    pub fn span_id(&self) -> SpanId {
        SpanId::from_bytes(self.field(SPAN_ID_AT))
    }

    pub fn is_error(&self) -> bool {
        self.marks() & MARK_ERROR != 0
    }

    pub fn is_root(&self) -> bool {
        self.marks() & MARK_PARENT == 0
    }

    /// The number of its origin, as of where it was written.
    pub fn origin(&self) -> Option<u32> {
        let number = || self.bytes.get(ORIGIN_AT..).and_then(<[u8]>::first_chunk).copied();
        if self.marks() & MARK_ORIGIN == 0 { None } else { number().map(u32::from_le_bytes) }
    }

    /// Appends the same record with another number for its origin.
    pub fn write_with_origin(&self, out: &mut Vec<u8>, origin: u32) {
        let begin = out.len();
        out.extend_from_slice(self.bytes);
        if self.marks() & MARK_ORIGIN != 0
            && let Some(field) = out.get_mut(begin + ORIGIN_AT..begin + ORIGIN_AT + 4)
        {
            field.copy_from_slice(&origin.to_le_bytes());
        }
    }

    fn status(&self) -> Status {
        match self.marks() & (MARK_STATUS_SET | MARK_ERROR) {
            0 => Status::Unset,
            MARK_STATUS_SET => Status::Ok,
            _ => Status::Error,
        }
    }

    /// Reads what stands behind the header up to the attributes.
    fn front(&self) -> Result<(Front<'a>, Reader<'a>), Malformed> {
        let mut reader = Reader::new(self.bytes.get(HEADER_BYTES..).unwrap_or_default());
        let marks = self.marks();
        let is_marked = |mark: u8| marks & mark != 0;
        if is_marked(MARK_ORIGIN) {
            reader.take_u32()?;
        }
        let parent_span_id =
            if is_marked(MARK_PARENT) { Some(SpanId::from_bytes(reader.take_array()?)) } else { None };
        let kind = if is_marked(MARK_KIND) { take_kind(&mut reader)? } else { Kind::UNSPECIFIED };
        let flags = if is_marked(MARK_FLAGS) { reader.take_varint_u32()? } else { 0 };
        let duration = reader.take_varint()?;
        let end = end_of(self.start(), duration)?;
        let front = Front {
            parent_span_id,
            kind,
            flags,
            end,
            service: reader.take_text()?,
            name: reader.take_text()?,
        };
        Ok((front, reader))
    }

    /// Service, name and duration in nanoseconds, which is what a list needs of a root.
    pub fn names_and_duration(&self) -> Result<(&'a str, &'a str, u64), Malformed> {
        let (front, _) = self.front()?;
        Ok((front.service, front.name, front.end.nanos_since(self.start())))
    }

    /// Reads the whole span. `origin_of` finds the origin for its number.
    pub fn decode(
        &self,
        trace_id: TraceId,
        arena: &'a Bump,
        origin_of: impl FnOnce(u32) -> Option<&'a Origin<'a>>,
    ) -> Result<Span<'a>, Malformed> {
        let (front, mut reader) = self.front()?;
        let attributes = take_attributes(&mut reader, arena)?;
        let extras = if self.marks() & MARK_EXTRAS == 0 {
            None
        } else {
            Some(&*arena.alloc(take_extras(&mut reader, arena)?))
        };
        if !reader.is_empty() {
            return Err(Malformed("something stands behind a span"));
        }
        let origin = match self.origin() {
            Some(number) => Some(origin_of(number).ok_or(Malformed("a span has an unknown origin"))?),
            None => None,
        };
        Ok(Span {
            trace_id,
            span_id: self.span_id(),
            parent_span_id: front.parent_span_id,
            service: front.service,
            name: front.name,
            start: self.start(),
            end: front.end,
            kind: front.kind,
            status: self.status(),
            flags: front.flags,
            attributes,
            origin,
            extras,
        })
    }
}

struct Front<'a> {
    parent_span_id: Option<SpanId>,
    kind: Kind,
    flags: u32,
    end: Timestamp,
    service: &'a str,
    name: &'a str,
}

fn take_kind(reader: &mut Reader<'_>) -> Result<Kind, Malformed> {
    let number = varint::unfold(reader.take_varint()?);
    i32::try_from(number).map(Kind).map_err(|_| Malformed("a kind is too large"))
}

fn end_of(start: Timestamp, duration: u64) -> Result<Timestamp, Malformed> {
    start.0.checked_add_unsigned(duration).map(Timestamp).ok_or(Malformed("a span ends after all time"))
}
