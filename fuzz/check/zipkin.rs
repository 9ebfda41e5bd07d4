//! Checks that any bytes are refused with a sentence, or are a body of Zipkin's whose spans keep the rules.

use bumpalo::Bump;
use span::Timestamp;
use wire::zipkin::decode;

use super::otlp::check_spans;

pub(crate) fn check(bytes: &[u8]) {
    let arena = Bump::new();
    match decode(bytes, &arena, Timestamp(1_790_000_000_000_000_000), None) {
        Ok(batch) => check_spans(batch.spans),
        Err(malformed) => assert!(!malformed.to_string().is_empty()),
    }
}
