//! The spans of a trace without attributes.

use std::collections::HashMap;

use ::serde::Serialize;
use ::span::{Span, SpanId, Status, Timestamp, TraceId};

use super::ServiceNumbers;
use super::head::{Head, body, nanos, offset, some_nanos};
use super::ids::{DIGITS, SHORT_DIGITS, is_short, push_span_id, trace_id};
use super::names::Names;

const FLAG_ERROR: u8 = 1;
/// Instead of a place: there is no parent, or it is not there.
const NO_PARENT: i64 = -1;
const PARENT_IS_ABSENT: i64 = -2;

/// What is said beside the columns.
#[derive(Clone, Copy, Serialize)]
pub struct TreeHead<'a> {
    #[serde(flatten)]
    pub head: Head<'a>,
    /// Another text when a span was added.
    pub rev: &'a str,
    #[serde(rename = "expires_ns", serialize_with = "some_nanos")]
    pub expires: Option<Timestamp>,
}

#[derive(Serialize)]
struct Unchanged<'a> {
    #[serde(flatten)]
    head: TreeHead<'a>,
    trace_id: String,
    #[serde(rename = "unchanged")]
    is_same: bool,
}

/// The client has the tree already.
pub fn unchanged(head: TreeHead<'_>, id: TraceId) -> Vec<u8> {
    body(&Unchanged { head, trace_id: trace_id(id), is_same: true })
}

/// Takes spans in the order of the answer.
#[derive(Default)]
pub struct Tree {
    base: Timestamp,
    services: Names,
    operations: Names,
    ids: Vec<SpanId>,
    parents: Vec<Option<SpanId>>,
    start: Vec<i64>,
    duration: Vec<u64>,
    service: Vec<u32>,
    operation: Vec<u32>,
    kind: Vec<i32>,
    flags: Vec<u8>,
    events: Vec<usize>,
    links: Vec<usize>,
}

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    head: TreeHead<'a>,
    trace_id: String,
    #[serde(rename = "base_ns", serialize_with = "nanos")]
    base: Timestamp,
    services: &'a [String],
    service_numbers: Vec<u32>,
    operations: &'a [String],
    id_digits: usize,
    ids: String,
    parent: Vec<i64>,
    start: &'a [i64],
    duration: &'a [u64],
    service: &'a [u32],
    operation: &'a [u32],
    kind: &'a [i32],
    flags: &'a [u8],
    events: &'a [usize],
    links: &'a [usize],
}

impl Tree {
    pub fn push(&mut self, span: &Span<'_>) {
        if self.ids.is_empty() {
            self.base = span.start;
        }
        self.ids.push(span.span_id);
        self.parents.push(span.parent_span_id);
        self.start.push(offset(span.start, self.base));
        self.duration.push(span.duration());
        self.service.push(self.services.place_of(span.service));
        self.operation.push(self.operations.place_of(span.name));
        self.kind.push(span.kind.0);
        self.flags.push(if span.status == Status::Error { FLAG_ERROR } else { 0 });
        self.events.push(span.extras.map_or(0, |extras| extras.events.len()));
        self.links.push(span.extras.map_or(0, |extras| extras.links.len()));
    }

    fn parent_places(&self) -> Vec<i64> {
        let places: HashMap<SpanId, i64> = self.ids.iter().copied().zip(0..).collect();
        let place = |parent: &Option<SpanId>| {
            parent.map_or(NO_PARENT, |parent| places.get(&parent).copied().unwrap_or(PARENT_IS_ABSENT))
        };
        self.parents.iter().map(place).collect()
    }

    pub fn write(&self, head: TreeHead<'_>, id: TraceId, services: &mut dyn ServiceNumbers) -> Vec<u8> {
        let id_digits = if self.ids.iter().copied().all(is_short) { SHORT_DIGITS } else { DIGITS };
        let mut ids = String::with_capacity(self.ids.len() * id_digits);
        self.ids.iter().for_each(|&id| push_span_id(&mut ids, id, id_digits));
        body(&Answer {
            head,
            trace_id: trace_id(id),
            base: self.base,
            services: self.services.as_slice(),
            service_numbers: self.services.numbers(services),
            operations: self.operations.as_slice(),
            id_digits,
            ids,
            parent: self.parent_places(),
            start: &self.start,
            duration: &self.duration,
            service: &self.service,
            operation: &self.operation,
            kind: or_nothing(&self.kind),
            flags: or_nothing(&self.flags),
            events: or_nothing(&self.events),
            links: or_nothing(&self.links),
        })
    }
}

/// A column of zeros need not be sent.
fn or_nothing<T: Default + PartialEq>(column: &[T]) -> &[T] {
    if column.iter().all(|value| *value == T::default()) { &[] } else { column }
}
