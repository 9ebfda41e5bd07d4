//! What the spans of one resource and scope share.

use span::{ResourceScope, Value};

use super::rejected::Reason;

/// The service of a resource without a name of one, as OpenTelemetry's SDKs call it.
pub(crate) const UNKNOWN_SERVICE: &str = "unknown_service";
/// The key of the attribute of a resource that names its service.
pub(crate) const SERVICE_NAME: &str = "service.name";

/// The source of spans: a service, and the resource and scope that they were sent with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SpanSource<'a> {
    pub(crate) service: &'a str,
    /// `None` if resource and scope are empty.
    pub(crate) resource_scope: Option<&'a ResourceScope<'a>>,
    /// Why all its spans must be rejected: a part of the resource or the scope could not be decoded. Else `None`.
    pub(crate) flaw: Option<Reason>,
}

/// Returns the service that a resource names.
pub(crate) fn service_of<'a>(resource_scope: &ResourceScope<'a>) -> &'a str {
    let named = resource_scope.resource.attributes.iter().find(|attribute| attribute.key == SERVICE_NAME);
    match named.map(|attribute| attribute.value) {
        Some(Value::Text(name)) if !name.is_empty() => name,
        _ => UNKNOWN_SERVICE,
    }
}
