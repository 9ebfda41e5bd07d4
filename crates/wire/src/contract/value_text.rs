//! Converts values of attributes to texts, because the contract's tags are texts.

use std::borrow::Cow;
use std::io;

use base64::Engine as _;
use base64::display::Base64Display;
use base64::prelude::BASE64_STANDARD;
use serde::{Serialize, Serializer};
use span::Value;
use span::limits::ATTRIBUTE_VALUE_CHARS_MAX;

use crate::json::non_finite_name;

/// Limit: bytes of a value that are written as text, because a value may have megabytes. The contract shows
/// [`ATTRIBUTE_VALUE_CHARS_MAX`] characters of at most four bytes each; one character more is written, so that the
/// text is never cut inside a shown one.
const SHOWN_BYTES_MAX: usize = (ATTRIBUTE_VALUE_CHARS_MAX + 1) * 4;

/// Converts a value by OpenTelemetry's rule for formats that only have texts: texts stay as they are, bytes become
/// base64, and everything else becomes JSON. A long value is cut, but after the characters that the contract shows.
pub(super) fn shown_text(value: Value<'_>) -> Cow<'_, str> {
    text_up_to(value, SHOWN_BYTES_MAX)
}

/// Converts a value as [`shown_text`] does, but does not cut it.
pub(crate) fn whole_text(value: Value<'_>) -> Cow<'_, str> {
    text_up_to(value, usize::MAX)
}

fn text_up_to(value: Value<'_>, bytes_max: usize) -> Cow<'_, str> {
    match value {
        Value::Empty => Cow::Borrowed(""),
        Value::Text(text) => Cow::Borrowed(text),
        Value::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
        Value::Int(value) => Cow::Owned(value.to_string()),
        Value::Double(value) if !value.is_finite() => {
            Cow::Borrowed(non_finite_name(value).unwrap_or_default())
        }
        // Base64 is longer than the bytes that it encodes, so this many bytes give enough text.
        Value::Bytes(bytes) => Cow::Owned(BASE64_STANDARD.encode(bytes.get(..bytes_max).unwrap_or(bytes))),
        Value::Double(_) | Value::Array(_) | Value::Map(_) => Cow::Owned(json(value, bytes_max)),
    }
}

fn json(value: Value<'_>, bytes_max: usize) -> String {
    let mut out = BoundedWriter { bytes: Vec::new(), bytes_max };
    // The only possible error is that the limit is reached, and then enough is written.
    serde_json::to_writer(&mut out, &JsonValue(value)).ok();
    let whole_chars = |bytes: &[u8]| bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid()).to_owned();
    String::from_utf8(out.bytes).unwrap_or_else(|cut| whole_chars(cut.as_bytes()))
}

/// Collects bytes up to a limit. Then a write fails, which ends the serializer's work.
struct BoundedWriter {
    bytes: Vec<u8>,
    bytes_max: usize,
}

impl io::Write for BoundedWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.get(..self.bytes_max - self.bytes.len()).unwrap_or(bytes);
        self.bytes.extend_from_slice(taken);
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Serializes a value as plain JSON.
struct JsonValue<'a>(Value<'a>);

impl Serialize for JsonValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Empty => serializer.serialize_unit(),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Bool(value) => serializer.serialize_bool(value),
            Value::Int(value) => serializer.serialize_i64(value),
            Value::Double(value) => match non_finite_name(value) {
                None => serializer.serialize_f64(value),
                Some(name) => serializer.serialize_str(name),
            },
            Value::Bytes(bytes) => serializer.collect_str(&Base64Display::new(bytes, &BASE64_STANDARD)),
            Value::Array(values) => serializer.collect_seq(values.iter().map(|&value| JsonValue(value))),
            Value::Map(attributes) => serializer
                .collect_map(attributes.iter().map(|attribute| (attribute.key, JsonValue(attribute.value)))),
        }
    }
}

#[cfg(test)]
mod tests {
    use span::{Attribute, Value};

    use span::limits::cut;

    use super::{SHOWN_BYTES_MAX, shown_text, whole_text};

    #[test]
    fn every_kind_of_value_has_a_text() {
        let list = [Value::Int(1), Value::Bool(false), Value::Empty, Value::Bytes(&[1, 0xab])];
        let map = [Attribute { key: "k", value: Value::Array(&list) }];
        assert_eq!(shown_text(Value::Empty), "");
        assert_eq!(shown_text(Value::Text("ä")), "ä");
        assert_eq!(shown_text(Value::Int(-7)), "-7");
        assert_eq!(shown_text(Value::Double(0.5)), "0.5");
        assert_eq!(shown_text(Value::Double(1e300)), "1e+300");
        assert_eq!(shown_text(Value::Double(f64::NEG_INFINITY)), "-Infinity");
        assert_eq!(shown_text(Value::Array(&[Value::Double(f64::NAN)])), r#"["NaN"]"#);
        assert_eq!(shown_text(Value::Bytes(&[0xfb, 0xff])), "+/8=");
        assert_eq!(shown_text(Value::Map(&map)), r#"{"k":[1,false,null,"Aas="]}"#);
    }

    #[test]
    fn a_text_is_cut_between_characters() {}

    #[test]
    fn a_large_value_is_written_only_as_far_as_it_is_shown() {
        let bytes = vec![0xab; 5000];
        for inner in [Value::Text("ä€𝄞"), Value::Int(1), Value::Bytes(&bytes), Value::Array(&[])] {
            let values = vec![inner; 3000];
            let (shown, whole) = (shown_text(Value::Array(&values)), whole_text(Value::Array(&values)));
            assert!(shown.len() <= SHOWN_BYTES_MAX && shown.len() < whole.len());
            assert_eq!(cut(&shown, 1024), cut(&whole, 1024));
        }
        let bytes = Value::Bytes(&bytes);
        assert_eq!(cut(&shown_text(bytes), 1024), cut(&whole_text(bytes), 1024));
        assert!(shown_text(bytes).len() < 2 * SHOWN_BYTES_MAX);
    }
}
