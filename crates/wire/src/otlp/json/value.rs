//! Decodes `KeyValue` and `AnyValue`.

use bumpalo::collections::Vec as ArenaVec;
use span::limits::VALUE_DEPTH_MAX;
use span::{Attribute, Value};

use super::super::decode_error::DecodeError;
use super::super::rejected::Reason;
use super::reader::JsonReader;

/// Whether the text of an object has `doubleValue` with null and no other member.
fn is_null_double(object: &str) -> bool {
    let members = object.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let (key, value) = members.and_then(|members| members.split_once(':')).unwrap_or_default();
    matches!(key.trim(), "\"doubleValue\"" | "\"double_value\"") && value.trim() == "null"
}

impl<'a> JsonReader<'_, 'a> {
    /// Reads an array of `KeyValue`. `depth` is how many values it is nested in.
    pub(super) fn attributes(&mut self, depth: usize) -> Result<&'a [Attribute<'a>], DecodeError> {
        let mut attributes = ArenaVec::new_in(self.decoder.arena);
        self.list(|json| {
            json.decoder.charge(1)?;
            attributes.push(json.attribute(depth)?);
            Ok(())
        })?;
        Ok(attributes.into_bump_slice())
    }

    fn attribute(&mut self, depth: usize) -> Result<Attribute<'a>, DecodeError> {
        let mut attribute = Attribute { key: "", value: Value::Empty };
        self.message(|json, key| {
            match key {
                "key" => attribute.key = json.text()?,
                "value" => attribute.value = json.value(depth)?,
                _ => json.unknown()?,
            }
            Ok(())
        })?;
        Ok(attribute)
    }

    fn value(&mut self, depth: usize) -> Result<Value<'a>, DecodeError> {
        let start = self.cursor.value_start();
        let mut value = None;
        self.message(|json, key| {
            value = Some(match key {
                "stringValue" | "string_value" => Value::Text(json.text()?),
                "boolValue" | "bool_value" => Value::Bool(json.boolean()?),
                "intValue" | "int_value" => json.integer_value()?,
                "doubleValue" | "double_value" => Value::Double(json.double()?),
                "bytesValue" | "bytes_value" => Value::Bytes(json.base64()?),
                "arrayValue" | "array_value" => json.nested(depth, Self::array_value)?,
                "kvlistValue" | "kvlist_value" => json.nested(depth, Self::map_value)?,
                _ => return json.unknown(),
            });
            Ok(())
        })?;
        Ok(value.unwrap_or_else(|| self.value_of_nulls(start)))
    }

    /// Returns the value of an object whose members are all null, and which begins at `start`. Null counts as no
    /// member, so the value is empty. But JSON has neither NaN nor Infinity, and JavaScript writes null for each of
    /// them: if `doubleValue` is null and the only member, the value is NaN.
    #[cold]
    fn value_of_nulls(&mut self, start: usize) -> Value<'a> {
        if !is_null_double(self.cursor.text_since(start)) {
            return Value::Empty;
        }
        self.decoder.repairs.repaired_numbers += 1;
        Value::Double(f64::NAN)
    }

    /// Reads a value that is nested in `depth` values, by `read`. If that is too deep, skips it and rejects its span,
    /// scope or resource.
    fn nested(
        &mut self,
        depth: usize,
        read: impl Fn(&mut Self, usize) -> Result<Value<'a>, DecodeError>,
    ) -> Result<Value<'a>, DecodeError> {
        if depth < VALUE_DEPTH_MAX {
            return read(self, depth + 1);
        }
        self.decoder.flaw = Some(Reason::ValueTooDeep);
        self.cursor.skip_value()?;
        Ok(Value::Empty)
    }

    fn array_value(&mut self, depth: usize) -> Result<Value<'a>, DecodeError> {
        let mut values = ArenaVec::new_in(self.decoder.arena);
        self.message(|json, key| match key {
            "values" => json.list(|json| {
                json.decoder.charge(1)?;
                values.push(json.value(depth)?);
                Ok(())
            }),
            _ => json.unknown(),
        })?;
        Ok(Value::Array(values.into_bump_slice()))
    }

    fn map_value(&mut self, depth: usize) -> Result<Value<'a>, DecodeError> {
        let mut attributes = &[][..];
        self.message(|json, key| {
            match key {
                "values" => attributes = json.attributes(depth)?,
                _ => json.unknown()?,
            }
            Ok(())
        })?;
        Ok(Value::Map(attributes))
    }
}
