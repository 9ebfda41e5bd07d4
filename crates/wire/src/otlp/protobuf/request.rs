//! What stands around spans: requests, resources and scopes.

use bumpalo::collections::Vec as ArenaVec;
use span::{Resource, ResourceScope, Scope};

use super::super::draft::Owner;
use super::super::resource_scopes::{KnownResource, Written};
use super::super::schema::{resource, resource_spans, scope, scope_spans, traces};
use super::super::work::{SPAN_ITEMS, Stop, Work};
use crate::protobuf::Fields;

/// Limit: bytes of messages that come in several parts, which protobuf says are one. Nobody sends them so, but
/// each part has all before it copied.
const MERGED_BYTES_MAX: usize = 1024 * 1024;

pub(in crate::otlp) fn read<'a>(work: &mut Work<'a>, body: &'a [u8]) -> Result<(), Stop> {
    let mut fields = Fields::of(body);
    while let Some(tag) = fields.next_tag()? {
        match tag {
            traces::RESOURCE_SPANS => work.resource_spans(fields.bytes()?)?,
            _ => work.unknown(&mut fields, tag)?,
        }
    }
    Ok(())
}

impl<'a> Work<'a> {
    /// Passes over a field that is not ours.
    #[cold]
    pub(super) fn unknown(&mut self, fields: &mut Fields<'a>, tag: u32) -> Result<(), Stop> {
        self.oddities.unknown_fields += 1;
        Ok(fields.skip(tag)?)
    }

    /// Joins the parts of a message that came in several: one behind the other they are the whole.
    #[inline]
    pub(super) fn merged(&mut self, before: &'a [u8], part: &'a [u8]) -> Result<&'a [u8], Stop> {
        if before.is_empty() { Ok(part) } else { self.joined(before, part) }
    }

    #[cold]
    fn joined(&mut self, before: &'a [u8], part: &'a [u8]) -> Result<&'a [u8], Stop> {
        let bytes = before.len() + part.len();
        self.merged_bytes += bytes;
        if self.merged_bytes > MERGED_BYTES_MAX {
            return Err(Stop::TooManyItems);
        }
        let mut whole = ArenaVec::with_capacity_in(bytes, self.arena);
        whole.extend_from_slice(before);
        whole.extend_from_slice(part);
        Ok(whole.into_bump_slice())
    }

    /// The resource may stand behind its spans, so it is looked for first.
    fn resource_spans(&mut self, message: &'a [u8]) -> Result<(), Stop> {
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
        let written = Written { message: resource, schema_url };
        let resource = match self.known_resource(written) {
            Some(known) => known,
            None => self.new_resource(written)?,
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

    /// The same for the scope.
    fn scope_spans(&mut self, message: &'a [u8], resource: &KnownResource<'a>) -> Result<(), Stop> {
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
        // Without spans there is nothing that the scope would say.
        if count == 0 {
            return Ok(());
        }
        let written = Written { message: scope, schema_url };
        let owner = match self.known_owner(resource, written) {
            Some(known) => known,
            None => self.new_owner(resource, written)?,
        };
        self.charge(count * SPAN_ITEMS)?;
        self.spans.reserve(count);
        let mut fields = Fields::of(message);
        while let Some(tag) = fields.next_tag()? {
            if tag == scope_spans::SPANS {
                let draft = self.span(fields.bytes()?)?;
                self.push(&draft, &owner);
            } else {
                fields.skip(tag)?;
            }
        }
        Ok(())
    }

    fn new_resource(&mut self, written: Written<'a>) -> Result<KnownResource<'a>, Stop> {
        let Written { message, schema_url } = written;
        let resource = Resource { schema_url: self.text(schema_url)?, ..self.resource(message)? };
        let flaw = self.flaw.take();
        self.keep_resource(written, (resource, flaw))
    }

    fn new_owner(&mut self, resource: &KnownResource<'a>, written: Written<'a>) -> Result<Owner<'a>, Stop> {
        let Written { message, schema_url } = written;
        let scope = Scope { schema_url: self.text(schema_url)?, ..self.scope(message)? };
        let flaw = self.flaw.take().or(resource.flaw);
        self.keep_owner(resource, written, (ResourceScope { resource: resource.resource, scope }, flaw))
    }

    fn resource(&mut self, message: &'a [u8]) -> Result<Resource<'a>, Stop> {
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
        resource.attributes = self.attributes(message, resource::ATTRIBUTES, count)?;
        Ok(resource)
    }

    fn scope(&mut self, message: &'a [u8]) -> Result<Scope<'a>, Stop> {
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
        scope.attributes = self.attributes(message, scope::ATTRIBUTES, count)?;
        Ok(scope)
    }
}
