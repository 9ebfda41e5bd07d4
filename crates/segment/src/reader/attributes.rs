//! Finds the values of a span's attributes.

use bumpalo::Bump;
use bumpalo::collections::Vec as ArenaVec;
use record::{Reader, take_attributes, take_value};
use span::{Attribute, Value};

use super::Segment;
use super::table::Table;
use crate::data::Data;
use crate::encoding::{
    Blob, BlobCursor, Codes, Decimals, Hex, Ints, Monotone, Numbered, SparseCursor, Texts, number, signed,
};
use crate::error::Damaged;
use crate::footer::{EMPTY_SHAPE, FieldKind, column};
use crate::layout::{offset, size};
use crate::writer::ROWS_PER_COUNT;

/// The columns of one field.
#[derive(Clone, Debug)]
pub(super) struct FieldColumn {
    kind: FieldKind,
    counts: Monotone,
    values: Values,
}

#[derive(Clone, Debug)]
enum Values {
    Numbers(Ints),
    Decimals(Decimals),
    Numbered(Numbered),
    Hex(Hex),
    Blob(Blob),
    Dictionary(Codes, Dictionary),
}

/// The different values of a field.
#[derive(Clone, Debug)]
enum Dictionary {
    Texts(Texts),
    Hex(Hex),
    Blob(Blob),
}

impl FieldColumn {
    pub(super) fn new(table: &Table<'_>, id: u16, kind: FieldKind) -> Result<Self, Damaged> {
        let counts = table.rows(id + column::FIELD_COUNTS)?;
        let values = id + column::FIELD_VALUES;
        let is_text = kind == FieldKind::Text;
        let values = match table.get(values)?.encoding {
            number::DECIMAL if kind == FieldKind::Double => Values::Decimals(table.decimals(values)?),
            _ if kind.is_number() => Values::Numbers(table.ints(values)?),
            number::NUMBERED if is_text => Values::Numbered(table.numbered(values)?),
            number::HEX if is_text => Values::Hex(table.hex(values)?),
            number::BLOB => Values::Blob(table.blob(values)?),
            _ => Values::Dictionary(
                table.codes(values)?,
                Dictionary::new(table, id + column::FIELD_TEXTS, kind)?,
            ),
        };
        Ok(Self { kind, counts, values })
    }
}

impl Dictionary {
    fn new(table: &Table<'_>, id: u16, kind: FieldKind) -> Result<Self, Damaged> {
        Ok(match table.get(id)?.encoding {
            number::HEX if kind == FieldKind::Text => Self::Hex(table.hex(id)?),
            number::BLOB => Self::Blob(table.blob(id)?),
            _ => Self::Texts(table.texts(id)?),
        })
    }
}

/// Where the next value of a field is.
#[derive(Clone, Copy, Debug, Default)]
struct FieldCursor {
    /// Values between the block of rows and the first row of the trace.
    before: usize,
    next: Option<usize>,
}

/// Blocks of values that were unpacked last: the next trace mostly has its values in the same ones.
#[derive(Debug, Default)]
pub(super) struct UnpackedAttributes<'a> {
    /// By field.
    fields: Vec<BlobCursor<'a>>,
    loose: BlobCursor<'a>,
}

/// Walks the rows of one trace.
#[derive(Debug)]
pub(super) struct AttributeCursor<'a> {
    arena: &'a Bump,
    /// The block of rows in which the trace begins.
    block: usize,
    /// By field; empty where no span of the trace has attributes.
    fields: ArenaVec<'a, FieldCursor>,
    has_attributes: bool,
    loose: Option<SparseCursor>,
}

impl<'a> AttributeCursor<'a> {
    pub(super) fn new(
        segment: &'a Segment,
        (first, count): (usize, usize),
        arena: &'a Bump,
    ) -> Result<Self, Damaged> {
        let block = first / ROWS_PER_COUNT;
        let mut cursor =
            Self { arena, block, fields: ArenaVec::new_in(arena), has_attributes: false, loose: None };
        if segment.footer.shapes.len() <= 1 {
            return Ok(cursor);
        }
        let mut shapes = segment.shape_codes.run(&segment.data, first, count)?;
        cursor.has_attributes = shapes.any(|shape| shape != EMPTY_SHAPE);
        if !cursor.has_attributes {
            return Ok(cursor);
        }
        cursor.fields.resize(segment.fields.len(), FieldCursor::default());
        let before = block * ROWS_PER_COUNT;
        for shape in segment.shape_codes.run(&segment.data, before, first - before)? {
            for field in segment.footer.shapes.get(shape).unwrap_or_default() {
                if let Some(field) = cursor.fields.get_mut(usize::from(*field)) {
                    field.before += 1;
                }
            }
        }
        Ok(cursor)
    }

    /// The attributes of the next row.
    pub(super) fn take(
        &mut self,
        segment: &'a Segment,
        row: usize,
        unpacked: &mut UnpackedAttributes<'a>,
    ) -> Result<&'a [Attribute<'a>], Damaged> {
        if !self.has_attributes {
            return Ok(&[]);
        }
        let shape = segment.shape_codes.get(&segment.data, row)?;
        if Some(shape) == segment.footer.loose_shape {
            return self.take_loose(segment, row, &mut unpacked.loose);
        }
        let fields = segment.footer.shapes.get(shape);
        let fields = fields.ok_or(damaged(segment, "a span has an unknown shape"))?;
        let mut attributes = ArenaVec::with_capacity_in(fields.len(), self.arena);
        for field in fields {
            attributes.push(self.take_value(segment, *field, unpacked)?);
        }
        Ok(attributes.into_bump_slice())
    }

    fn take_loose(
        &mut self,
        segment: &'a Segment,
        row: usize,
        values: &mut BlobCursor<'a>,
    ) -> Result<&'a [Attribute<'a>], Damaged> {
        if self.loose.is_none() {
            self.loose = Some(SparseCursor::new(segment.loose, &segment.data, row as u64)?);
        }
        let cursor = self.loose.as_mut();
        let memory = (&segment.data, self.arena);
        let bytes = cursor.map(|cursor| cursor.take(memory, row as u64, values)).transpose()?;
        let bytes = bytes.flatten().ok_or(damaged(segment, "the attributes of a span are missing"))?;
        take_attributes(&mut Reader::new(bytes), self.arena)
            .map_err(|malformed| damaged(segment, malformed.0))
    }

    fn take_value(
        &mut self,
        segment: &'a Segment,
        field: u16,
        unpacked: &mut UnpackedAttributes<'a>,
    ) -> Result<Attribute<'a>, Damaged> {
        let index = usize::from(field);
        let unknown = damaged(segment, "a shape has an unknown field");
        let name = segment.footer.fields.get(index).ok_or(unknown)?;
        let column = segment.fields.get(index).ok_or(unknown)?;
        let cursor = self.fields.get_mut(index).ok_or(unknown)?;
        let next = match cursor.next {
            Some(next) => next,
            None => size(column.counts.get(&segment.data, self.block)?).saturating_add(cursor.before),
        };
        cursor.next = next.checked_add(1);
        if unpacked.fields.len() <= index {
            unpacked.fields.resize_with(index + 1, BlobCursor::default);
        }
        let values = unpacked.fields.get_mut(index).ok_or(unknown)?;
        let value = column.value((&segment.data, self.arena), next, values)?;
        Ok(Attribute { key: &name.key, value })
    }
}

impl FieldColumn {
    fn value<'a>(
        &self,
        (data, arena): (&'a Data, &'a Bump),
        index: usize,
        unpacked: &mut BlobCursor<'a>,
    ) -> Result<Value<'a>, Damaged> {
        let bytes = match &self.values {
            Values::Numbers(ints) => return Ok(self.number(ints.get(data, index)?)),
            Values::Decimals(decimals) => return decimals.get(data, index).map(Value::Double),
            Values::Numbered(texts) => return texts.get(data, index, arena).map(Value::Text),
            Values::Hex(texts) => return texts.get(data, index, arena).map(Value::Text),
            Values::Blob(blob) => unpacked.get(*blob, data, index, arena)?,
            Values::Dictionary(codes, dictionary) => {
                let code = codes.get(data, index)? as usize;
                match dictionary {
                    Dictionary::Texts(texts) => texts.get(data, code)?,
                    Dictionary::Hex(texts) => return texts.get(data, code, arena).map(Value::Text),
                    Dictionary::Blob(blob) => unpacked.get(*blob, data, code, arena)?,
                }
            }
        };
        let damaged = |what: &'static str| Damaged { what, at: offset(0) };
        match self.kind {
            FieldKind::Text => {
                let text = str::from_utf8(bytes).map_err(|_| damaged("a value is not UTF-8"))?;
                Ok(Value::Text(text))
            }
            FieldKind::Bytes => Ok(Value::Bytes(bytes)),
            FieldKind::Empty
            | FieldKind::Array
            | FieldKind::Map
            | FieldKind::Bool
            | FieldKind::Int
            | FieldKind::Double => {
                take_value(&mut Reader::new(bytes), arena).map_err(|malformed| damaged(malformed.0))
            }
        }
    }

    fn number<'a>(&self, value: u64) -> Value<'a> {
        match self.kind {
            FieldKind::Bool => Value::Bool(value != 0),
            FieldKind::Double => Value::Double(f64::from_bits(value)),
            FieldKind::Int
            | FieldKind::Empty
            | FieldKind::Text
            | FieldKind::Bytes
            | FieldKind::Array
            | FieldKind::Map => Value::Int(signed(value)),
        }
    }
}

fn damaged(segment: &Segment, what: &'static str) -> Damaged {
    Damaged { what, at: offset(segment.data.len()) }
}
