//! The answer of `tree`: the spans of a trace without their attributes.

use std::collections::HashMap;

use ::serde::Serialize;
use ::span::{Span, SpanId, Status, Timestamp, TraceId};

use super::answer_head::AnswerHead;
use super::ids::{DIGITS, SHORT_DIGITS, push_span_id, trace_id};
use super::name_table::NameTable;
use super::service_numbers::ServiceNumbers;
use super::times::{nanos, number, offset, some_nanos};
use crate::json::to_bytes;
use crate::short_span_id::is_short;

const FLAG_ERROR: u8 = 1;
/// Stands for the index of a parent if the span has none.
const NO_PARENT: i64 = -1;
/// Stands for the index of a parent that is not among the spans of the trace.
const PARENT_IS_ABSENT: i64 = -2;

/// The members of the answer before its columns.
#[derive(Clone, Copy, Serialize)]
pub struct TreeHead<'a> {
    #[serde(flatten)]
    pub head: AnswerHead<'a>,
    /// The revision: a text that changes when the trace gets a span.
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

/// Writes the answer to a client that already has this revision of the tree.
pub fn unchanged(head: TreeHead<'_>, id: TraceId) -> Vec<u8> {
    to_bytes(&Unchanged { head, trace_id: trace_id(id), is_same: true })
}

/// Collects spans in the order of the answer, and writes them as columns.
#[derive(Default)]
pub struct Tree {
    base: Timestamp,
    services: NameTable,
    operations: NameTable,
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
    service_numbers: &'a [u32],
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
        self.duration.push(number(span.duration()));
        self.service.push(self.services.index_of(span.service));
        self.operation.push(self.operations.index_of(span.name));
        self.kind.push(span.kind.0);
        self.flags.push(if span.status == Status::Error { FLAG_ERROR } else { 0 });
        self.events.push(span.extras.map_or(0, |extras| extras.events.len()));
        self.links.push(span.extras.map_or(0, |extras| extras.links.len()));
    }

    fn parent_indexes(&self) -> Vec<i64> {
        let indexes: HashMap<SpanId, i64> = self.ids.iter().copied().zip(0..).collect();
        let index = |parent: &Option<SpanId>| {
            parent.map_or(NO_PARENT, |parent| indexes.get(&parent).copied().unwrap_or(PARENT_IS_ABSENT))
        };
        self.parents.iter().map(index).collect()
    }

    /// Returns the number of each service in the answer, to be passed to [`write`](Self::write).
    pub fn service_numbers(&self, services: &mut dyn ServiceNumbers) -> Vec<u32> {
        self.services.numbers(services)
    }

    pub fn write(&self, head: TreeHead<'_>, id: TraceId, service_numbers: &[u32]) -> Vec<u8> {
        let id_digits = if self.ids.iter().copied().all(is_short) { SHORT_DIGITS } else { DIGITS };
        let mut ids = String::with_capacity(self.ids.len() * id_digits);
        self.ids.iter().for_each(|&id| push_span_id(&mut ids, id, id_digits));
        to_bytes(&Answer {
            head,
            trace_id: trace_id(id),
            base: self.base,
            services: self.services.as_slice(),
            service_numbers,
            operations: self.operations.as_slice(),
            id_digits,
            ids,
            parent: self.parent_indexes(),
            start: &self.start,
            duration: &self.duration,
            service: &self.service,
            operation: &self.operation,
            kind: unless_zeros(&self.kind),
            flags: unless_zeros(&self.flags),
            events: unless_zeros(&self.events),
            links: unless_zeros(&self.links),
        })
    }
}

/// Returns a column, or an empty one if all its values are zeros, which need not be sent.
fn unless_zeros<T: Default + PartialEq>(column: &[T]) -> &[T] {
    if column.iter().all(|value| *value == T::default()) { &[] } else { column }
}
