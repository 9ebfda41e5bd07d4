//! The state that the decoders of all formats share: the spans decoded so far, counts of problems, and the limits
//! that are left.

use budget::Permit;
use bumpalo::Bump;
use bumpalo::collections::{String as ArenaString, Vec as ArenaVec};
use span::{Resource, ResourceScope, Span};

use super::decode_error::DecodeError;
use super::export::Export;
use super::items::{
    ITEM_BYTES, ITEMS_A_STEP, ITEMS_MAX, RESOURCE_ITEM_BYTES, RESOURCE_ITEMS, RESOURCE_SCOPE_ITEMS,
};
use super::rejected::{Reason, Rejected};
use super::repairs::Repairs;
use super::resource_scopes::{EncodedPart, KnownResource, ResourceScopes};
use super::span_draft::SpanDraft;
use super::span_source::{SpanSource, service_of};

/// Decodes one request of OpenTelemetry or Zipkin within its limits.
pub(crate) struct RequestDecoder<'a> {
    pub(crate) arena: &'a Bump,
    pub(crate) spans: ArenaVec<'a, Span<'a>>,
    pub(crate) rejected: Rejected,
    pub(crate) repairs: Repairs,
    /// Set when a value cannot be stored and is left out. At the end of the span, scope or resource that is being
    /// decoded, its reader clears this and rejects it, because nothing is stored in part.
    pub(crate) flaw: Option<Reason>,
    /// The place of the first unknown field, if it came before any span.
    pub(super) first_unknown: String,
    /// Further text for the sender beside the counts.
    pub(super) note: String,
    resource_scopes: ResourceScopes<'a>,
    /// How many bytes were copied so far to join the parts of messages.
    pub(super) merged_bytes: usize,
    items_left: usize,
    /// Memory was asked for all items but the last so many of `items_left`.
    items_unpaid: usize,
    memory: Option<&'a Permit>,
}

impl<'a> RequestDecoder<'a> {
    /// `memory` grows with what the spans take in the arena.
    pub(crate) fn new(arena: &'a Bump, memory: Option<&'a Permit>) -> Self {
        Self {
            arena,
            spans: ArenaVec::new_in(arena),
            rejected: Rejected::default(),
            repairs: Repairs::default(),
            flaw: None,
            first_unknown: String::new(),
            note: String::new(),
            resource_scopes: ResourceScopes::default(),
            merged_bytes: 0,
            items_left: ITEMS_MAX,
            items_unpaid: ITEMS_MAX,
            memory,
        }
    }

    pub(crate) fn finish(mut self) -> Export<'a> {
        // The body is of another signal, or follows a very old schema. Without this note, its sender would not notice
        // that everything is lost.
        if self.spans.is_empty() && self.rejected.total() == 0 && self.repairs.unknown_fields > 0 {
            let unknown = match &*self.first_unknown {
                "" => "all of its fields are unknown".to_owned(),
                place => format!("the field {place} is unknown"),
            };
            self.note =
                format!("the body has no spans: {unknown}; send spans in resourceSpans[].scopeSpans[].spans");
        }
        Export {
            spans: self.spans.into_bump_slice(),
            rejected: self.rejected,
            repairs: self.repairs,
            note: self.note,
        }
    }

    /// Counts items before memory is allocated for them. Fails if the request has too many, or there is no memory.
    #[inline]
    pub(crate) fn charge(&mut self, items: usize) -> Result<(), DecodeError> {
        self.items_left = self.items_left.checked_sub(items).ok_or(DecodeError::TooManyItems)?;
        if self.items_left < self.items_unpaid { self.pay() } else { Ok(()) }
    }

    /// Asks for the memory of the items that were counted, and of some more.
    #[cold]
    fn pay(&mut self) -> Result<(), DecodeError> {
        let unpaid = self.items_left.saturating_sub(ITEMS_A_STEP);
        if let Some(memory) = self.memory {
            memory.grow((self.items_unpaid - unpaid) * ITEM_BYTES)?;
        }
        self.items_unpaid = unpaid;
        Ok(())
    }

    /// Checks a span that was decoded to its end, and adds it or rejects it.
    #[inline]
    pub(super) fn push(&mut self, draft: &SpanDraft<'a>, source: &SpanSource<'a>) {
        let span = match self.flaw.take().or(source.flaw) {
            None => draft.finish(source, self.arena, &mut self.repairs),
            Some(flaw) => Err(flaw),
        };
        match span {
            Ok(span) => self.spans.push(span),
            Err(reason) => self.rejected.add(reason, 1),
        }
    }

    /// Converts bytes to a text. Bytes that are not UTF-8 are repaired and counted.
    #[inline]
    pub(crate) fn text(&mut self, bytes: &'a [u8]) -> Result<&'a str, DecodeError> {
        simdutf8::basic::from_utf8(bytes).or_else(|_| self.repaired(bytes))
    }

    /// Copies a text and replaces each part that is not UTF-8 by U+FFFD. Each U+FFFD is counted as an item, because
    /// one byte becomes three. Valid characters take no more space than in the body.
    #[cold]
    fn repaired(&mut self, bytes: &[u8]) -> Result<&'a str, DecodeError> {
        self.repairs.repaired_texts += 1;
        let mut room = 0;
        for chunk in bytes.utf8_chunks() {
            let is_broken = !chunk.invalid().is_empty();
            self.charge(usize::from(is_broken))?;
            room += chunk.valid().len() + if is_broken { char::REPLACEMENT_CHARACTER.len_utf8() } else { 0 };
        }
        // Memory is allocated once, because a string that grows leaves its smaller copies in the arena.
        let mut text = ArenaString::with_capacity_in(room, self.arena);
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
        Ok(text.into_bump_str())
    }

    pub(super) fn known_resource(&self, encoded: EncodedPart<'a>) -> Option<KnownResource<'a>> {
        self.resource_scopes.find_resource(encoded)
    }

    /// Stores a decoded resource, because the request may repeat it.
    pub(super) fn keep_resource(
        &mut self,
        encoded: EncodedPart<'a>,
        resource: Resource<'a>,
        flaw: Option<Reason>,
    ) -> Result<KnownResource<'a>, DecodeError> {
        self.charge(RESOURCE_ITEMS)?;
        Ok(self.resource_scopes.insert_resource(encoded, resource, flaw))
    }

    pub(super) fn known_source(
        &self,
        resource: &KnownResource<'a>,
        scope: EncodedPart<'a>,
    ) -> Option<SpanSource<'a>> {
        self.resource_scopes.find_source(resource, scope)
    }

    /// Stores a decoded pair of resource and scope, because the request may repeat it.
    pub(super) fn keep_source(
        &mut self,
        resource: &KnownResource<'a>,
        encoded_scope: EncodedPart<'a>,
        resource_scope: ResourceScope<'a>,
        flaw: Option<Reason>,
    ) -> Result<SpanSource<'a>, DecodeError> {
        self.charge(resource.bytes / RESOURCE_ITEM_BYTES)?;
        let source = SpanSource { flaw, ..self.source(resource_scope)? };
        self.resource_scopes.insert_source(resource, encoded_scope, source);
        Ok(source)
    }

    /// Makes the source of spans with this resource and scope.
    pub(crate) fn source(
        &mut self,
        resource_scope: ResourceScope<'a>,
    ) -> Result<SpanSource<'a>, DecodeError> {
        self.charge(RESOURCE_SCOPE_ITEMS)?;
        let kept = (resource_scope != ResourceScope::default()).then(|| &*self.arena.alloc(resource_scope));
        Ok(SpanSource { service: service_of(&resource_scope), resource_scope: kept, flaw: None })
    }
}
