//! The sender of a span: OpenTelemetry's resource and instrumentation scope.

use crate::{Attribute, Value};

/// The key of the attribute of a resource that tells the instances of a service apart.
pub const SERVICE_INSTANCE: &str = "service.instance.id";

/// The resource and the instrumentation scope of a span. Spans from one sender share the object, so that it is stored
/// once for all of them.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct ResourceScope<'a> {
    pub resource: Resource<'a>,
    pub scope: Scope<'a>,
}

impl<'a> ResourceScope<'a> {
    /// Returns the instance of the service that the resource names, or an empty text.
    pub fn instance(&self) -> &'a str {
        let named = self.resource.attributes.iter().find(|attribute| attribute.key == SERVICE_INSTANCE);
        match named.map(|attribute| attribute.value) {
            Some(Value::Text(instance)) => instance,
            _ => "",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Resource<'a> {
    pub attributes: &'a [Attribute<'a>],
    pub dropped_attributes: u32,
    pub schema_url: &'a str,
}

#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Scope<'a> {
    pub name: &'a str,
    pub version: &'a str,
    pub attributes: &'a [Attribute<'a>],
    pub dropped_attributes: u32,
    pub schema_url: &'a str,
}
