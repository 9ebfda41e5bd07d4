//! Values of attributes as the contract's tags have them: text.

use std::borrow::Cow;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value as Json};
use span::{Attribute, Value};

/// As OpenTelemetry has it for whoever knows only texts: texts as they are, bytes as base64, everything else as
/// JSON.
pub(crate) fn text(value: Value<'_>) -> Cow<'_, str> {
    match value {
        Value::Empty => Cow::Borrowed(""),
        Value::Text(text) => Cow::Borrowed(text),
        Value::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
        Value::Int(value) => Cow::Owned(value.to_string()),
        Value::Double(value) if value.is_finite() => Cow::Owned(json(Value::Double(value)).to_string()),
        Value::Double(value) => Cow::Borrowed(no_number(value)),
        Value::Bytes(bytes) => Cow::Owned(BASE64_STANDARD.encode(bytes)),
        Value::Array(_) | Value::Map(_) => Cow::Owned(json(value).to_string()),
    }
}

/// The text up to its `chars_max`th character. A text has no more characters than bytes, so few are counted.
pub(super) fn cut(text: &str, chars_max: usize) -> &str {
    if text.len() <= chars_max {
        return text;
    }
    let end = text.char_indices().nth(chars_max).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}

fn no_number(value: f64) -> &'static str {
    if value.is_nan() {
        "NaN"
    } else if value > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}

fn json(value: Value<'_>) -> Json {
    match value {
        Value::Empty => Json::Null,
        Value::Text(text) => text.into(),
        Value::Bool(value) => value.into(),
        Value::Int(value) => value.into(),
        Value::Double(value) if value.is_finite() => value.into(),
        Value::Double(value) => no_number(value).into(),
        Value::Bytes(bytes) => BASE64_STANDARD.encode(bytes).into(),
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

    use super::{cut, text};

    #[test]
    fn every_kind_of_value_has_a_text() {
        let list = [Value::Int(1), Value::Bool(false), Value::Empty, Value::Bytes(&[1, 0xab])];
        let map = [Attribute { key: "k", value: Value::Array(&list) }];
        assert_eq!(text(Value::Empty), "");
        assert_eq!(text(Value::Text("ä")), "ä");
        assert_eq!(text(Value::Int(-7)), "-7");
        assert_eq!(text(Value::Double(0.5)), "0.5");
        assert_eq!(text(Value::Double(1e300)), "1e+300");
        assert_eq!(text(Value::Double(f64::NEG_INFINITY)), "-Infinity");
        assert_eq!(text(Value::Array(&[Value::Double(f64::NAN)])), r#"["NaN"]"#);
        assert_eq!(text(Value::Bytes(&[0xfb, 0xff])), "+/8=");
        assert_eq!(text(Value::Map(&map)), r#"{"k":[1,false,null,"Aas="]}"#);
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!((cut("äöü", 3), cut("äöü", 2), cut("äöü", 0)), ("äöü", "äö", ""));
    }
}
