//! The revision of a trace: a text that changes when the trace gets a span.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

use store::TraceSpans;

/// How many spans there are, and a sum of hashes of their ids, which does not depend on their order.
pub(super) fn of(spans: &TraceSpans) -> String {
    let hasher = BuildHasherDefault::<DefaultHasher>::new();
    let sum = spans.span_ids().fold(0u64, |sum, id| sum.wrapping_add(hasher.hash_one(id)));
    format!("{:x}-{sum:016x}", spans.len())
}
