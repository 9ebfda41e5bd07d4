//! `KeyValue` and `AnyValue`.

use bumpalo::collections::Vec as ArenaVec;
use span::limits::VALUE_DEPTH_MAX;
use span::{Attribute, Value};

use super::super::rejected::Reason;
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
    pub(super) fn attribute(
        &mut self,
        message: &'a [u8],
        depth: usize,
        list: &mut ArenaVec<'a, Attribute<'a>>,
    ) -> Result<(), Stop> {
        let (mut key, mut value) = (&[][..], &[][..]);
        let mut fields = Fields::of(message);
        while let Some(tag) = fields.next_tag()? {
            match tag {
                key_value::KEY => key = fields.bytes()?,
                key_value::VALUE => value = self.merged(value, fields.bytes()?)?,
                _ => self.unknown(&mut fields, tag)?,
            }
        }
        let key = self.text(key)?;
        // Nearly all have a text or an integer, and nothing else.
        let mut fields = Fields::of(value);
        match fields.next_tag()? {
            Some(any_value::TEXT) => {
                let text = fields.bytes()?;
                if fields.is_empty() {
                    list.push(Attribute { key, value: Value::Text(self.text(text)?) });
                    return Ok(());
                }
            }
            Some(any_value::INT) => {
                let number = fields.varint()?.cast_signed();
                if fields.is_empty() {
                    list.push(Attribute { key, value: Value::Int(number) });
                    return Ok(());
                }
            }
            _ => {}
        }
        list.push(Attribute { key, value: self.value(value, depth)? });
        Ok(())
    }

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
            Raw::Text(bytes) => Ok(Value::Text(self.text(bytes)?)),
            Raw::Array(_) | Raw::Map(_) if depth == VALUE_DEPTH_MAX => {
                self.flaw = Some(Reason::ValueTooDeep);
                Ok(Value::Empty)
            }
            Raw::Array(message) => self.array(message, depth + 1),
            Raw::Map(message) => self.map(message, depth + 1),
        }
    }

    fn array(&mut self, message: &'a [u8], depth: usize) -> Result<Value<'a>, Stop> {
        let count = self.count_values(message)?;
        let read = |work: &mut Self, bytes, list: &mut ArenaVec<'a, _>| {
            list.push(work.value(bytes, depth)?);
            Ok(())
        };
        self.list(message, (values::VALUES, count), read).map(Value::Array)
    }

    fn map(&mut self, message: &'a [u8], depth: usize) -> Result<Value<'a>, Stop> {
        let count = self.count_values(message)?;
        let read = |work: &mut Self, bytes, list: &mut ArenaVec<'a, _>| work.attribute(bytes, depth, list);
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
