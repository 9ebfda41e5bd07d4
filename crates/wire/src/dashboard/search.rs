//! The search for a text in the spans of a trace.

use ::serde::Serialize;
use ::span::{Attribute, Event, Span};

use super::head::{Head, body};
use crate::contract::text_of;

/// Limit: places in an answer.
pub const MATCHES_MAX: usize = 10_000;

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    rev: &'a str,
    matches: &'a [usize],
    truncated: bool,
}

/// Finds spans that have a text, in either case of letters.
pub struct Search {
    /// In lower case.
    text: String,
    looked_at: usize,
    matches: Vec<usize>,
    is_truncated: bool,
}

impl Search {
    pub fn new(text: &str) -> Self {
        Self { text: text.to_lowercase(), looked_at: 0, matches: Vec::new(), is_truncated: false }
    }

    /// Takes the spans in the order of the tree.
    pub fn push(&mut self, span: &Span<'_>) {
        let place = self.looked_at;
        self.looked_at += 1;
        if self.is_truncated || !self.is_in_span(span) {
            return;
        }
        if self.matches.len() == MATCHES_MAX {
            self.is_truncated = true;
        } else {
            self.matches.push(place);
        }
    }

    fn is_in_span(&self, span: &Span<'_>) -> bool {
        let extras = span.extras.copied().unwrap_or_default();
        let in_event = |event: &Event<'_>| self.is_in(event.name) || self.is_in_any(event.attributes);
        self.is_in_any(span.attributes)
            || self.is_in(extras.status_message)
            || extras.events.iter().any(in_event)
            || span.origin.is_some_and(|origin| self.is_in_any(origin.resource.attributes))
    }

    fn is_in_any(&self, attributes: &[Attribute<'_>]) -> bool {
        attributes.iter().any(|attribute| self.is_in(attribute.key) || self.is_in(&text_of(attribute.value)))
    }

    fn is_in(&self, text: &str) -> bool {
        text.to_lowercase().contains(&self.text)
    }

    /// `rev` is that of the tree.
    pub fn write(&self, head: Head<'_>, rev: &str) -> Vec<u8> {
        body(&Answer { head, rev, matches: &self.matches, truncated: self.is_truncated })
    }
}
