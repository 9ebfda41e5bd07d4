//! The `OpenAPI` document, in its two forms.

/// The document as it is written by hand.
pub(super) const YAML: &str = include_str!("../../assets/openapi.yaml");
/// The document as JSON, which the build script makes.
pub(super) const JSON: &str = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use serde_json::Value;

    use super::{JSON, YAML};

    fn document() -> &'static Value {
        static DOCUMENT: LazyLock<Value> =
            LazyLock::new(|| serde_json::from_str(JSON).expect("the build script has written JSON"));
        &DOCUMENT
    }

    /// Follows a `$ref`.
    fn resolve(value: &Value) -> &Value {
        let reference = value.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'));
        reference.map_or(value, |pointer| document().pointer(pointer).expect("it refers to something"))
    }

    #[test]
    fn every_operation_has_an_id_and_a_summary() {
        let paths = document()["paths"].as_object().expect("the document has paths");
        assert!(paths.len() >= 9, "the document lists every route");
        for (path, item) in paths {
            for (method, operation) in item.as_object().expect("a path item is an object") {
                for field in ["operationId", "summary"] {
                    assert!(operation[field].is_string(), "{method} {path} has no {field}");
                }
            }
        }
    }

    #[test]
    fn the_two_forms_say_the_same() {
        assert!(YAML.starts_with("openapi: 3.1.0"));
        assert_eq!(document()["info"]["version"], env!("CARGO_PKG_VERSION"));
        let nanos = &document()["components"]["schemas"]["Nanos"];
        assert_eq!(nanos["minimum"], i64::MIN, "the bounds are exact after the conversion");
        assert_eq!(nanos["maximum"], i64::MAX);
    }

    #[test]
    fn the_limits_are_those_of_the_vocabulary() {
        let schemas = &document()["components"]["schemas"];
        assert_eq!(schemas["Batch"]["properties"]["spans"]["maxItems"], span::limits::BATCH_SPANS_MAX);
        let span = &schemas["SpanIn"]["properties"];
        assert_eq!(span["service"]["maxLength"], span::limits::NAME_CHARS_MAX);
        assert_eq!(span["operation"]["maxLength"], span::limits::NAME_CHARS_MAX);
        assert_eq!(span["tags"]["maxProperties"], span::limits::ATTRIBUTES_MAX);
        let value = &span["tags"]["additionalProperties"];
        assert_eq!(value["maxLength"], span::limits::ATTRIBUTE_VALUE_CHARS_MAX);
    }

    #[test]
    fn every_field_says_what_it_is() {
        check_described(document(), "");
    }

    /// A comma in an unquoted YAML text ends it and begins a key with no value: so no null may be there either.
    fn check_described(value: &Value, place: &str) {
        assert!(!value.is_null(), "{place} is null");
        for (name, field) in value.pointer("/properties").and_then(Value::as_object).into_iter().flatten() {
            let field = resolve(field);
            assert!(field["description"].as_str().is_some_and(|text| text.ends_with('.')), "{place}/{name}");
        }
        match value {
            Value::Object(fields) => {
                for (name, field) in fields {
                    check_described(field, &format!("{place}/{name}"));
                }
            }
            Value::Array(items) => items.iter().for_each(|item| check_described(item, place)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}
