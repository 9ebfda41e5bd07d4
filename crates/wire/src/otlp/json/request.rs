//! Decodes the messages that contain spans: requests, resources and scopes.

use std::ops::Range;

use bumpalo::collections::Vec as ArenaVec;
use span::{Resource, ResourceScope, Scope};

use super::super::decode_error::DecodeError;
use super::super::items::SPAN_ITEMS;
use super::super::rejected::Reason;
use super::super::request_decoder::RequestDecoder;
use super::super::resource_scopes::{EncodedPart, KnownResource};
use super::super::span_source::SpanSource;
use super::reader::JsonReader;
use crate::json::Cursor;

/// The spans of one scope that were decoded before their source is known. Keys come in any order, so the resource may
/// come after its spans.
struct WaitingSpans<'a> {
    /// The indexes of the spans in the decoder's list.
    spans: Range<usize>,
    scope: Scope<'a>,
    encoded_scope: EncodedPart<'a>,
}

/// The placeholder for the source of such spans.
const NO_SOURCE_YET: SpanSource<'static> = SpanSource { service: "", resource_scope: None, flaw: None };

pub(in crate::otlp) fn read<'a>(decoder: &mut RequestDecoder<'a>, body: &'a [u8]) -> Result<(), DecodeError> {
    let cursor = Cursor::repairing(decoder.text(body)?, decoder.arena);
    let mut json = JsonReader::new(decoder, cursor);
    json.outer_message(|json, key| match key {
        "resourceSpans" | "resource_spans" => json.outer_list(JsonReader::resource_spans),
        _ => json.unknown(),
    })?;
    json.cursor.end()?;
    json.decoder.repairs.repaired_texts += json.cursor.repaired();
    Ok(())
}

impl<'a> JsonReader<'_, 'a> {
    fn resource_spans(&mut self) -> Result<(), DecodeError> {
        let first = self.decoder.spans.len();
        let mut resource = Resource::default();
        let (mut message, mut schema_url) = ("", "");
        let mut flaw = None;
        let mut waiting = ArenaVec::new_in(self.decoder.arena);
        self.outer_message(|json, key| {
            match key {
                "resource" => {
                    (resource, message) = json.with_text(Self::resource)?;
                    flaw = flaw.or(json.decoder.flaw.take());
                }
                "scopeSpans" | "scope_spans" => json.outer_list(|json| json.scope_spans(&mut waiting))?,
                "schemaUrl" | "schema_url" => {
                    schema_url = json.text()?;
                    flaw = flaw.or(json.decoder.flaw.take());
                }
                _ => json.unknown()?,
            }
            Ok(())
        })?;
        if let Some(flaw) = flaw {
            self.reject_from(first, flaw);
        } else if !waiting.is_empty() {
            resource.schema_url = schema_url;
            let encoded = EncodedPart { message: message.as_bytes(), schema_url: schema_url.as_bytes() };
            let resource = match self.decoder.known_resource(encoded) {
                Some(known) => known,
                None => self.decoder.keep_resource(encoded, resource, None)?,
            };
            self.assign_sources(&resource, &waiting)?;
        }
        Ok(())
    }

    /// Sets the source of the waiting spans of a resource, which is now known.
    fn assign_sources(
        &mut self,
        resource: &KnownResource<'a>,
        waiting: &[WaitingSpans<'a>],
    ) -> Result<(), DecodeError> {
        for &WaitingSpans { ref spans, scope, encoded_scope } in waiting {
            let resource_scope = ResourceScope { resource: resource.resource, scope };
            let source = match self.decoder.known_source(resource, encoded_scope) {
                Some(known) => known,
                None => self.decoder.keep_source(resource, encoded_scope, resource_scope, None)?,
            };
            for span in self.decoder.spans.get_mut(spans.clone()).unwrap_or_default() {
                span.service = source.service;
                span.resource_scope = source.resource_scope;
            }
        }
        Ok(())
    }

    /// Reads a value with `read`, and returns its result and the JSON text of the value.
    fn with_text<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<(T, &'a str), DecodeError> {
        let start = self.cursor.value_start();
        let read = read(self)?;
        Ok((read, self.cursor.text_since(start)))
    }

    /// Rejects all spans from index `first` on, because a part of their resource or scope could not be decoded.
    fn reject_from(&mut self, first: usize, reason: Reason) {
        let spans = self.decoder.spans.len() - first;
        self.decoder.spans.truncate(first);
        self.decoder.rejected.add(reason, spans as u64);
    }

    fn scope_spans(&mut self, waiting: &mut ArenaVec<'a, WaitingSpans<'a>>) -> Result<(), DecodeError> {
        let first = self.decoder.spans.len();
        let mut scope = Scope::default();
        let (mut message, mut schema_url) = ("", "");
        let mut flaw = None;
        self.outer_message(|json, key| {
            match key {
                "scope" => {
                    (scope, message) = json.with_text(Self::scope)?;
                    flaw = flaw.or(json.decoder.flaw.take());
                }
                "spans" => json.outer_list(|json| {
                    json.decoder.charge(SPAN_ITEMS)?;
                    let draft = json.span()?;
                    json.decoder.push(&draft, &NO_SOURCE_YET);
                    Ok(())
                })?,
                "schemaUrl" | "schema_url" => {
                    schema_url = json.text()?;
                    flaw = flaw.or(json.decoder.flaw.take());
                }
                _ => json.unknown()?,
            }
            Ok(())
        })?;
        if let Some(flaw) = flaw {
            self.reject_from(first, flaw);
        }
        let spans = first..self.decoder.spans.len();
        if !spans.is_empty() {
            scope.schema_url = schema_url;
            let encoded_scope =
                EncodedPart { message: message.as_bytes(), schema_url: schema_url.as_bytes() };
            waiting.push(WaitingSpans { spans, scope, encoded_scope });
        }
        Ok(())
    }

    fn resource(&mut self) -> Result<Resource<'a>, DecodeError> {
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

    fn scope(&mut self) -> Result<Scope<'a>, DecodeError> {
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
