//! `KeyValue` and `AnyValue`.

use span::limits::VALUE_DEPTH_MAX;
use span::{Attribute, Value};

use super::super::schema::{any_value, key_value, values};
use super::super::work::{Stop, Work};
use crate::protobuf::Fields;

/// A value before what is inside of it is read: only the last one that a message names counts.
enum Raw<'a> {
    Plain(Value<'a>),
    Text(&'a [u8]),
    Array(&'a [u8]),
    Map(&'a [u8]),
}

impl<'a> Work<'a> {
    /// A `KeyValue` that stands inside of `depth` values.
    #[inline]
    pub(super) fn attribute(&mut self, message: &'a [u8], depth: usize) -> Result<Attribute<'a>, Stop> {
        let (mut key, mut value) = (&[][..], &[][..]);
        let mut fields = Fields::of(message);
        while let Some(tag) = fields.next_tag()? {
            match tag {
                key_value::KEY => key = fields.bytes()?,
                key_value::VALUE => value = self.merged(value, fields.bytes()?)?,
                _ => self.unknown(&mut fields, tag)?,
            }
        }
        Ok(Attribute { key: self.text(key), value: self.value(value, depth)? })
    }

    #[inline]
    fn value(&mut self, message: &'a [u8], depth: usize) -> Result<Value<'a>, Stop> {
        let mut raw = Raw::Plain(Value::Empty);
        let mut fields = Fields::of(message);
        while let Some(tag) = fields.next_tag()? {
            raw = match (tag, raw) {
                (any_value::TEXT, _) => Raw::Text(fields.bytes()?),
                (any_value::BOOL, _) => Raw::Plain(Value::Bool(fields.varint()? != 0)),
                (any_value::INT, _) => Raw::Plain(Value::Int(fields.varint()?.cast_signed())),
                (any_value::DOUBLE, _) => Raw::Plain(Value::Double(f64::from_bits(fields.fixed64()?))),
                (any_value::BYTES, _) => Raw::Plain(Value::Bytes(fields.bytes()?)),
                (any_value::ARRAY, Raw::Array(before)) => Raw::Array(self.merged(before, fields.bytes()?)?),
                (any_value::ARRAY, _) => Raw::Array(fields.bytes()?),
                (any_value::MAP, Raw::Map(before)) => Raw::Map(self.merged(before, fields.bytes()?)?),
                (any_value::MAP, _) => Raw::Map(fields.bytes()?),
                (_, raw) => {
                    self.unknown(&mut fields, tag)?;
                    raw
                }
            };
        }
        match raw {
            Raw::Plain(value) => Ok(value),
            Raw::Text(bytes) => Ok(Value::Text(self.text(bytes))),
            Raw::Array(_) | Raw::Map(_) if depth == VALUE_DEPTH_MAX => {
                self.is_too_deep = true;
                Ok(Value::Empty)
            }
            Raw::Array(message) => self.array(message, depth + 1),
            Raw::Map(message) => self.map(message, depth + 1),
        }
    }

    fn array(&mut self, message: &'a [u8], depth: usize) -> Result<Value<'a>, Stop> {
        let count = self.count_values(message)?;
        self.list(message, (values::VALUES, count), |work, bytes| work.value(bytes, depth).map(Some))
            .map(Value::Array)
    }

    fn map(&mut self, message: &'a [u8], depth: usize) -> Result<Value<'a>, Stop> {
        let count = self.count_values(message)?;
        let read = |work: &mut Self, bytes| work.attribute(bytes, depth).map(Some);
        self.list(message, (values::VALUES, count), read).map(Value::Map)
    }

    fn count_values(&mut self, message: &'a [u8]) -> Result<usize, Stop> {
        let mut count = 0;
        let mut fields = Fields::of(message);
        while let Some(tag) = fields.next_tag()? {
            if tag == values::VALUES {
                fields.bytes()?;
                count += 1;
            } else {
                self.unknown(&mut fields, tag)?;
            }
        }
        Ok(count)
    }
}
