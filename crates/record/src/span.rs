//! A span as a record.
//!
//! Format: length of the rest, varint · start i64 · number of the operation u32 · marks u8 · span id · parent id if
//! marked · duration varint · attributes if marked · extras if marked. Ids have 16 bytes, or, if marked, only the
//! last 8, because the others are zero. A record does not contain the trace id: whoever stores records knows it.

use bumpalo::Bump;
use span::{Span, SpanId, Status, Timestamp, TraceId};

use crate::attributes::{put_attributes, take_attributes};
use crate::extras::{put_extras, take_extras};
use crate::operation::NamedOperation;
use crate::raw::RawSpan;
use crate::reader::{Malformed, Reader};
use crate::varint;

const OPERATION_AT: usize = 8;
const MARKS_AT: usize = 12;
const IDS_AT: usize = 13;
const BODY_BYTES_MIN: usize = IDS_AT + 8;

const MARK_STATUS_SET: u8 = 1;
const MARK_ERROR: u8 = 2;
const MARK_PARENT: u8 = 4;
const MARK_SHORT_IDS: u8 = 8;
const MARK_ATTRIBUTES: u8 = 16;
const MARK_EXTRAS: u8 = 32;
// Earlier builds also set 64 for a client's span and 128 for a server's.

/// The first eight bytes of a short id (an OpenTelemetry span id of eight bytes).
const ZEROS: [u8; 8] = [0; 8];

/// How many bytes of memory the processor loads at once.
const CACHE_LINE_BYTES: usize = 64;

/// Limit: bytes of the fields before the attributes: length, start, operation, marks, two ids, duration.
const HEAD_BYTES_MAX: usize = 1 + IDS_AT + 2 * 16 + varint::BYTES_MAX;

/// Appends the record of `span`, whose operation has the number `operation`.
pub fn write_span(out: &mut Vec<u8>, span: &Span<'_>, operation: u32) {
    let begin = out.len();
    let marks = marks(span);
    let mut head = Head::default();
    // One byte for the length, which nearly always suffices.
    head.put([0]);
    head.put(span.start.0.to_le_bytes());
    head.put(operation.to_le_bytes());
    head.put([marks]);
    head.put_id(span.span_id, marks);
    if let Some(parent) = span.parent_span_id {
        head.put_id(parent, marks);
    }
    head.put_varint(span.duration());
    out.extend_from_slice(head.bytes());
    if marks & MARK_ATTRIBUTES != 0 {
        put_attributes(out, span.attributes);
    }
    if let Some(extras) = span.extras {
        put_extras(out, extras);
    }
    put_length(out, begin);
}

/// The beginning of a record, assembled in an array so that each field costs no check of the vector's capacity.
struct Head {
    bytes: [u8; HEAD_BYTES_MAX],
    len: usize,
}

impl Default for Head {
    fn default() -> Self {
        Self { bytes: [0; HEAD_BYTES_MAX], len: 0 }
    }
}

impl Head {
    #[inline]
    fn put<const BYTES: usize>(&mut self, bytes: [u8; BYTES]) {
        let place = self.bytes.get_mut(self.len..).and_then(<[u8]>::first_chunk_mut);
        *place.expect("HEAD_BYTES_MAX is the sum of all fields") = bytes;
        self.len += BYTES;
    }

    #[inline]
    fn put_id(&mut self, id: SpanId, marks: u8) {
        let bytes = id.to_bytes();
        if marks & MARK_SHORT_IDS == 0 {
            return self.put(bytes);
        }
        self.put(*bytes.last_chunk::<8>().expect("an id has 16 bytes"));
    }

    #[inline]
    fn put_varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.put([value.to_le_bytes()[0] | 0x80]);
            value >>= 7;
        }
        self.put([value.to_le_bytes()[0]]);
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

/// Writes the length of the record that begins at `begin` into the byte reserved for it. If the length needs more
/// bytes, the record is moved to make space.
fn put_length(out: &mut Vec<u8>, begin: usize) {
    let length = out.len() - begin - 1;
    if let Some(byte) = out.get_mut(begin)
        && length < 0x80
    {
        *byte = length.to_le_bytes()[0];
        return;
    }
    let mut bytes = Vec::with_capacity(varint::BYTES_MAX);
    varint::put(&mut bytes, length as u64);
    out.splice(begin..=begin, bytes);
}

fn take_id(reader: &mut Reader<'_>, marks: u8) -> Result<SpanId, Malformed> {
    if marks & MARK_SHORT_IDS == 0 {
        return reader.take_array().map(SpanId::from_bytes);
    }
    let lower: [u8; 8] = reader.take_array()?;
    Ok(SpanId::from_bytes(u128::from(u64::from_be_bytes(lower)).to_be_bytes()))
}

fn marks(span: &Span<'_>) -> u8 {
    let status = match span.status {
        Status::Unset => 0,
        Status::Ok => MARK_STATUS_SET,
        Status::Error => MARK_STATUS_SET | MARK_ERROR,
    };
    let is_short = |id: SpanId| id.to_bytes().starts_with(&ZEROS);
    let are_short = is_short(span.span_id) && span.parent_span_id.is_none_or(is_short);
    let mark = |is_there: bool, mark: u8| if is_there { mark } else { 0 };
    status
        | mark(span.parent_span_id.is_some(), MARK_PARENT)
        | mark(are_short, MARK_SHORT_IDS)
        | mark(!span.attributes.is_empty(), MARK_ATTRIBUTES)
        | mark(span.extras.is_some(), MARK_EXTRAS)
}

/// One record, not decoded. Invariant: the body is as long as the length says, and has at least start, operation,
/// marks and the span id.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The whole record, including its length.
    bytes: &'a [u8],
    /// The record without its length.
    body: &'a [u8],
}

impl<'a> Record<'a> {
    /// Reads a record and checks only the invariant. [`Record::decode`] checks the rest of its content.
    #[inline]
    pub fn take(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let before = *reader;
        let body = reader.take_bytes()?;
        let bytes = reader.taken_since(before);
        let record = Self { bytes, body };
        let ids = if record.peek_marks() & MARK_SHORT_IDS == 0 { 16 } else { 8 };
        if body.len() < BODY_BYTES_MIN || body.len() < IDS_AT + ids {
            return Err(Malformed("a record is too short"));
        }
        Ok(record)
    }

    /// Returns the record at the front of `bytes`; more bytes may follow it. This process must have written the
    /// record: the function panics if it is damaged.
    #[inline]
    pub fn at_front_of(bytes: &'a [u8]) -> Self {
        Self::take(&mut Reader::new(bytes)).expect("the bytes begin with a record that this process wrote")
    }

    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Reads one byte of each cache line of the record, for `platform::prefetch` before records are parsed. Parsing
    /// itself waits for one line after the other, because each length says where the next one is.
    #[inline]
    pub fn touch(&self) -> u64 {
        self.body.iter().step_by(CACHE_LINE_BYTES).fold(0, |combined, &byte| combined ^ u64::from(byte))
    }

    fn peek_marks(&self) -> u8 {
        self.body.get(MARKS_AT).copied().unwrap_or_default()
    }

    #[inline]
    fn field<const BYTES: usize>(&self, at: usize) -> [u8; BYTES] {
        let field = self.body.get(at..).and_then(<[u8]>::first_chunk);
        *field.expect("the invariant says that the body is long enough")
    }

    #[inline]
    pub fn start(&self) -> Timestamp {
        Timestamp(i64::from_le_bytes(self.field(0)))
    }

    /// Returns the number of its operation in the table that it was written with.
    #[inline]
    pub fn operation(&self) -> u32 {
        u32::from_le_bytes(self.field(OPERATION_AT))
    }

    #[inline]
    pub fn span_id(&self) -> SpanId {
        if self.peek_marks() & MARK_SHORT_IDS == 0 {
            return SpanId::from_bytes(self.field(IDS_AT));
        }
        SpanId::from_bytes(u128::from(u64::from_be_bytes(self.field(IDS_AT))).to_be_bytes())
    }

    pub fn is_error(&self) -> bool {
        self.peek_marks() & MARK_ERROR != 0
    }

    pub fn is_root(&self) -> bool {
        self.peek_marks() & MARK_PARENT == 0
    }

    /// Appends a copy of this record in which the number of the operation is `operation`.
    #[inline]
    pub fn write_with_operation(&self, out: &mut Vec<u8>, operation: u32) {
        let at = out.len() + self.bytes.len() - self.body.len() + OPERATION_AT;
        out.extend_from_slice(self.bytes);
        if let Some(field) = out.get_mut(at..at + size_of::<u32>()) {
            field.copy_from_slice(&operation.to_le_bytes());
        }
    }

    fn status(&self) -> Status {
        match self.peek_marks() & (MARK_STATUS_SET | MARK_ERROR) {
            0 => Status::Unset,
            MARK_STATUS_SET => Status::Ok,
            _ => Status::Error,
        }
    }

    /// Nanoseconds from start to end.
    pub fn duration(&self) -> Result<u64, Malformed> {
        self.raw().map(|raw| raw.duration)
    }

    /// Decodes the fields that every span has, and leaves attributes and extras encoded.
    #[inline]
    pub fn raw(&self) -> Result<RawSpan<'a>, Malformed> {
        let marks = self.peek_marks();
        let mut reader = Reader::new(self.body.get(IDS_AT..).unwrap_or_default());
        let span_id = take_id(&mut reader, marks)?;
        let parent_span_id = if marks & MARK_PARENT == 0 { None } else { Some(take_id(&mut reader, marks)?) };
        let (start, duration) = (self.start(), reader.take_varint()?);
        let end = start.0.checked_add_unsigned(duration).map(Timestamp);
        Ok(RawSpan {
            span_id,
            parent_span_id,
            start,
            end: end.ok_or(Malformed("the end of a span is out of range"))?,
            duration,
            status: self.status(),
            has_attributes: marks & MARK_ATTRIBUTES != 0,
            has_extras: marks & MARK_EXTRAS != 0,
            rest: reader,
        })
    }

    /// Decodes the whole span. The record contains neither the trace id nor the operation, so the caller passes them.
    pub fn decode(
        &self,
        trace_id: TraceId,
        arena: &'a Bump,
        operation: &NamedOperation<'a>,
    ) -> Result<Span<'a>, Malformed> {
        let raw = self.raw()?;
        let mut reader = raw.rest;
        let attributes = if raw.has_attributes { take_attributes(&mut reader, arena)? } else { &[] };
        let extras =
            if raw.has_extras { Some(&*arena.alloc(take_extras(&mut reader, arena)?)) } else { None };
        if !reader.is_empty() {
            return Err(Malformed("bytes follow a span"));
        }
        Ok(Span {
            trace_id,
            span_id: raw.span_id,
            parent_span_id: raw.parent_span_id,
            service: operation.service,
            name: operation.name,
            start: raw.start,
            end: raw.end,
            kind: operation.kind,
            status: raw.status,
            flags: operation.flags,
            attributes,
            resource_scope: operation.resource_scope,
            extras,
        })
    }
}
