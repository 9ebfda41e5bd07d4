//! The array, and what its spans have in common.

use std::collections::HashMap;

use bumpalo::Bump;
use span::{Attribute, Resource, ResourceScope, Scope, Timestamp, Value};

use super::span::Draft;
use crate::json::{Cursor, Fault, Read};
use crate::otlp::draft::{Owner, SERVICE_NAME, UNKNOWN_SERVICE};
use crate::otlp::export::malformed;
use crate::otlp::work::{SPAN_ITEMS, Stop, Work};
use crate::otlp::{Export, Malformed};

/// A body as far as it has been read.
pub(super) struct Zipkin<'w, 'a> {
    pub(super) work: &'w mut Work<'a>,
    pub(super) cursor: Cursor<'a>,
    /// What spans without a time start at.
    pub(super) arrival: Timestamp,
    /// By service, name and version of the scope: few, and each is stored once.
    owners: HashMap<(&'a str, &'a str, &'a str), Owner<'a>>,
}

/// Reads spans that came in at `arrival`. They borrow from `body`, and from `arena` what does not stand in it as
/// it is. Nothing is rejected alone, so [`Export::rejected`] is empty.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn decode<'a>(body: &'a [u8], arena: &'a Bump, arrival: Timestamp) -> Result<Export<'a>, Malformed> {
    let mut work = Work::new(arena);
    let text = work.text(body).map_err(|stop| malformed(stop, body))?;
    let cursor = Cursor::repairing(text, arena);
    let mut zipkin = Zipkin { work: &mut work, cursor, arrival, owners: HashMap::new() };
    match zipkin.read(body) {
        Ok(()) => Ok(work.finish()),
        Err(malformed) => Err(malformed),
    }
}

impl<'a> Read<'a> for Zipkin<'_, 'a> {
    type Stop = Stop;

    fn cursor(&mut self) -> &mut Cursor<'a> {
        &mut self.cursor
    }
}

impl<'a> Zipkin<'_, 'a> {
    fn read(&mut self, body: &[u8]) -> Result<(), Malformed> {
        // An empty body is what a sender with nothing to say makes of an empty list.
        if self.cursor.peek().is_none() {
            return Ok(());
        }
        self.read_spans().map_err(|stop| match stop {
            Stop::Json(fault) if fault.is_rule() => {
                Malformed::Syntax(format!("[{}].{fault}", self.work.spans.len()))
            }
            Stop::Json(_) | Stop::Protobuf(_) | Stop::TooManyItems => malformed(stop, body),
        })?;
        self.work.oddities.repaired_texts += self.cursor.repaired();
        Ok(())
    }

    fn read_spans(&mut self) -> Result<(), Stop> {
        let mut more = self.cursor.open_array("an array of spans")?;
        while more {
            self.work.charge(SPAN_ITEMS)?;
            let draft = self.span()?;
            self.finish(draft)?;
            more = self.cursor.more_items()?;
        }
        Ok(self.cursor.end()?)
    }

    /// Passes over a value that is not ours.
    pub(super) fn unknown(&mut self) -> Result<(), Stop> {
        self.work.oddities.unknown_fields += 1;
        Ok(self.cursor.skip_value()?)
    }

    fn finish(&mut self, draft: Draft<'a>) -> Result<(), Stop> {
        let owner = self.owner(&draft)?;
        let span = draft.into_span(&owner, self.work.arena);
        self.work.spans.push(span);
        Ok(())
    }

    fn owner(&mut self, draft: &Draft<'a>) -> Result<Owner<'a>, Stop> {
        let key = (draft.service, draft.scope_name, draft.scope_version);
        if let Some(&owner) = self.owners.get(&key) {
            return Ok(owner);
        }
        let service = Attribute { key: SERVICE_NAME, value: Value::Text(draft.service) };
        let attributes: &[Attribute<'_>] =
            if draft.service.is_empty() { &[] } else { self.work.arena.alloc_slice_copy(&[service]) };
        let resource_scope = ResourceScope {
            resource: Resource { attributes, ..Resource::default() },
            scope: Scope { name: draft.scope_name, version: draft.scope_version, ..Scope::default() },
        };
        let owner = self.work.owner(resource_scope)?;
        debug_assert!(owner.service == UNKNOWN_SERVICE || owner.service == draft.service, "{owner:?}");
        self.owners.insert(key, owner);
        Ok(owner)
    }
}

pub(super) fn rule(rule: &'static str) -> Stop {
    Stop::Json(Fault::rule(rule))
}
