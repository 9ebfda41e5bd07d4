//! What every store has to do here: the least of what the server promises its clients.

use span::{Span, SpanId, Status, TraceId};

pub(crate) trait SpanStore {
    /// Takes a batch. When it returns, the kernel has it, and every answer shows it. A repeated
    /// (trace id, span id) is stored once.
    fn accept(&mut self, batch: &[Span<'static>]);
    /// The latest `limit` traces whose root starts at `cutoff` or later, and how many there are in all.
    fn list(&mut self, cutoff: i64, limit: usize) -> Listing;
    /// The spans of a trace; empty where there is none.
    fn trace(&mut self, id: TraceId) -> Vec<StoredSpan>;
    /// Removes what starts before `cutoff`, as far as the store's own grain allows, and gives back its bytes.
    fn expire(&mut self, cutoff: i64);
    /// Lets the work in the background come to its end.
    fn settle(&mut self);
}

#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) total: usize,
    pub(crate) rows: Vec<Row>,
}

/// A trace as a list shows it.
#[derive(Debug)]
#[expect(dead_code, reason = "what an answer holds; the benchmark reads only a part of it")]
pub(crate) struct Row {
    pub(crate) trace_id: TraceId,
    pub(crate) service: String,
    pub(crate) name: String,
    pub(crate) spans: usize,
    pub(crate) start: i64,
    pub(crate) duration: u64,
    pub(crate) status: Status,
}

/// A span as a store keeps it; `name` stands for service and operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct StoredSpan {
    pub(crate) span_id: SpanId,
    pub(crate) parent_span_id: Option<SpanId>,
    pub(crate) name: u16,
    pub(crate) start: i64,
    pub(crate) duration: u64,
    pub(crate) status: Status,
}
