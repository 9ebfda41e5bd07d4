//! What every store has to do: a part of what the server promises its clients.

use span::{Span, SpanId, Status, TraceId};

pub(crate) trait SpanStore {
    /// Accepts a batch. When it returns, the kernel has the batch and every answer shows it. Duplicates, by trace id
    /// and span id, are stored once.
    fn accept(&mut self, batch: &[Span<'static>]);
    /// The latest `limit` traces whose root starts at `cutoff` or later, and their total.
    fn list(&mut self, cutoff: i64, limit: usize) -> Listing;
    /// The spans of a trace; none if it is unknown.
    fn trace(&mut self, id: TraceId) -> Vec<StoredSpan>;
    /// Removes what starts before `cutoff`, as exactly as the store can, and frees its space on disk.
    fn expire(&mut self, cutoff: i64);
    /// Waits for the work in the background to end.
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

/// A span as a store keeps it; `name` is the number of its service and operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct StoredSpan {
    pub(crate) span_id: SpanId,
    pub(crate) parent_span_id: Option<SpanId>,
    pub(crate) name: u16,
    pub(crate) start: i64,
    pub(crate) duration: u64,
    pub(crate) status: Status,
}
