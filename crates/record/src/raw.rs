//! A span whose attributes stay encoded, for code that only copies them: decoding them would build values and check
//! texts a second time.

use span::{SpanId, Status, Timestamp};

use crate::attributes::tag;
use crate::reader::{Malformed, Reader};
use crate::varint;

/// A span whose attributes and extras are still the bytes of its record.
#[derive(Clone, Copy, Debug)]
pub struct RawSpan<'a> {
    pub span_id: SpanId,
    pub parent_span_id: Option<SpanId>,
    pub start: Timestamp,
    pub end: Timestamp,
    /// Nanoseconds from start to end.
    pub duration: u64,
    pub status: Status,
    pub(crate) has_attributes: bool,
    pub(crate) has_extras: bool,
    /// The encoded attributes, followed by the encoded extras, each if the span has them.
    pub(crate) rest: Reader<'a>,
}

/// One attribute. The key and a text value are not checked here: they are UTF-8 only if the record is undamaged.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct RawAttribute<'a> {
    pub key: &'a [u8],
    pub value: RawValue<'a>,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum RawValue<'a> {
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(&'a [u8]),
    Bytes(&'a [u8]),
    /// The value with its tag, as [`put_value`](crate::put_value) writes it; the two variants below are like it.
    Empty(&'a [u8]),
    Array(&'a [u8]),
    Map(&'a [u8]),
}

/// The encoded attributes and extras of a record.
#[derive(Clone, Copy, Debug)]
pub struct RawTail<'a> {
    /// As [`put_attributes`](crate::put_attributes) writes them; empty if there are none.
    pub attributes: &'a [u8],
    /// As [`put_extras`](crate::put_extras) writes them; `None` if the span has none.
    pub extras: Option<&'a [u8]>,
}

impl<'a> RawSpan<'a> {
    pub const fn is_root(&self) -> bool {
        self.parent_span_id.is_none()
    }

    /// Replaces the content of `list` with the attributes of the span, one by one, and returns the encoded attributes
    /// and extras as a whole.
    #[inline]
    pub fn cut(&self, list: &mut Vec<RawAttribute<'a>>) -> Result<RawTail<'a>, Malformed> {
        list.clear();
        let mut reader = self.rest;
        if self.has_attributes {
            for _ in 0..reader.take_count()? {
                list.push(RawAttribute { key: reader.take_bytes()?, value: take_raw_value(&mut reader)? });
            }
        }
        Ok(RawTail {
            attributes: reader.taken_since(self.rest),
            extras: self.has_extras.then_some(reader.rest()),
        })
    }
}

#[inline]
fn take_raw_value<'a>(reader: &mut Reader<'a>) -> Result<RawValue<'a>, Malformed> {
    let before = *reader;
    Ok(match reader.take_u8()? {
        tag::TEXT => RawValue::Text(reader.take_bytes()?),
        tag::INT => RawValue::Int(varint::unfold(reader.take_varint()?)),
        tag::DOUBLE => RawValue::Double(f64::from_bits(u64::from_le_bytes(reader.take_array()?))),
        tag::FALSE => RawValue::Bool(false),
        tag::TRUE => RawValue::Bool(true),
        tag::BYTES => RawValue::Bytes(reader.take_bytes()?),
        tag::EMPTY => RawValue::Empty(reader.taken_since(before)),
        other => {
            *reader = before;
            skip_value(reader)?;
            let bytes = reader.taken_since(before);
            if other == tag::ARRAY { RawValue::Array(bytes) } else { RawValue::Map(bytes) }
        }
    })
}

/// Skips a value, however deeply it is nested.
#[cold]
fn skip_value(reader: &mut Reader<'_>) -> Result<(), Malformed> {
    // One entry for each array or map around the current value: how many values are left in it, and whether each
    // value has a key.
    let mut open = vec![(1, false)];
    while let Some((left, has_keys)) = open.last_mut() {
        if *left == 0 {
            open.pop();
            continue;
        }
        *left -= 1;
        if *has_keys {
            reader.take_bytes()?;
        }
        match reader.take_u8()? {
            tag::EMPTY | tag::FALSE | tag::TRUE => {}
            tag::TEXT | tag::BYTES => reader.take_bytes().map(drop)?,
            tag::INT => reader.take_varint().map(drop)?,
            tag::DOUBLE => reader.take_array::<8>().map(drop)?,
            tag::ARRAY => open.push((reader.take_count()?, false)),
            tag::MAP => open.push((reader.take_count()?, true)),
            _ => return Err(Malformed("a value has an unknown tag")),
        }
    }
    Ok(())
}
