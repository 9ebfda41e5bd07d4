//! The distinct sources of the spans in a body.

use std::collections::HashMap;

use bumpalo::collections::Vec as ArenaVec;
use span::{Attribute, Resource, ResourceScope, SERVICE_INSTANCE, Scope, Value};

use crate::otlp::{DecodeError, RequestDecoder, SERVICE_NAME, SpanSource, UNKNOWN_SERVICE};

/// The fields of a Zipkin span that name its source.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct SourceNames<'a> {
    pub(super) service: &'a str,
    /// The address of the instance of the service.
    pub(super) address: &'a str,
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
        let SourceNames { service, address, scope_name, scope_version } = names;
        let texts = [(SERVICE_NAME, service), (SERVICE_INSTANCE, address)];
        let mut attributes = ArenaVec::new_in(decoder.arena);
        let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
        attributes.extend(texts.map(|(key, text)| Attribute { key, value: Value::Text(text) }));
        let attributes = attributes.into_bump_slice();
        let source = decoder.source(ResourceScope {
            resource: Resource { attributes, ..Resource::default() },
            scope: Scope { name: scope_name, version: scope_version, ..Scope::default() },
        })?;
        debug_assert!(source.service == UNKNOWN_SERVICE || source.service == service, "{source:?}");
        self.0.insert(names, source);
        Ok(source)
    }
}
