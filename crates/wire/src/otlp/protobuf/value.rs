//! Decodes `KeyValue` and `AnyValue`.

use bumpalo::collections::Vec as ArenaVec;
use span::limits::VALUE_DEPTH_MAX;
use span::{Attribute, Value};

use super::super::decode_error::DecodeError;
use super::super::rejected::Reason;
use super::super::request_decoder::RequestDecoder;
use super::super::schema::{any_value, key_value, values};
use super::messages::RepeatedField;
use crate::protobuf::Fields;

/// A value whose content is not decoded yet. A message may have several values and only the last one counts, so the
/// content of the others is never decoded.
enum RawValue<'a> {
    Plain(Value<'a>),
    Text(&'a [u8]),
    Array(&'a [u8]),
    Map(&'a [u8]),
}

impl<'a> RequestDecoder<'a> {
    /// Reads the repeated field `KeyValue` of a resource, a scope, a span, an event or a link.
    #[inline]
    pub(super) fn attributes(
        &mut self,
        message: &'a [u8],
        field: RepeatedField,
    ) -> Result<&'a [Attribute<'a>], DecodeError> {
        self.list(message, field, |decoder, bytes, list| decoder.attribute(bytes, 0, list))
    }

    /// Reads a `KeyValue` into `list`. `depth` is how many values it is nested in.
    #[inline]
    fn attribute(
        &mut self,
        message: &'a [u8],
        depth: usize,
        list: &mut ArenaVec<'a, Attribute<'a>>,
    ) -> Result<(), DecodeError> {
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
        // Nearly all values are a single text or integer, which this path reads without a loop.
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

    fn value(&mut self, message: &'a [u8], depth: usize) -> Result<Value<'a>, DecodeError> {
        let mut raw = RawValue::Plain(Value::Empty);
        let mut fields = Fields::of(message);
        while let Some(tag) = fields.next_tag()? {
            raw = match (tag, raw) {
                (any_value::TEXT, _) => RawValue::Text(fields.bytes()?),
                (any_value::BOOL, _) => RawValue::Plain(Value::Bool(fields.varint()? != 0)),
                (any_value::INT, _) => RawValue::Plain(Value::Int(fields.varint()?.cast_signed())),
                (any_value::DOUBLE, _) => RawValue::Plain(Value::Double(f64::from_bits(fields.fixed64()?))),
                (any_value::BYTES, _) => RawValue::Plain(Value::Bytes(fields.bytes()?)),
                (any_value::ARRAY, RawValue::Array(before)) => {
                    RawValue::Array(self.merged(before, fields.bytes()?)?)
                }
                (any_value::ARRAY, _) => RawValue::Array(fields.bytes()?),
                (any_value::MAP, RawValue::Map(before)) => {
                    RawValue::Map(self.merged(before, fields.bytes()?)?)
                }
                (any_value::MAP, _) => RawValue::Map(fields.bytes()?),
                (_, raw) => {
                    self.unknown(&mut fields, tag)?;
                    raw
                }
            };
        }
        match raw {
            RawValue::Plain(value) => Ok(value),
            RawValue::Text(bytes) => Ok(Value::Text(self.text(bytes)?)),
            RawValue::Array(_) | RawValue::Map(_) if depth == VALUE_DEPTH_MAX => {
                self.flaw = Some(Reason::ValueTooDeep);
                Ok(Value::Empty)
            }
            RawValue::Array(message) => self.array(message, depth + 1),
            RawValue::Map(message) => self.map(message, depth + 1),
        }
    }

    fn array(&mut self, message: &'a [u8], depth: usize) -> Result<Value<'a>, DecodeError> {
        let count = self.count_values(message)?;
        let field = RepeatedField { tag: values::VALUES, count };
        let read = |decoder: &mut Self, bytes, list: &mut ArenaVec<'a, _>| {
            list.push(decoder.value(bytes, depth)?);
            Ok(())
        };
        self.list(message, field, read).map(Value::Array)
    }

    fn map(&mut self, message: &'a [u8], depth: usize) -> Result<Value<'a>, DecodeError> {
        let count = self.count_values(message)?;
        let field = RepeatedField { tag: values::VALUES, count };
        let read =
            |decoder: &mut Self, bytes, list: &mut ArenaVec<'a, _>| decoder.attribute(bytes, depth, list);
        self.list(message, field, read).map(Value::Map)
    }

    fn count_values(&mut self, message: &'a [u8]) -> Result<usize, DecodeError> {
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
