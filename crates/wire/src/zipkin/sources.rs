//! The distinct sources of the spans in a body.

use std::collections::HashMap;

use span::{Attribute, Resource, ResourceScope, Scope, Value};

use crate::otlp::{DecodeError, RequestDecoder, SERVICE_NAME, SpanSource, UNKNOWN_SERVICE};

/// The fields of a Zipkin span that name its source.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct SourceNames<'a> {
    pub(super) service: &'a str,
    pub(super) scope_name: &'a str,
    pub(super) scope_version: &'a str,
}

/// The sources that were found so far. A body has few, and each is stored once.
#[derive(Default)]
pub(super) struct Sources<'a>(HashMap<SourceNames<'a>, SpanSource<'a>>);

impl<'a> Sources<'a> {
    /// Returns the source with these names, which is made if it is new.
    pub(super) fn get_or_make(
        &mut self,
        decoder: &mut RequestDecoder<'a>,
        names: SourceNames<'a>,
    ) -> Result<SpanSource<'a>, DecodeError> {
        if let Some(&source) = self.0.get(&names) {
            return Ok(source);
        }
        let SourceNames { service, scope_name, scope_version } = names;
        let attribute = Attribute { key: SERVICE_NAME, value: Value::Text(service) };
        let attributes: &[Attribute<'_>] =
            if service.is_empty() { &[] } else { decoder.arena.alloc_slice_copy(&[attribute]) };
        let source = decoder.source(ResourceScope {
            resource: Resource { attributes, ..Resource::default() },
            scope: Scope { name: scope_name, version: scope_version, ..Scope::default() },
        })?;
        debug_assert!(source.service == UNKNOWN_SERVICE || source.service == service, "{source:?}");
        self.0.insert(names, source);
        Ok(source)
    }
}
