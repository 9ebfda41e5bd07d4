//! Span ids in the eight bytes that the protocol has for them.

use span::{Attribute, Span, SpanId, Value};

use crate::short_span_id::{halves, is_short};

/// What the upper half of an id is multiplied with before it is mixed into the lower one: the ids of one trace may be
/// equal in either half.
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// An id of eight bytes for any id. One that came as a UUID is folded, and [`long_ids`] has it whole.
pub(super) fn short_id(id: SpanId) -> [u8; 8] {
    let [upper, lower] = halves(id);
    match lower ^ upper.wrapping_mul(MULTIPLIER) {
        // An id of zeros would be none.
        0 => MULTIPLIER,
        short => short,
    }
    .to_be_bytes()
}

/// The ids of a span that came as UUIDs, under the keys of the attributes that say them. None, where the span came by
/// OpenTelemetry's protocol.
pub(super) fn long_ids(span: &Span<'_>) -> Vec<(&'static str, String)> {
    let ids = [("traced.span_id", Some(span.span_id)), ("traced.parent_span_id", span.parent_span_id)];
    let long = |id: &SpanId| !is_short(*id);
    ids.into_iter().filter_map(|(key, id)| Some((key, id.filter(long)?.to_string()))).collect()
}

/// Ids as attributes.
pub(super) fn as_attributes<'a>(ids: &'a [(&'static str, String)]) -> impl Iterator<Item = Attribute<'a>> {
    ids.iter().map(|(key, id)| Attribute { key, value: Value::Text(id) })
}
