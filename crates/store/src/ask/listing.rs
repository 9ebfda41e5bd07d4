//! What a list answers.

use std::ops::Range;

use span::{Status, Timestamp, TraceId, TraceSummary};

/// The latest traces of a range, and how many there are in all.
#[derive(Default)]
pub struct Listing {
    pub total: usize,
    rows: Vec<Row>,
    /// Names of services and operations, one after the other.
    names: String,
}

struct Row {
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
    /// By start, the latest first; ties by id.
    pub fn summaries(&self) -> impl ExactSizeIterator<Item = TraceSummary<'_>> {
        self.rows.iter().map(|row| TraceSummary {
            trace_id: row.trace_id,
            root_service: self.name(&row.service),
            root_name: self.name(&row.name),
            spans: row.spans,
            start: row.start,
            duration: row.duration,
            root_failed: row.root_failed,
            status: row.status,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn push(&mut self, summary: &TraceSummary<'_>) {
        let service = self.push_name(summary.root_service);
        let name = self.push_name(summary.root_name);
        self.rows.push(Row {
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
        self.names.get(range.clone()).expect("a range of names that were put there")
    }

    fn push_name(&mut self, name: &str) -> Range<usize> {
        let from = self.names.len();
        self.names.push_str(name);
        from..self.names.len()
    }
}
