//! The answer of a list: summaries of traces, with their names in one buffer.

use std::ops::Range;

use span::{Status, Timestamp, TraceId, TraceSummary};

/// The latest traces of a selection, and how many there are in total.
#[derive(Default)]
pub struct Listing {
    pub total: usize,
    /// How many damaged segments the answer does without.
    pub left_out: usize,
    traces: Vec<ListedTrace>,
    /// Names of services and operations, one after the other.
    names: String,
}

struct ListedTrace {
    trace_id: TraceId,
    service: Range<usize>,
    name: Range<usize>,
    spans: u64,
    start: Timestamp,
    duration: u64,
    root_failed: bool,
    status: Status,
}

impl Listing {
    /// Returns the summaries by start, the latest first, and then by id.
    pub fn summaries(&self) -> impl ExactSizeIterator<Item = TraceSummary<'_>> {
        self.traces.iter().map(|trace| TraceSummary {
            trace_id: trace.trace_id,
            root_service: self.name(&trace.service),
            root_name: self.name(&trace.name),
            spans: trace.spans,
            start: trace.start,
            duration: trace.duration,
            root_failed: trace.root_failed,
            status: trace.status,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.traces.len()
    }

    pub(super) fn push(&mut self, summary: &TraceSummary<'_>) {
        let service = self.push_name(summary.root_service);
        let name = self.push_name(summary.root_name);
        self.traces.push(ListedTrace {
            trace_id: summary.trace_id,
            service,
            name,
            spans: summary.spans,
            start: summary.start,
            duration: summary.duration,
            root_failed: summary.root_failed,
            status: summary.status,
        });
    }

    fn name(&self, range: &Range<usize>) -> &str {
        self.names.get(range.clone()).expect("the range was made when the name was added")
    }

    fn push_name(&mut self, name: &str) -> Range<usize> {
        let from = self.names.len();
        self.names.push_str(name);
        from..self.names.len()
    }
}
