//! The answer of `search`: which spans of a trace contain a text.

use std::collections::HashMap;

use ::serde::Serialize;
use ::span::{Attribute, Event, ResourceScope, Span};

use super::answer_head::AnswerHead;
use crate::contract::whole_text;
use crate::json::to_bytes;

/// Limit: spans that an answer names.
pub const MATCHES_MAX: usize = 10_000;

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    head: AnswerHead<'a>,
    rev: &'a str,
    matches: &'a [usize],
    truncated: bool,
}

/// Finds the spans that contain a text, ignoring upper and lower case.
pub struct Search {
    /// The text to look for, in lower case.
    text: String,
    looked_at: usize,
    matches: Vec<usize>,
    is_truncated: bool,
    /// Whether a resource scope contains the text, by its address in memory. Many spans share one, and it may be
    /// large, so each is searched once.
    in_resource_scopes: HashMap<usize, bool>,
}

impl Search {
    pub fn new(text: &str) -> Self {
        let (text, in_resource_scopes) = (text.to_lowercase(), HashMap::new());
        Self { text, looked_at: 0, matches: Vec::new(), is_truncated: false, in_resource_scopes }
    }

    /// Searches the next span. Spans come in the order of the tree. The resource scope of a span must not be moved or
    /// freed before the search ends, because it is recognised by its address.
    pub fn push(&mut self, span: &Span<'_>) {
        let index = self.looked_at;
        self.looked_at += 1;
        if self.is_truncated || !self.is_in_span(span) {
            return;
        }
        if self.matches.len() == MATCHES_MAX {
            self.is_truncated = true;
        } else {
            self.matches.push(index);
        }
    }

    fn is_in_span(&mut self, span: &Span<'_>) -> bool {
        let extras = span.extras.copied().unwrap_or_default();
        let in_event = |event: &Event<'_>| self.is_in(event.name) || self.is_in_any(event.attributes);
        self.is_in_any(span.attributes)
            || self.is_in(extras.status_message)
            || extras.events.iter().any(in_event)
            || span.resource_scope.is_some_and(|resource_scope| self.is_in_resource_scope(resource_scope))
    }

    fn is_in_resource_scope(&mut self, resource_scope: &ResourceScope<'_>) -> bool {
        let address = std::ptr::from_ref(resource_scope).addr();
        if let Some(&is_in) = self.in_resource_scopes.get(&address) {
            return is_in;
        }
        let is_in = self.is_in_any(resource_scope.resource.attributes);
        self.in_resource_scopes.insert(address, is_in);
        is_in
    }

    fn is_in_any(&self, attributes: &[Attribute<'_>]) -> bool {
        attributes
            .iter()
            .any(|attribute| self.is_in(attribute.key) || self.is_in(&whole_text(attribute.value)))
    }

    fn is_in(&self, text: &str) -> bool {
        text.to_lowercase().contains(&self.text)
    }

    /// Writes the answer. `rev` is the revision of the tree.
    pub fn write(&self, head: AnswerHead<'_>, rev: &str) -> Vec<u8> {
        to_bytes(&Answer { head, rev, matches: &self.matches, truncated: self.is_truncated })
    }
}
