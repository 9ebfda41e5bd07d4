//! What both decoders share: the spans so far, what was odd about them, and how much more may come.

use bumpalo::Bump;
use bumpalo::collections::{String as ArenaString, Vec as ArenaVec};
use span::Span;

use super::draft::{Draft, Owner};
use super::export::Export;
use super::rejected::{Reason, Rejected};
use super::resource_scopes::ResourceScopes;
use crate::{json, protobuf};

/// Limit: of one request, in attributes, values, events and characters that had to be repaired; a span counts as four
/// of them, a link as eight.
/// What is two bytes in a body is about fifty in memory, and a link without ids is 36 in the log.
pub const ITEMS_MAX: usize = 2 * 1024 * 1024;
/// A span in memory is as large as four attributes.
pub(crate) const SPAN_ITEMS: usize = 4;
/// Of a link, which has more bytes of its own than anything else that a body can say in two.
pub(crate) const LINK_ITEMS: usize = 8;

/// What was not as it should be, and was taken all the same.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Oddities {
    /// Fields that are not kept because nobody here knows them.
    pub unknown_fields: u64,
    /// Status codes, and names of kinds in JSON, that were taken as not set.
    pub unknown_enums: u64,
    /// Texts that were not UTF-8: what is none became U+FFFD.
    pub repaired_texts: u64,
    /// Spans that ended before they started, or beyond the year 2262: moved to what can be.
    pub repaired_times: u64,
    /// Numbers that their field or JSON cannot hold: an integer became a double, a fraction was cut, of more than 32 bits
    /// the last 32 were kept, null became NaN.
    pub repaired_numbers: u64,
    /// Links whose ids have a wrong length; they are added to the span's dropped ones.
    pub lost_links: u64,
    /// Zipkin's tags whose value is null.
    pub lost_tags: u64,
}

/// Why a body is not read to its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stop {
    TooManyItems,
    Json(json::Fault),
    Protobuf(protobuf::Fault),
}

impl From<json::Fault> for Stop {
    fn from(fault: json::Fault) -> Self {
        Self::Json(fault)
    }
}

impl From<protobuf::Fault> for Stop {
    fn from(fault: protobuf::Fault) -> Self {
        Self::Protobuf(fault)
    }
}

pub(crate) struct Work<'a> {
    pub(crate) arena: &'a Bump,
    pub(crate) spans: ArenaVec<'a, Span<'a>>,
    pub(crate) rejected: Rejected,
    pub(crate) oddities: Oddities,
    /// Set where something is left out that cannot be taken; whoever has it is rejected.
    pub(crate) flaw: Option<Reason>,
    /// Where the first field stands that is not known here, if it came before any span.
    pub(super) stray: String,
    /// What the sender is told beside the counts.
    pub(super) note: String,
    pub(super) resource_scopes: ResourceScopes<'a>,
    /// Bytes that were copied because a message came in several parts.
    pub(crate) merged_bytes: usize,
    items_left: usize,
}

impl<'a> Work<'a> {
    pub(crate) fn new(arena: &'a Bump) -> Self {
        Self {
            arena,
            spans: ArenaVec::new_in(arena),
            rejected: Rejected::default(),
            oddities: Oddities::default(),
            flaw: None,
            stray: String::new(),
            note: String::new(),
            resource_scopes: ResourceScopes::default(),
            merged_bytes: 0,
            items_left: ITEMS_MAX,
        }
    }

    pub(crate) fn finish(mut self) -> Export<'a> {
        // Another signal, or a schema of long ago: it can be read, and says nothing.
        if self.spans.is_empty() && self.rejected.total() == 0 && self.oddities.unknown_fields > 0 {
            let stray = if self.stray.is_empty() { "what is there" } else { &self.stray };
            let place = "resourceSpans[].scopeSpans[].spans";
            self.note = format!("the body has no spans, which stand in {place}; {stray} is not known here");
        }
        Export {
            spans: self.spans.into_bump_slice(),
            rejected: self.rejected,
            oddities: self.oddities,
            note: self.note,
        }
    }

    /// Counts what will be kept, before there is room made for it.
    #[inline]
    pub(crate) fn charge(&mut self, items: usize) -> Result<(), Stop> {
        self.items_left = self.items_left.checked_sub(items).ok_or(Stop::TooManyItems)?;
        Ok(())
    }

    /// Takes a span that has been read to its end, or rejects it.
    #[inline]
    pub(super) fn push(&mut self, draft: &Draft<'a>, owner: &Owner<'a>) {
        let span = match self.flaw.take().or(owner.flaw) {
            None => draft.finish(owner, self.arena, &mut self.oddities),
            Some(flaw) => Err(flaw),
        };
        match span {
            Ok(span) => self.spans.push(span),
            Err(reason) => self.rejected.add(reason, 1),
        }
    }

    #[inline]
    pub(crate) fn text(&mut self, bytes: &'a [u8]) -> Result<&'a str, Stop> {
        simdutf8::basic::from_utf8(bytes).or_else(|_| self.repaired(bytes))
    }

    /// A copy with U+FFFD in the place of what is no character. Each of them is charged, because a byte becomes three;
    /// what is a character takes no more room than it has in the body.
    #[cold]
    fn repaired(&mut self, bytes: &[u8]) -> Result<&'a str, Stop> {
        self.oddities.repaired_texts += 1;
        let mut room = 0;
        for chunk in bytes.utf8_chunks() {
            let is_broken = !chunk.invalid().is_empty();
            self.charge(usize::from(is_broken))?;
            room += chunk.valid().len() + if is_broken { char::REPLACEMENT_CHARACTER.len_utf8() } else { 0 };
        }
        let mut text = ArenaString::with_capacity_in(room, self.arena);
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
        Ok(text.into_bump_str())
    }
}
