//! The resource and the instrumentation scope of a span, as bytes.
//!
//! Format: attributes, dropped count and schema URL of the resource, then name, version, attributes,
//! dropped count and schema URL of the scope.

use bumpalo::Bump;
use span::{Resource, ResourceScope, Scope};

use crate::attributes::{put_attributes, take_attributes};
use crate::reader::{Malformed, Reader, put_bytes};
use crate::varint;

pub fn put_resource_scope(out: &mut Vec<u8>, resource_scope: &ResourceScope<'_>) {
    let ResourceScope { resource, scope } = resource_scope;
    put_attributes(out, resource.attributes);
    varint::put(out, resource.dropped_attributes.into());
    put_bytes(out, resource.schema_url.as_bytes());
    put_bytes(out, scope.name.as_bytes());
    put_bytes(out, scope.version.as_bytes());
    put_attributes(out, scope.attributes);
    varint::put(out, scope.dropped_attributes.into());
    put_bytes(out, scope.schema_url.as_bytes());
}

pub fn take_resource_scope<'a>(
    reader: &mut Reader<'a>,
    arena: &'a Bump,
) -> Result<ResourceScope<'a>, Malformed> {
    let resource = Resource {
        attributes: take_attributes(reader, arena)?,
        dropped_attributes: reader.take_varint_u32()?,
        schema_url: reader.take_text()?,
    };
    let scope = Scope {
        name: reader.take_text()?,
        version: reader.take_text()?,
        attributes: take_attributes(reader, arena)?,
        dropped_attributes: reader.take_varint_u32()?,
        schema_url: reader.take_text()?,
    };
    Ok(ResourceScope { resource, scope })
}

/// Returns the instance of the service that an encoded resource scope names, or an empty text.
pub fn instance_of(resource_scope: &[u8]) -> Result<Box<str>, Malformed> {
    let arena = Bump::new();
    take_resource_scope(&mut Reader::new(resource_scope), &arena).map(|decoded| decoded.instance().into())
}
