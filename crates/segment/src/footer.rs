//! The footer: counts and times of a file, the places of its columns, and the checksums of its blocks.
//!
//! Format: first and last generation u64 · varints: spans, traces, rooted · least start, greatest start and the base
//! of rootless traces i64 · usually begins u8 · varints: first failing operation of roots, of other spans, loose
//! shape + 1 · fields · shapes · columns · checksums. A list is its count, then its items. A field is its key and its
//! kind u8; a shape is a list of fields; a column is its id varint, encoding u8, then offset, length and count
//! varints, and its parameters, length-prefixed; a checksum is a u32.

use record::{Malformed, Reader, put_bytes, varint};
use span::Timestamp;

use crate::Generations;

/// Limit: fields (key and kind) with a column of their own, because each of them needs an index that grows with the
/// file.
pub(crate) const FIELDS_MAX: usize = 1024;
/// Limit: shapes (lists of fields). The attributes of spans with further shapes are *loose*: they are stored as one
/// byte string for each span.
pub(crate) const SHAPES_MAX: usize = 4096;
/// Limit: fields of all shapes together, because they stay in memory as long as the file is open.
pub(crate) const SHAPE_FIELDS_MAX: usize = 1 << 16;
/// The shape of spans without attributes; every file has it.
pub(crate) const EMPTY_SHAPE: u32 = 0;

/// The ids of columns.
pub(crate) mod column {
    pub(crate) const TRACE_IDS: u16 = 1;
    pub(crate) const ROOT_STARTS: u16 = 2;
    pub(crate) const ROOT_DURATIONS: u16 = 3;
    pub(crate) const ROOT_CODES: u16 = 4;
    pub(crate) const SPAN_ROWS: u16 = 5;
    pub(crate) const SPAN_IDS: u16 = 6;
    pub(crate) const OTHER_CODES: u16 = 7;
    pub(crate) const STREAM_PLACES: u16 = 8;
    pub(crate) const STREAM: u16 = 9;
    pub(crate) const ROOT_OPERATIONS: u16 = 10;
    pub(crate) const OTHER_OPERATIONS: u16 = 11;
    pub(crate) const NAMES: u16 = 12;
    pub(crate) const RESOURCE_SCOPES: u16 = 13;
    pub(crate) const SHAPE_CODES: u16 = 14;
    pub(crate) const LOOSE_ROWS: u16 = 15;
    pub(crate) const LOOSE: u16 = 16;
    pub(crate) const EXTRAS_ROWS: u16 = 17;
    pub(crate) const EXTRAS: u16 = 18;
    pub(crate) const UNUSUAL_BEGINS: u16 = 19;
    pub(crate) const GONE_ROWS: u16 = 20;
    pub(crate) const GONE_ROOTS: u16 = 21;
    /// Has no bytes. Its count is the size of the content before it was encoded.
    pub(crate) const CONTENT: u16 = 22;
    /// The columns of field `f` have the id `FIELDS + 4 f` and the two ids after it.
    pub(crate) const FIELDS: u16 = 256;
    pub(crate) const FIELD_STEP: u16 = 4;
    pub(crate) const FIELD_COUNTS: u16 = 0;
    pub(crate) const FIELD_VALUES: u16 = 1;
    pub(crate) const FIELD_TEXTS: u16 = 2;

    pub(crate) const NAMES_OF: [&str; 23] = [
        "?",
        "trace ids",
        "root starts",
        "root durations",
        "root operation codes",
        "first span rows",
        "span ids",
        "other operation codes",
        "places of times",
        "times and parents",
        "root operations",
        "other operations",
        "names",
        "resource scopes",
        "shapes of attributes",
        "loose attributes, rows",
        "loose attributes",
        "extras, rows",
        "extras",
        "unusual beginnings",
        "gone roots, rows",
        "gone roots",
        "content",
    ];
}

/// The type of the values of a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum FieldKind {
    Empty,
    Text,
    Bool,
    Int,
    Double,
    Bytes,
    Array,
    Map,
}

impl FieldKind {
    pub(crate) const COUNT: usize = 8;

    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Empty => 0,
            Self::Text => 1,
            Self::Bool => 2,
            Self::Int => 3,
            Self::Double => 4,
            Self::Bytes => 5,
            Self::Array => 6,
            Self::Map => 7,
        }
    }

    fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            0 => Self::Empty,
            1 => Self::Text,
            2 => Self::Bool,
            3 => Self::Int,
            4 => Self::Double,
            5 => Self::Bytes,
            6 => Self::Array,
            7 => Self::Map,
            _ => return None,
        })
    }

    /// Whether the values are stored as numbers. All other kinds are stored as byte strings.
    pub(crate) const fn is_number(self) -> bool {
        match self {
            Self::Bool | Self::Int | Self::Double => true,
            Self::Empty | Self::Text | Self::Bytes | Self::Array | Self::Map => false,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Text => "text",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Double => "double",
            Self::Bytes => "bytes",
            Self::Array => "array",
            Self::Map => "map",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) key: Box<str>,
    pub(crate) kind: FieldKind,
}

/// The shapes: lists of fields, one after the other. Invariant: every field number is an index of the list of fields.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shapes {
    ends: Vec<u32>,
    fields: Vec<u16>,
}

impl Shapes {
    pub(crate) fn push(&mut self, fields: impl IntoIterator<Item = u16>) {
        self.fields.extend(fields);
        self.ends
            .push(u32::try_from(self.fields.len()).expect("SHAPE_FIELDS_MAX bounds the number of fields"));
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns how many fields all shapes have together.
    pub(crate) fn field_count(&self) -> usize {
        self.fields.len()
    }

    #[inline]
    pub(crate) fn get(&self, shape: u32) -> Option<&[u16]> {
        let end = *self.ends.get(shape as usize)?;
        let start = (shape as usize).checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        self.fields.get(start.unwrap_or(0) as usize..end as usize)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) id: u16,
    pub(crate) encoding: u8,
    pub(crate) start: u64,
    pub(crate) length: u64,
    pub(crate) count: u64,
    pub(crate) parameters: Vec<u8>,
}

#[derive(Clone, Debug)]
pub(crate) struct Footer {
    pub(crate) generations: Generations,
    pub(crate) spans: u64,
    pub(crate) traces: u32,
    pub(crate) rooted: u32,
    pub(crate) start_min: Timestamp,
    pub(crate) start_max: Timestamp,
    pub(crate) rootless_base: i64,
    pub(crate) usually_begins: bool,
    pub(crate) root_errors_from: u32,
    pub(crate) other_errors_from: u32,
    pub(crate) loose_shape: Option<u32>,
    pub(crate) fields: Vec<Field>,
    pub(crate) shapes: Shapes,
    pub(crate) columns: Vec<Column>,
    pub(crate) checksums: Vec<u32>,
}

impl Footer {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend_from_slice(&self.generations.first.to_le_bytes());
        out.extend_from_slice(&self.generations.last.to_le_bytes());
        for number in [self.spans, self.traces.into(), self.rooted.into()] {
            varint::put(&mut out, number);
        }
        for time in [self.start_min.0, self.start_max.0, self.rootless_base] {
            out.extend_from_slice(&time.to_le_bytes());
        }
        out.push(self.usually_begins.into());
        let loose = self.loose_shape.map_or(0, |shape| u64::from(shape) + 1);
        for number in [self.root_errors_from.into(), self.other_errors_from.into(), loose] {
            varint::put(&mut out, number);
        }
        self.put_lists(&mut out);
        out
    }

    fn put_lists(&self, out: &mut Vec<u8>) {
        varint::put(out, self.fields.len() as u64);
        for field in &self.fields {
            put_bytes(out, field.key.as_bytes());
            out.push(field.kind.number());
        }
        varint::put(out, self.shapes.len() as u64);
        for fields in (0..).map_while(|shape| self.shapes.get(shape)) {
            varint::put(out, fields.len() as u64);
            for field in fields {
                varint::put(out, (*field).into());
            }
        }
        varint::put(out, self.columns.len() as u64);
        for column in &self.columns {
            varint::put(out, column.id.into());
            out.push(column.encoding);
            for number in [column.start, column.length, column.count] {
                varint::put(out, number);
            }
            put_bytes(out, &column.parameters);
        }
        varint::put(out, self.checksums.len() as u64);
        self.checksums.iter().for_each(|checksum| out.extend_from_slice(&checksum.to_le_bytes()));
    }

    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        let reader = &mut Reader::new(bytes);
        let generations = Generations { first: take_u64(reader)?, last: take_u64(reader)? };
        let spans = reader.take_varint()?;
        let (traces, rooted) = (reader.take_varint_u32()?, reader.take_varint_u32()?);
        let footer = Self {
            generations,
            spans,
            traces,
            rooted,
            start_min: Timestamp(reader.take_i64()?),
            start_max: Timestamp(reader.take_i64()?),
            rootless_base: reader.take_i64()?,
            usually_begins: reader.take_u8()? != 0,
            root_errors_from: reader.take_varint_u32()?,
            other_errors_from: reader.take_varint_u32()?,
            loose_shape: reader.take_varint_u32()?.checked_sub(1),
            fields: take_list(reader, FIELDS_MAX, take_field)?,
            shapes: take_shapes(reader)?,
            columns: take_list(reader, usize::MAX, take_column)?,
            checksums: take_list(reader, usize::MAX, Reader::take_u32)?,
        };
        let is_field = |field: &u16| usize::from(*field) < footer.fields.len();
        if !footer.shapes.fields.iter().all(is_field) || rooted > traces || !reader.is_empty() {
            return Err(Malformed("the numbers in the footer contradict each other"));
        }
        Ok(footer)
    }
}

fn take_list<'a, T>(
    reader: &mut Reader<'a>,
    count_max: usize,
    mut take: impl FnMut(&mut Reader<'a>) -> Result<T, Malformed>,
) -> Result<Vec<T>, Malformed> {
    let count = reader.take_count()?;
    if count > count_max {
        return Err(Malformed("a list in the footer is too long"));
    }
    (0..count).map(|_| take(reader)).collect()
}

fn take_u64(reader: &mut Reader<'_>) -> Result<u64, Malformed> {
    reader.take_array().map(u64::from_le_bytes)
}

fn take_u16(reader: &mut Reader<'_>) -> Result<u16, Malformed> {
    reader.take_varint()?.try_into().map_err(|_| Malformed("an integer is too large"))
}

fn take_field(reader: &mut Reader<'_>) -> Result<Field, Malformed> {
    let key = reader.take_text()?.into();
    let kind = FieldKind::from_number(reader.take_u8()?).ok_or(Malformed("a field has an unknown kind"))?;
    Ok(Field { key, kind })
}

fn take_shapes(reader: &mut Reader<'_>) -> Result<Shapes, Malformed> {
    let mut shapes = Shapes::default();
    for fields in take_list(reader, SHAPES_MAX, |reader| take_list(reader, SHAPE_FIELDS_MAX, take_u16))? {
        if shapes.field_count() + fields.len() > SHAPE_FIELDS_MAX {
            return Err(Malformed("shapes have too many fields"));
        }
        shapes.push(fields);
    }
    Ok(shapes)
}

fn take_column(reader: &mut Reader<'_>) -> Result<Column, Malformed> {
    Ok(Column {
        id: take_u16(reader)?,
        encoding: reader.take_u8()?,
        start: reader.take_varint()?,
        length: reader.take_varint()?,
        count: reader.take_varint()?,
        parameters: reader.take_bytes()?.to_vec(),
    })
}
