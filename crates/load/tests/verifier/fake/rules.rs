//! The contract's rules for requests.

use serde_json::Value;

/// Reads the spans of a batch. The error has the message, and the valid spans before the bad one.
pub(crate) fn read_batch(body: &[u8]) -> Result<Vec<Value>, (String, Vec<Value>)> {
    let nothing = |error: &str| (error.to_owned(), Vec::new());
    let batch: Value = serde_json::from_slice(body).map_err(|error| nothing(&error.to_string()))?;
    let spans = batch["spans"].as_array().ok_or_else(|| nothing("spans: a list is missing"))?;
    if !(1..=500).contains(&spans.len()) {
        return Err(nothing("spans: 1 to 500 are allowed"));
    }
    for (place, span) in spans.iter().enumerate() {
        if let Some(field) = broken_field(span) {
            return Err((format!("spans[{place}].{field}: breaks a rule"), spans[..place].to_vec()));
        }
    }
    Ok(spans.clone())
}

fn broken_field(span: &Value) -> Option<&'static str> {
    let is_id = |field: &str| span[field].as_str().is_some_and(is_uuid);
    let is_name = |field: &str| span[field].as_str().is_some_and(|name| name.chars().count() <= 256);
    let rules = [
        ("trace_id", is_id("trace_id")),
        ("span_id", is_id("span_id")),
        ("parent_span_id", span["parent_span_id"].is_null() || is_id("parent_span_id")),
        ("service", is_name("service")),
        ("operation", is_name("operation")),
        ("start_time", span["start_time"].is_i64()),
        ("end_time", span["end_time"].as_i64() >= span["start_time"].as_i64() && span["end_time"].is_i64()),
        ("status", span["status"] == "ok" || span["status"] == "error"),
        ("tags", are_tags(&span["tags"])),
    ];
    rules.into_iter().find(|(_, holds)| !holds).map(|(field, _)| field)
}

fn are_tags(tags: &Value) -> bool {
    let is_value = |value: &Value| value.as_str().is_some_and(|text| text.chars().count() <= 1024);
    tags.is_null() || tags.as_object().is_some_and(|tags| tags.len() <= 50 && tags.values().all(is_value))
}

pub(crate) fn is_uuid(text: &str) -> bool {
    let is_hyphen_place = |at| matches!(at, 8 | 13 | 18 | 23);
    text.len() == 36
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if is_hyphen_place(at) { byte == b'-' } else { byte.is_ascii_hexdigit() })
}

#[derive(Clone, Copy)]
pub(crate) struct PageParameters {
    pub(crate) limit: usize,
    pub(crate) after: i64,
    pub(crate) before: i64,
}

impl PageParameters {
    pub(crate) fn read(query: &str) -> Result<Self, String> {
        let mut parameters = Self { limit: 20, after: 0, before: i64::MAX };
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            let number: i64 = value.parse().map_err(|_| format!("{name}: not a number"))?;
            match name {
                "limit" if (1..=1000).contains(&number) => {
                    parameters.limit = usize::try_from(number).unwrap();
                }
                "after" if number >= 0 => parameters.after = number,
                "before" if number >= 0 => parameters.before = number,
                _ => return Err(format!("{name}: breaks a rule")),
            }
        }
        if parameters.after >= parameters.before {
            return Err("query parameter after: must be less than before".to_owned());
        }
        Ok(parameters)
    }
}
