//! The sender of a span: OpenTelemetry's resource and instrumentation scope.

use crate::Attribute;

/// The resource and the instrumentation scope of a span. Spans from one sender share the object, so that it is stored
/// once for all of them.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct ResourceScope<'a> {
    pub resource: Resource<'a>,
    pub scope: Scope<'a>,
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
