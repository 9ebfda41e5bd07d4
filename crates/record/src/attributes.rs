//! Attributes and their values.
//!
//! Format: count varint, then for each its key (a text) and its value. A value is a tag byte and its content: 0
//! nothing · 1 text · 2 false · 3 true · 4 folded varint · 5 double as 8 bytes · 6 bytes · 7 count and values · 8
//! attributes. Texts and bytes are length-prefixed.

use bumpalo::Bump;
use bumpalo::collections::Vec as ArenaVec;
use span::limits::VALUE_DEPTH_MAX;
use span::{Attribute, Value};

use crate::reader::{Malformed, Reader, put_bytes};
use crate::varint;

/// Limit: attributes for which memory is reserved before they are read, so that a damaged count reserves little.
const ATTRIBUTES_RESERVED_MAX: usize = 128;

pub(crate) mod tag {
    pub(crate) const EMPTY: u8 = 0;
    pub(crate) const TEXT: u8 = 1;
    pub(crate) const FALSE: u8 = 2;
    pub(crate) const TRUE: u8 = 3;
    pub(crate) const INT: u8 = 4;
    pub(crate) const DOUBLE: u8 = 5;
    pub(crate) const BYTES: u8 = 6;
    pub(crate) const ARRAY: u8 = 7;
    pub(crate) const MAP: u8 = 8;
}

pub fn put_attributes(out: &mut Vec<u8>, attributes: &[Attribute<'_>]) {
    varint::put(out, attributes.len() as u64);
    for attribute in attributes {
        put_bytes(out, attribute.key.as_bytes());
        put_value(out, attribute.value);
    }
}

pub fn put_value(out: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::Empty => out.push(tag::EMPTY),
        Value::Text(text) => {
            out.push(tag::TEXT);
            put_bytes(out, text.as_bytes());
        }
        Value::Bool(value) => out.push(if value { tag::TRUE } else { tag::FALSE }),
        Value::Int(value) => {
            out.push(tag::INT);
            varint::put(out, varint::fold(value));
        }
        Value::Double(value) => {
            out.push(tag::DOUBLE);
            out.extend_from_slice(&value.to_bits().to_le_bytes());
        }
        Value::Bytes(bytes) => {
            out.push(tag::BYTES);
            put_bytes(out, bytes);
        }
        Value::Array(values) => {
            out.push(tag::ARRAY);
            varint::put(out, values.len() as u64);
            for &value in values {
                put_value(out, value);
            }
        }
        Value::Map(attributes) => {
            out.push(tag::MAP);
            put_attributes(out, attributes);
        }
    }
}

pub fn take_attributes<'a>(
    reader: &mut Reader<'a>,
    arena: &'a Bump,
) -> Result<&'a [Attribute<'a>], Malformed> {
    take_attributes_at(reader, arena, 0)
}

pub fn take_value<'a>(reader: &mut Reader<'a>, arena: &'a Bump) -> Result<Value<'a>, Malformed> {
    take_value_at(reader, arena, 0)
}

fn take_attributes_at<'a>(
    reader: &mut Reader<'a>,
    arena: &'a Bump,
    depth: usize,
) -> Result<&'a [Attribute<'a>], Malformed> {
    let count = reader.take_count()?;
    if count == 0 {
        return Ok(&[]);
    }
    let mut attributes = ArenaVec::with_capacity_in(count.min(ATTRIBUTES_RESERVED_MAX), arena);
    for _ in 0..count {
        let key = reader.take_text()?;
        attributes.push(Attribute { key, value: take_value_at(reader, arena, depth)? });
    }
    Ok(attributes.into_bump_slice())
}

fn take_value_at<'a>(reader: &mut Reader<'a>, arena: &'a Bump, depth: usize) -> Result<Value<'a>, Malformed> {
    if depth > VALUE_DEPTH_MAX {
        return Err(Malformed("values are nested too deep"));
    }
    Ok(match reader.take_u8()? {
        tag::EMPTY => Value::Empty,
        tag::TEXT => Value::Text(reader.take_text()?),
        tag::FALSE => Value::Bool(false),
        tag::TRUE => Value::Bool(true),
        tag::INT => Value::Int(varint::unfold(reader.take_varint()?)),
        tag::DOUBLE => Value::Double(f64::from_bits(u64::from_le_bytes(reader.take_array()?))),
        tag::BYTES => Value::Bytes(reader.take_bytes()?),
        tag::ARRAY => {
            let mut values = ArenaVec::new_in(arena);
            for _ in 0..reader.take_count()? {
                values.push(take_value_at(reader, arena, depth + 1)?);
            }
            Value::Array(values.into_bump_slice())
        }
        tag::MAP => Value::Map(take_attributes_at(reader, arena, depth + 1)?),
        _ => return Err(Malformed("a value has an unknown tag")),
    })
}
