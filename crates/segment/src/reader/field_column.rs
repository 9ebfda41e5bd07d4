//! The columns of one field, and the value at an index.

use bumpalo::Bump;
use record::{Reader, take_value};
use span::Value;

use super::table::ColumnTable;
use crate::data::Data;
use crate::encoding::{
    Blob, BlobCursor, Codes, Decimals, Hex, Ints, Monotone, Numbered, Texts, number, signed,
};
use crate::error::Damaged;
use crate::footer::{FieldKind, column};
use crate::layout::offset;

/// The columns of one field.
#[derive(Clone, Debug)]
pub(super) struct FieldColumn {
    kind: FieldKind,
    /// How many values there are before each block of rows.
    pub(super) counts: Monotone,
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

/// The distinct values of a field.
#[derive(Clone, Debug)]
enum Dictionary {
    Texts(Texts),
    Hex(Hex),
    Blob(Blob),
}

impl FieldColumn {
    pub(super) fn new(table: &ColumnTable<'_>, id: u16, kind: FieldKind) -> Result<Self, Damaged> {
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
    fn new(table: &ColumnTable<'_>, id: u16, kind: FieldKind) -> Result<Self, Damaged> {
        Ok(match table.get(id)?.encoding {
            number::HEX if kind == FieldKind::Text => Self::Hex(table.hex(id)?),
            number::BLOB => Self::Blob(table.blob(id)?),
            _ => Self::Texts(table.texts(id)?),
        })
    }
}

impl FieldColumn {
    /// Returns the value at this index. `decompressed` has the blocks that were read of this column so far.
    pub(super) fn value<'a>(
        &self,
        data: &'a Data,
        arena: &'a Bump,
        index: usize,
        decompressed: &mut BlobCursor<'a>,
    ) -> Result<Value<'a>, Damaged> {
        let bytes = match &self.values {
            Values::Numbers(ints) => return Ok(self.number(ints.get(data, index)?)),
            Values::Decimals(decimals) => return decimals.get(data, index).map(Value::Double),
            Values::Numbered(texts) => return texts.get(data, index, arena).map(Value::Text),
            Values::Hex(texts) => return texts.get(data, index, arena).map(Value::Text),
            Values::Blob(blob) => decompressed.get(*blob, data, index, arena)?,
            Values::Dictionary(codes, dictionary) => {
                let code = codes.get(data, index)? as usize;
                match dictionary {
                    Dictionary::Texts(texts) => texts.get(data, code)?,
                    Dictionary::Hex(texts) => return texts.get(data, code, arena).map(Value::Text),
                    Dictionary::Blob(blob) => decompressed.get(*blob, data, code, arena)?,
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
