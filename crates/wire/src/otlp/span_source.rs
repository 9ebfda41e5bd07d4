//! What the spans of one resource and scope have in common.

use span::{ResourceScope, Value};

use super::rejected::Reason;

/// The service of a resource that does not name one, as OpenTelemetry's SDKs have it.
pub(crate) const UNKNOWN_SERVICE: &str = "unknown_service";
/// The attribute of a resource that names its service.
pub(crate) const SERVICE_NAME: &str = "service.name";

/// What spans came from: a service, and the resource and scope that they were sent with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SpanSource<'a> {
    pub(crate) service: &'a str,
    /// `None` where both are empty.
    pub(crate) resource_scope: Option<&'a ResourceScope<'a>>,
    /// Why none of its spans can be taken: a part of the resource or the scope had to be left out.
    pub(crate) flaw: Option<Reason>,
}

/// The service that a resource names.
pub(crate) fn service_of<'a>(resource_scope: &ResourceScope<'a>) -> &'a str {
    let named = resource_scope.resource.attributes.iter().find(|attribute| attribute.key == SERVICE_NAME);
    match named.map(|attribute| attribute.value) {
        Some(Value::Text(name)) if !name.is_empty() => name,
        _ => UNKNOWN_SERVICE,
    }
}
