//! What a span has of its resource and its scope.

use span::{Attribute, ResourceScope, Span, SpanId, Value};

use super::super::draft::{SERVICE_NAME, service_of};

/// Resource and scope of a span; both empty where it came by another protocol.
pub(super) fn resource_scope_of<'a>(span: &Span<'a>) -> ResourceScope<'a> {
    span.resource_scope.copied().unwrap_or_default()
}

/// The attributes of the resource. They name the service, even where the span came by a protocol that has
/// another place for it.
pub(super) fn resource_attributes<'a>(span: &Span<'a>) -> impl Iterator<Item = Attribute<'a>> + use<'a> {
    let resource_scope = resource_scope_of(span);
    let is_named = service_of(&resource_scope) == span.service;
    let name = Attribute { key: SERVICE_NAME, value: Value::Text(span.service) };
    let attributes = resource_scope.resource.attributes.iter().copied();
    let others = attributes.filter(move |attribute| is_named || attribute.key != SERVICE_NAME);
    (!is_named).then_some(name).into_iter().chain(others)
}

/// What the halves of a UUID are mixed with. UUIDs of one trace may be equal in either half.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// The id in the eight bytes that the protocol has for it. One that came as a UUID is folded, and stands whole among the
/// attributes.
pub(super) fn short_id(id: SpanId) -> [u8; 8] {
    let [upper, lower] = halves(id);
    match lower ^ upper.wrapping_mul(MIX) {
        // No id is all zeros.
        0 => MIX,
        short => short,
    }
    .to_be_bytes()
}

fn halves(id: SpanId) -> [u64; 2] {
    let (upper, lower) = (u128::from_be_bytes(id.to_bytes()) >> 64, u128::from_be_bytes(id.to_bytes()));
    [upper, lower & u128::from(u64::MAX)].map(|half| u64::try_from(half).expect("64 bits fit"))
}

/// Ids that came as UUIDs, under the keys that attributes have them by; none where all came by OpenTelemetry's
/// protocol.
pub(super) fn whole_ids(span: &Span<'_>) -> Vec<(&'static str, String)> {
    let ids = [("traced.span_id", Some(span.span_id)), ("traced.parent_span_id", span.parent_span_id)];
    let whole = |id: &SpanId| halves(*id)[0] != 0;
    ids.into_iter().filter_map(|(key, id)| Some((key, id.filter(whole)?.to_string()))).collect()
}

/// The same as attributes.
pub(super) fn as_attributes<'a>(ids: &'a [(&'static str, String)]) -> impl Iterator<Item = Attribute<'a>> {
    ids.iter().map(|(key, id)| Attribute { key, value: Value::Text(id) })
}
