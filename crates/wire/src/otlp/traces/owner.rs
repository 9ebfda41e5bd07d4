//! What a span has of its resource and its scope.

use span::{Attribute, Origin, Span, SpanId, Value};

use super::super::draft::{SERVICE_NAME, service_of};

/// Resource and scope of a span; both empty where it came by another protocol.
pub(super) fn origin_of<'a>(span: &Span<'a>) -> Origin<'a> {
    span.origin.copied().unwrap_or_default()
}

/// The attributes of the resource. They name the service, even where the span came by a protocol that has
/// another place for it.
pub(super) fn resource_attributes<'a>(span: &Span<'a>) -> impl Iterator<Item = Attribute<'a>> + use<'a> {
    let origin = origin_of(span);
    let is_named = service_of(&origin) == span.service;
    let name = Attribute { key: SERVICE_NAME, value: Value::Text(span.service) };
    let attributes = origin.resource.attributes.iter().copied();
    let others = attributes.filter(move |attribute| is_named || attribute.key != SERVICE_NAME);
    (!is_named).then_some(name).into_iter().chain(others)
}

/// The id in as many bytes as it needs: eight, or sixteen where it came as a UUID.
pub(super) fn with_id<R>(id: SpanId, write: impl FnOnce(&[u8]) -> R) -> R {
    let bytes = id.to_bytes();
    write(bytes.strip_prefix(&[0; 8]).unwrap_or(&bytes))
}
