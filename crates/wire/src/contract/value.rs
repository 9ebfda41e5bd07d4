//! Values of attributes as the contract's tags have them: text.

use std::borrow::Cow;

use serde_json::{Map, Value as Json};
use span::{Attribute, Value};

/// Text as it is, numbers and truth values as they are written, everything else as JSON.
pub(super) fn text(value: Value<'_>) -> Cow<'_, str> {
    match value {
        Value::Empty => Cow::Borrowed(""),
        Value::Text(text) => Cow::Borrowed(text),
        Value::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
        Value::Int(value) => Cow::Owned(value.to_string()),
        Value::Double(value) => Cow::Owned(value.to_string()),
        Value::Bytes(bytes) => Cow::Owned(hex(bytes)),
        Value::Array(_) | Value::Map(_) => Cow::Owned(json(value).to_string()),
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string does not fail.
        _ = write!(text, "{byte:02x}");
        text
    })
}

fn json(value: Value<'_>) -> Json {
    match value {
        Value::Empty => Json::Null,
        Value::Text(text) => text.into(),
        Value::Bool(value) => value.into(),
        Value::Int(value) => value.into(),
        // Not a number and infinity have no JSON: null.
        Value::Double(value) => value.into(),
        Value::Bytes(bytes) => hex(bytes).into(),
        Value::Array(values) => values.iter().map(|&value| json(value)).collect(),
        Value::Map(attributes) => Json::Object(attributes.iter().map(entry).collect::<Map<_, _>>()),
    }
}

fn entry(attribute: &Attribute<'_>) -> (String, Json) {
    (attribute.key.to_owned(), json(attribute.value))
}

#[cfg(test)]
mod tests {
    use span::{Attribute, Value};

    use super::text;

    #[test]
    fn every_kind_of_value_has_a_text() {
        let list = [Value::Int(1), Value::Bool(false), Value::Empty, Value::Bytes(&[1, 0xab])];
        let map = [Attribute { key: "k", value: Value::Array(&list) }];
        assert_eq!(text(Value::Empty), "");
        assert_eq!(text(Value::Text("ä")), "ä");
        assert_eq!(text(Value::Int(-7)), "-7");
        assert_eq!(text(Value::Double(0.5)), "0.5");
        assert_eq!(text(Value::Map(&map)), r#"{"k":[1,false,null,"01ab"]}"#);
    }
}
