//! Converts span ids to the eight bytes that OpenTelemetry's protocol has for them.

use span::{Attribute, Span, SpanId, Value};

use crate::short_span_id::{halves, is_short};

/// The upper half of an id is multiplied by this before it is combined with the lower half, because the ids of one
/// trace may be equal in either half.
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// Returns an id of eight bytes for any id. The two halves of a UUID are combined; [`long_ids`] has the whole one.
pub(super) fn short_id(id: SpanId) -> [u8; 8] {
    let [upper, lower] = halves(id);
    match lower ^ upper.wrapping_mul(MULTIPLIER) {
        // An id of zeros is invalid.
        0 => MULTIPLIER,
        short => short,
    }
    .to_be_bytes()
}

/// Returns the ids of a span that are UUIDs, each with the key of the attribute that it is written as. The list is
/// empty if the span came by OpenTelemetry's protocol.
pub(super) fn long_ids(span: &Span<'_>) -> Vec<(&'static str, String)> {
    let ids = [("traced.span_id", Some(span.span_id)), ("traced.parent_span_id", span.parent_span_id)];
    let long = |id: &SpanId| !is_short(*id);
    ids.into_iter().filter_map(|(key, id)| Some((key, id.filter(long)?.to_string()))).collect()
}

/// Converts the result of [`long_ids`] to attributes.
pub(super) fn as_attributes<'a>(ids: &'a [(&'static str, String)]) -> impl Iterator<Item = Attribute<'a>> {
    ids.iter().map(|(key, id)| Attribute { key, value: Value::Text(id) })
}
