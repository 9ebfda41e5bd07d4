//! What stands around spans: requests, resources and scopes.

use std::ops::Range;

use bumpalo::collections::Vec as ArenaVec;
use span::{Resource, ResourceScope, Scope};

use super::super::draft::Owner;
use super::super::rejected::Reason;
use super::super::resource_scopes::Written;
use super::super::work::{SPAN_ITEMS, Stop, Work};
use super::path::Path;
use crate::json::Cursor;

/// A request as far as it has been read.
pub(super) struct Json<'w, 'a> {
    pub(super) work: &'w mut Work<'a>,
    pub(super) cursor: Cursor<'a>,
    pub(super) path: Path<'a>,
}

/// Spans whose resource is not known before the end of its object.
struct Scoped<'a> {
    spans: Range<usize>,
    scope: Scope<'a>,
    written: Written<'a>,
}

/// What spans belong to until their resource and scope are known.
const NOBODY: Owner<'static> = Owner { service: "", resource_scope: None, flaw: None };

pub(in crate::otlp) fn read<'a>(work: &mut Work<'a>, body: &'a [u8]) -> Result<(), Stop> {
    let cursor = Cursor::repairing(work.text(body)?, work.arena);
    let mut json = Json { work, cursor, path: Path::default() };
    json.envelope(|json, key| match key {
        "resourceSpans" | "resource_spans" => json.envelopes(Json::resource_spans),
        _ => json.unknown(),
    })?;
    json.cursor.end()?;
    json.work.oddities.repaired_texts += json.cursor.repaired();
    Ok(())
}

impl<'a> Json<'_, 'a> {
    /// Passes over a value that is not ours. One that says no more than an absent one is not missed.
    #[cold]
    pub(super) fn unknown(&mut self) -> Result<(), Stop> {
        let skipped = self.cursor.skipped_text()?;
        let says_nothing = matches!(skipped, "[]" | "{}" | "\"\"" | "0" | "false");
        self.work.oddities.unknown_fields += u64::from(!says_nothing);
        if !says_nothing && self.work.stray.is_empty() && self.work.spans.is_empty() {
            self.work.stray = self.path.to_string();
        }
        Ok(())
    }

    fn resource_spans(&mut self) -> Result<(), Stop> {
        let first = self.work.spans.len();
        let mut resource = Resource::default();
        let (mut message, mut schema_url) = ("", "");
        let mut flaw = None;
        let mut scoped = ArenaVec::new_in(self.work.arena);
        self.envelope(|json, key| {
            match key {
                "resource" => {
                    (resource, message) = json.written(Self::resource)?;
                    flaw = flaw.or(json.work.flaw.take());
                }
                "scopeSpans" | "scope_spans" => json.envelopes(|json| json.scope_spans(&mut scoped))?,
                "schemaUrl" | "schema_url" => {
                    schema_url = json.text()?;
                    flaw = flaw.or(json.work.flaw.take());
                }
                _ => json.unknown()?,
            }
            Ok(())
        })?;
        if let Some(flaw) = flaw {
            self.reject_from(first, flaw);
        } else if !scoped.is_empty() {
            resource.schema_url = schema_url;
            let written = Written { message: message.as_bytes(), schema_url: schema_url.as_bytes() };
            self.own(resource, written, &scoped)?;
        }
        Ok(())
    }

    /// Tells spans what they belong to, which stands behind them in the text.
    fn own(
        &mut self,
        resource: Resource<'a>,
        written: Written<'a>,
        scoped: &[Scoped<'a>],
    ) -> Result<(), Stop> {
        let resource = match self.work.known_resource(written) {
            Some(known) => known,
            None => self.work.keep_resource(written, (resource, None))?,
        };
        for &Scoped { ref spans, scope, written } in scoped {
            let resource_scope = ResourceScope { resource: resource.resource, scope };
            let owner = match self.work.known_owner(&resource, written) {
                Some(known) => known,
                None => self.work.keep_owner(&resource, written, (resource_scope, None))?,
            };
            for span in self.work.spans.get_mut(spans.clone()).unwrap_or_default() {
                span.service = owner.service;
                span.resource_scope = owner.resource_scope;
            }
        }
        Ok(())
    }

    /// What is read, and the text of it.
    fn written<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Stop>) -> Result<(T, &'a str), Stop> {
        let from = self.cursor.place();
        let read = read(self)?;
        Ok((read, self.cursor.text_since(from)))
    }

    /// Rejects the spans from this one on, because what they belong to is not whole.
    fn reject_from(&mut self, first: usize, reason: Reason) {
        let spans = self.work.spans.len() - first;
        self.work.spans.truncate(first);
        self.work.rejected.add(reason, spans as u64);
    }

    fn scope_spans(&mut self, scoped: &mut ArenaVec<'a, Scoped<'a>>) -> Result<(), Stop> {
        let first = self.work.spans.len();
        let mut scope = Scope::default();
        let (mut message, mut schema_url) = ("", "");
        let mut flaw = None;
        self.envelope(|json, key| {
            match key {
                "scope" => {
                    (scope, message) = json.written(Self::scope)?;
                    flaw = flaw.or(json.work.flaw.take());
                }
                "spans" => json.envelopes(|json| {
                    json.work.charge(SPAN_ITEMS)?;
                    let draft = json.span()?;
                    json.work.push(&draft, &NOBODY);
                    Ok(())
                })?,
                "schemaUrl" | "schema_url" => {
                    schema_url = json.text()?;
                    flaw = flaw.or(json.work.flaw.take());
                }
                _ => json.unknown()?,
            }
            Ok(())
        })?;
        if let Some(flaw) = flaw {
            self.reject_from(first, flaw);
        }
        let spans = first..self.work.spans.len();
        if !spans.is_empty() {
            scope.schema_url = schema_url;
            let written = Written { message: message.as_bytes(), schema_url: schema_url.as_bytes() };
            scoped.push(Scoped { spans, scope, written });
        }
        Ok(())
    }

    fn resource(&mut self) -> Result<Resource<'a>, Stop> {
        let mut resource = Resource::default();
        self.message(|json, key| {
            match key {
                "attributes" => resource.attributes = json.attributes(0)?,
                "droppedAttributesCount" | "dropped_attributes_count" => {
                    resource.dropped_attributes = json.uint32()?;
                }
                _ => json.unknown()?,
            }
            Ok(())
        })?;
        Ok(resource)
    }

    fn scope(&mut self) -> Result<Scope<'a>, Stop> {
        let mut scope = Scope::default();
        self.message(|json, key| {
            match key {
                "name" => scope.name = json.text()?,
                "version" => scope.version = json.text()?,
                "attributes" => scope.attributes = json.attributes(0)?,
                "droppedAttributesCount" | "dropped_attributes_count" => {
                    scope.dropped_attributes = json.uint32()?;
                }
                _ => json.unknown()?,
            }
            Ok(())
        })?;
        Ok(scope)
    }
}
