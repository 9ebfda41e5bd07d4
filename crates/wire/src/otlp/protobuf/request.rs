//! Decodes the messages that contain spans: requests, resources and scopes.

use span::{Resource, ResourceScope, Scope};

use super::super::decode_error::DecodeError;
use super::super::items::SPAN_ITEMS;
use super::super::request_decoder::RequestDecoder;
use super::super::resource_scopes::{EncodedPart, KnownResource};
use super::super::schema::{resource, resource_spans, scope, scope_spans, traces};
use super::super::span_source::SpanSource;
use super::messages::RepeatedField;
use crate::protobuf::Fields;

pub(in crate::otlp) fn read<'a>(decoder: &mut RequestDecoder<'a>, body: &'a [u8]) -> Result<(), DecodeError> {
    let mut fields = Fields::of(body);
    while let Some(tag) = fields.next_tag()? {
        match tag {
            traces::RESOURCE_SPANS => decoder.resource_spans(fields.bytes()?)?,
            _ => decoder.unknown(&mut fields, tag)?,
        }
    }
    Ok(())
}

impl<'a> RequestDecoder<'a> {
    /// Reads `ResourceSpans`. The resource may come after its spans, so the first pass looks for it.
    fn resource_spans(&mut self, message: &'a [u8]) -> Result<(), DecodeError> {
        let (mut resource, mut schema_url) = (&[][..], &[][..]);
        let mut fields = Fields::of(message);
        while let Some(tag) = fields.next_tag()? {
            match tag {
                resource_spans::RESOURCE => resource = self.merged(resource, fields.bytes()?)?,
                resource_spans::SCOPE_SPANS => drop(fields.bytes()?),
                resource_spans::SCHEMA_URL => schema_url = fields.bytes()?,
                _ => self.unknown(&mut fields, tag)?,
            }
        }
        let encoded = EncodedPart { message: resource, schema_url };
        let resource = match self.known_resource(encoded) {
            Some(known) => known,
            None => self.new_resource(encoded)?,
        };
        let mut fields = Fields::of(message);
        while let Some(tag) = fields.next_tag()? {
            if tag == resource_spans::SCOPE_SPANS {
                self.scope_spans(fields.bytes()?, &resource)?;
            } else {
                fields.skip(tag)?;
            }
        }
        Ok(())
    }

    /// Reads `ScopeSpans`. The scope may come after its spans, so the first pass looks for it.
    fn scope_spans(&mut self, message: &'a [u8], resource: &KnownResource<'a>) -> Result<(), DecodeError> {
        let (mut scope, mut schema_url) = (&[][..], &[][..]);
        let mut count = 0;
        let mut fields = Fields::of(message);
        while let Some(tag) = fields.next_tag()? {
            match tag {
                scope_spans::SCOPE => scope = self.merged(scope, fields.bytes()?)?,
                scope_spans::SPANS => {
                    fields.bytes()?;
                    count += 1;
                }
                scope_spans::SCHEMA_URL => schema_url = fields.bytes()?,
                _ => self.unknown(&mut fields, tag)?,
            }
        }
        // A scope without spans is not stored.
        if count == 0 {
            return Ok(());
        }
        let encoded = EncodedPart { message: scope, schema_url };
        let source = match self.known_source(resource, encoded) {
            Some(known) => known,
            None => self.new_source(resource, encoded)?,
        };
        self.charge(count * SPAN_ITEMS)?;
        self.spans.reserve(count);
        let mut fields = Fields::of(message);
        while let Some(tag) = fields.next_tag()? {
            if tag == scope_spans::SPANS {
                let draft = self.span(fields.bytes()?)?;
                self.push(&draft, &source);
            } else {
                fields.skip(tag)?;
            }
        }
        Ok(())
    }

    fn new_resource(&mut self, encoded: EncodedPart<'a>) -> Result<KnownResource<'a>, DecodeError> {
        let EncodedPart { message, schema_url } = encoded;
        let resource = Resource { schema_url: self.text(schema_url)?, ..self.resource(message)? };
        let flaw = self.flaw.take();
        self.keep_resource(encoded, resource, flaw)
    }

    fn new_source(
        &mut self,
        resource: &KnownResource<'a>,
        encoded_scope: EncodedPart<'a>,
    ) -> Result<SpanSource<'a>, DecodeError> {
        let EncodedPart { message, schema_url } = encoded_scope;
        let scope = Scope { schema_url: self.text(schema_url)?, ..self.scope(message)? };
        let flaw = self.flaw.take().or(resource.flaw);
        let resource_scope = ResourceScope { resource: resource.resource, scope };
        self.keep_source(resource, encoded_scope, resource_scope, flaw)
    }

    fn resource(&mut self, message: &'a [u8]) -> Result<Resource<'a>, DecodeError> {
        let mut resource = Resource::default();
        let mut count = 0;
        let mut fields = Fields::of(message);
        while let Some(tag) = fields.next_tag()? {
            match tag {
                resource::ATTRIBUTES => {
                    fields.bytes()?;
                    count += 1;
                }
                resource::DROPPED => resource.dropped_attributes = fields.uint32()?,
                _ => self.unknown(&mut fields, tag)?,
            }
        }
        resource.attributes = self.attributes(message, RepeatedField { tag: resource::ATTRIBUTES, count })?;
        Ok(resource)
    }

    fn scope(&mut self, message: &'a [u8]) -> Result<Scope<'a>, DecodeError> {
        let mut scope = Scope::default();
        let mut count = 0;
        let mut fields = Fields::of(message);
        while let Some(tag) = fields.next_tag()? {
            match tag {
                scope::NAME => scope.name = self.text(fields.bytes()?)?,
                scope::VERSION => scope.version = self.text(fields.bytes()?)?,
                scope::ATTRIBUTES => {
                    fields.bytes()?;
                    count += 1;
                }
                scope::DROPPED => scope.dropped_attributes = fields.uint32()?,
                _ => self.unknown(&mut fields, tag)?,
            }
        }
        scope.attributes = self.attributes(message, RepeatedField { tag: scope::ATTRIBUTES, count })?;
        Ok(scope)
    }
}
