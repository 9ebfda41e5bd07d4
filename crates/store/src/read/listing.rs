//! The answer of a list: summaries of traces, with their names in one buffer.

use std::ops::Range;

use budget::{Permit, Shortage};
use span::limits::{NAME_CHARS_MAX, cut};
use span::{Status, Timestamp, TraceId, TraceSummary};

/// Limit: what one trace adds to a listing: two names of characters of four bytes, and the rest.
const TRACE_BYTES_MAX: usize = size_of::<ListedTrace>() + 2 * 4 * NAME_CHARS_MAX;
/// Memory that is asked for at once.
const STEP_BYTES: usize = 64 * 1024;

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
    is_rootless: bool,
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
            is_rootless: trace.is_rootless,
            start: trace.start,
            duration: trace.duration,
            root_failed: trace.root_failed,
            status: trace.status,
        })
    }

    /// Returns the memory that the listing takes.
    pub fn bytes(&self) -> usize {
        self.traces.len() * size_of::<ListedTrace>() + self.names.len()
    }

    /// Asks for the memory of the listing and of the next traces.
    pub(super) fn pay(&self, memory: Option<&Permit>) -> Result<(), Shortage> {
        let Some(memory) = memory else { return Ok(()) };
        if self.bytes() + TRACE_BYTES_MAX > memory.units() {
            memory.grow_to(self.bytes() + STEP_BYTES)?;
        }
        Ok(())
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
            is_rootless: summary.is_rootless,
            start: summary.start,
            duration: summary.duration,
            root_failed: summary.root_failed,
            status: summary.status,
        });
    }

    fn name(&self, range: &Range<usize>) -> &str {
        self.names.get(range.clone()).expect("the range was made when the name was added")
    }

    /// Lists show a name up to the contract's limit. OpenTelemetry has none.
    fn push_name(&mut self, name: &str) -> Range<usize> {
        let name = cut(name, NAME_CHARS_MAX);
        let from = self.names.len();
        self.names.push_str(name);
        from..self.names.len()
    }
}
