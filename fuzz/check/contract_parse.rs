//! Checks that any bytes are refused with a sentence, or are a batch that keeps the rules of the contract.

use bumpalo::Bump;
use span::Value;
use span::limits::{ATTRIBUTE_VALUE_CHARS_MAX, ATTRIBUTES_MAX, BATCH_SPANS_MAX, NAME_CHARS_MAX};
use wire::contract::parse_batch;

pub(crate) fn check(bytes: &[u8]) {
    let arena = Bump::new();
    let spans = match parse_batch(bytes, &arena) {
        Ok(spans) => spans,
        Err(rejection) => {
            assert!(!rejection.to_string().is_empty());
            return;
        }
    };
    // The parser is stricter than serde_json, so serde_json reads everything that the parser takes.
    assert!(serde_json::from_slice::<serde_json::Value>(bytes).is_ok());
    assert!((1..=BATCH_SPANS_MAX).contains(&spans.len()));
    for span in spans {
        assert!(span.end >= span.start);
        assert!(
            span.service.chars().count() <= NAME_CHARS_MAX && span.name.chars().count() <= NAME_CHARS_MAX
        );
        assert!(span.attributes.len() <= ATTRIBUTES_MAX);
        for attribute in span.attributes {
            let Value::Text(text) = attribute.value else { panic!("a tag is text") };
            assert!(text.chars().count() <= ATTRIBUTE_VALUE_CHARS_MAX);
        }
    }
}
