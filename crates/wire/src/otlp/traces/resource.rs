//! The resource and the scope to write for a span.

use span::{Attribute, ResourceScope, Span, Value};

use super::super::span_source::{SERVICE_NAME, service_of};

/// Returns the resource and the scope of a span. Both are empty if it came by another protocol.
pub(super) fn resource_scope_of<'a>(span: &Span<'a>) -> ResourceScope<'a> {
    span.resource_scope.copied().unwrap_or_default()
}

/// Returns the attributes of the resource. They name the service even if the span came by a protocol that has another
/// field for it.
pub(super) fn resource_attributes<'a>(span: &Span<'a>) -> impl Iterator<Item = Attribute<'a>> + use<'a> {
    let resource_scope = resource_scope_of(span);
    let is_named = service_of(&resource_scope) == span.service;
    let name = Attribute { key: SERVICE_NAME, value: Value::Text(span.service) };
    let attributes = resource_scope.resource.attributes.iter().copied();
    let others = attributes.filter(move |attribute| is_named || attribute.key != SERVICE_NAME);
    (!is_named).then_some(name).into_iter().chain(others)
}
