//! The `OpenAPI` document, and how to read values in it.

use std::sync::LazyLock;

use serde_json::Value;

const YAML: &str = include_str!("../../assets/openapi.yaml");
const JSON: &str = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));

/// The document as it was written.
pub(super) fn yaml() -> &'static str {
    YAML
}

/// The same document as JSON.
pub(super) fn json() -> &'static str {
    JSON
}

/// The same document, parsed.
pub(super) fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> =
        LazyLock::new(|| serde_json::from_str(JSON).expect("the build script wrote valid JSON"));
    &DOCUMENT
}

/// The text at a JSON pointer, or nothing.
pub(super) fn text_at<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The items at a JSON pointer, or none.
pub(super) fn list_at<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Follows `$ref` until a value without one; what stands beside a `$ref` is the caller's to read.
pub(super) fn resolve<'a>(openapi: &'a Value, value: &'a Value) -> &'a Value {
    /// Limit: a chain longer than this is a mistake in the document, perhaps a circle.
    const REFERENCES_MAX: usize = 8;
    let mut value = value;
    for _ in 0..REFERENCES_MAX {
        let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
            return value;
        };
        let target = reference.strip_prefix('#').and_then(|pointer| openapi.pointer(pointer));
        value = target.unwrap_or(&Value::Null);
    }
    value
}
