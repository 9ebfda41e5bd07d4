//! The parser takes what `serde_json` takes, and reads the same values.

use std::fmt::Write as _;

use bumpalo::Bump;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use wire::contract::parse_batch;

#[derive(Deserialize, Debug, PartialEq)]
struct Reference {
    trace_id: String,
    span_id: String,
    parent_span_id: Option<String>,
    service: String,
    operation: String,
    start_time: i64,
    end_time: i64,
    status: String,
    #[serde(default)]
    tags: Option<std::collections::BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct ReferenceBatch {
    spans: Vec<Reference>,
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..6).prop_map(|map| json!(map)),
        ]
    })
}

prop_compose! {
    fn span()(
        ids in any::<(u128, u128, Option<u128>)>(),
        names in ("[\\PC\\n\"\\\\]{0,60}", any::<String>()),
        start in any::<i32>(),
        length in any::<u32>(),
        error in any::<bool>(),
        tags in prop::option::of(prop::collection::btree_map(any::<String>(), any::<String>(), 0..5)),
        extra in value(),
    ) -> Value {
        let uuid = |id: u128| span::TraceId::from_bytes(id.to_be_bytes()).to_string();
        json!({
            "trace_id": uuid(ids.0),
            "span_id": uuid(ids.1).to_uppercase(),
            "parent_span_id": ids.2.map(uuid),
            "service": names.0,
            "operation": names.1,
            "start_time": start,
            "end_time": i64::from(start) + i64::from(length),
            "status": if error { "error" } else { "ok" },
            "tags": tags,
            "extra": extra,
        })
    }
}

#[derive(Clone, Copy)]
struct Style {
    spaces: bool,
    escapes: bool,
}

/// Writes a document in another way: with white space, and with escapes for characters.
fn rewrite(text: &str, Style { spaces, escapes }: Style) -> String {
    let mut out = String::new();
    let mut in_string = false;
    let mut after_backslash = false;
    for character in text.chars() {
        let is_quote = character == '"' && !after_backslash;
        after_backslash = character == '\\' && !after_backslash;
        if !in_string && spaces && matches!(character, ',' | ':' | '{' | '}' | '[' | ']') {
            out.push_str(" \t\r\n");
            out.push(character);
            out.push(' ');
        } else if in_string && escapes && !is_quote && !character.is_ascii() {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                write!(out, "\\u{unit:04X}").expect("memory takes all");
            }
        } else {
            out.push(character);
        }
        in_string ^= is_quote;
    }
    out
}

fn read(body: &str) -> Result<Vec<Reference>, String> {
    let arena = Bump::new();
    let spans = parse_batch(body.as_bytes(), &arena).map_err(|rejection| rejection.to_string())?;
    let owned = spans.iter().map(|span| Reference {
        trace_id: span.trace_id.to_string(),
        span_id: span.span_id.to_string().to_uppercase(),
        parent_span_id: span.parent_span_id.map(|id| id.to_string()),
        service: span.service.to_owned(),
        operation: span.name.to_owned(),
        start_time: span.start.0,
        end_time: span.end.0,
        status: if span.status == span::Status::Error { "error".to_owned() } else { "ok".to_owned() },
        tags: Some(span.attributes.iter().map(|tag| (tag.key.to_owned(), text(tag.value))).collect()),
    });
    Ok(owned.collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn good_batches_read_the_same(
        spans in prop::collection::vec(span(), 1..6), spaces in any::<bool>(), escapes in any::<bool>(),
    ) {
        let body = rewrite(&json!({ "spans": spans }).to_string(), Style { spaces, escapes });
        let mut expected: ReferenceBatch = serde_json::from_str(&body).unwrap();
        for span in &mut expected.spans {
            span.tags.get_or_insert_default();
        }
        prop_assert_eq!(read(&body).unwrap(), expected.spans);
    }

    #[test]
    fn what_is_not_json_is_refused_by_both(
        span in span(), at in any::<prop::sample::Index>(), byte in prop::sample::select(b"\"\\{}[],:0-+.eEntu \n\x01".to_vec()),
        insert in any::<bool>(),
    ) {
        let mut body = json!({ "spans": [span] }).to_string().into_bytes();
        let at = at.index(body.len());
        if insert { body.insert(at, byte) } else { body[at] = byte }
        let Ok(body) = String::from_utf8(body) else { return Ok(()) };
        // A number beyond an f64 is well-formed, but serde_json has no place for it.
        let error = serde_json::from_str::<Value>(&body).err();
        if error.is_some_and(|error| !error.to_string().starts_with("number out of range")) {
            prop_assert!(read(&body).is_err(), "{}", body);
        }
        if let Ok(expected) = serde_json::from_str::<ReferenceBatch>(&body) {
            // Where the parser is stricter than serde_json, it names a field that breaks a rule of the contract.
            match read(&body) {
                Ok(found) => prop_assert_eq!(found.len(), expected.spans.len()),
                Err(sentence) => prop_assert!(sentence.starts_with("spans"), "{}: {}", sentence, body),
            }
        }
    }
}

fn text(value: span::Value<'_>) -> String {
    let span::Value::Text(text) = value else { panic!("a tag is text, not {value:?}") };
    text.to_owned()
}
