//! `KeyValue` and `AnyValue`.

use bumpalo::collections::Vec as ArenaVec;
use span::limits::VALUE_DEPTH_MAX;
use span::{Attribute, Value};

use super::super::rejected::Reason;
use super::super::work::Stop;
use super::request::Json;

/// Whether an object says this and no more.
fn is_null_double(object: &str) -> bool {
    let members = object.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let (key, value) = members.and_then(|members| members.split_once(':')).unwrap_or_default();
    matches!(key.trim(), "\"doubleValue\"" | "\"double_value\"") && value.trim() == "null"
}

impl<'a> Json<'_, 'a> {
    /// An array of `KeyValue` that stands inside of `depth` values.
    pub(super) fn attributes(&mut self, depth: usize) -> Result<&'a [Attribute<'a>], Stop> {
        let mut attributes = ArenaVec::new_in(self.work.arena);
        self.list(|json| {
            json.work.charge(1)?;
            attributes.push(json.attribute(depth)?);
            Ok(())
        })?;
        Ok(attributes.into_bump_slice())
    }

    fn attribute(&mut self, depth: usize) -> Result<Attribute<'a>, Stop> {
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

    fn value(&mut self, depth: usize) -> Result<Value<'a>, Stop> {
        let place = self.cursor.place();
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
        Ok(value.unwrap_or_else(|| self.value_of_nulls(place)))
    }

    /// Null is the same as absent. But JSON has neither NaN nor Infinity, and JavaScript writes null for each of them:
    /// a double that is null, with nothing beside it, was one of these.
    #[cold]
    fn value_of_nulls(&mut self, place: usize) -> Value<'a> {
        if !is_null_double(self.cursor.text_since(place)) {
            return Value::Empty;
        }
        self.work.oddities.repaired_numbers += 1;
        Value::Double(f64::NAN)
    }

    /// Goes one value deeper, or passes over what is too deep.
    fn nested(
        &mut self,
        depth: usize,
        read: impl Fn(&mut Self, usize) -> Result<Value<'a>, Stop>,
    ) -> Result<Value<'a>, Stop> {
        if depth < VALUE_DEPTH_MAX {
            return read(self, depth + 1);
        }
        self.work.flaw = Some(Reason::ValueTooDeep);
        self.cursor.skip_value()?;
        Ok(Value::Empty)
    }

    fn array_value(&mut self, depth: usize) -> Result<Value<'a>, Stop> {
        let mut values = ArenaVec::new_in(self.work.arena);
        self.message(|json, key| match key {
            "values" => json.list(|json| {
                json.work.charge(1)?;
                values.push(json.value(depth)?);
                Ok(())
            }),
            _ => json.unknown(),
        })?;
        Ok(Value::Array(values.into_bump_slice()))
    }

    fn map_value(&mut self, depth: usize) -> Result<Value<'a>, Stop> {
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
