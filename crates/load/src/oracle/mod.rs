//! The oracle: knows what the server must answer, given what it acknowledged. It does no I/O and asks no clock;
//! callers pass times.

mod detail;
mod page;
mod summary;
#[cfg(test)]
mod tests;
mod window;

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::HashMap;

use span::{Timestamp, TraceId};

pub(crate) use page::PageQuery;
pub(crate) use window::{Expectation, WindowEdges};

use crate::generate::{self, Trace};
use crate::ledger::{Entry, Ledger};

/// Whether other clients send traces at the same time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ForeignTraces {
    Allowed,
    Unexpected,
}

pub(crate) struct Oracle {
    ledger: Ledger,
    foreign_traces: ForeignTraces,
    /// At index `i`: how many of the entries before `i` have an acknowledged root.
    certain_roots: Vec<u32>,
    /// At index `i`: how many of the entries before `i` have an acknowledged or uncertain root.
    possible_roots: Vec<u32>,
    /// The entries by trace id. Built only when an answer has a trace with a wrong start.
    by_id: OnceCell<HashMap<TraceId, usize>>,
}

impl Oracle {
    /// Makes an oracle, and sorts the entries of the ledger by start, then by id. Lists have the latest start first
    /// instead.
    pub(crate) fn new(mut ledger: Ledger, foreign_traces: ForeignTraces) -> Self {
        let seed = ledger.seed;
        let id = |entry: &Entry| generate::trace_id(seed, entry.number);
        ledger.entries.sort_unstable_by(|a, b| a.start.cmp(&b.start).then_with(|| id(a).cmp(&id(b))));
        let certain_roots = sums(&ledger.entries, |entry| entry.is_acked(0));
        let possible_roots = sums(&ledger.entries, |entry| entry.is_acked(0) || entry.is_uncertain(0));
        Self { ledger, foreign_traces, certain_roots, possible_roots, by_id: OnceCell::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.ledger.entries.len()
    }

    pub(crate) fn entry(&self, index: usize) -> Entry {
        self.ledger.entries[index]
    }

    pub(crate) fn trace(&self, index: usize) -> Trace {
        self.ledger.trace(self.entry(index))
    }

    pub(crate) fn trace_id(&self, index: usize) -> TraceId {
        generate::trace_id(self.ledger.seed, self.entry(index).number)
    }

    /// Returns the range of the starts of all roots: the first, and a time just after the last. `None` if nothing was
    /// sent.
    pub(crate) fn emitted(&self) -> Option<(Timestamp, Timestamp)> {
        let first = self.ledger.entries.first()?.start;
        let last = self.ledger.entries.last()?.start;
        Some((first, last.saturating_add(1)))
    }

    /// Returns whether the list must, may or must not show the trace with this index.
    pub(crate) fn listed(&self, index: usize, edges: WindowEdges) -> Expectation {
        let entry = self.entry(index);
        expectation_by_ledger(entry, 0).min(edges.expectation(entry.start))
    }

    /// Returns the index of a listed trace, even if `start`, its start by the answer, is wrong.
    fn find(&self, trace_id: TraceId, start: Timestamp) -> Option<usize> {
        self.places_at(start)
            .find(|&index| self.trace_id(index) == trace_id)
            .or_else(|| self.ids().get(&trace_id).copied())
    }

    fn places_at(&self, start: Timestamp) -> std::ops::Range<usize> {
        self.first_from(start)..self.first_from(start.saturating_add(1))
    }

    /// Returns the index of the first entry that starts at `start` or later.
    fn first_from(&self, start: Timestamp) -> usize {
        self.ledger.entries.partition_point(|entry| entry.start.cmp(&start) == Ordering::Less)
    }

    fn ids(&self) -> &HashMap<TraceId, usize> {
        self.by_id.get_or_init(|| (0..self.len()).map(|index| (self.trace_id(index), index)).collect())
    }
}

/// Returns whether answers must, may or must not show a span by what the ledger says, regardless of the window.
const fn expectation_by_ledger(entry: Entry, span: usize) -> Expectation {
    if entry.is_acked(span) {
        Expectation::Required
    } else if entry.is_uncertain(span) {
        Expectation::Allowed
    } else {
        Expectation::Forbidden
    }
}

fn sums(entries: &[Entry], counts: impl Fn(&Entry) -> bool) -> Vec<u32> {
    let mut sum = 0;
    let mut sums = Vec::with_capacity(entries.len() + 1);
    sums.push(0);
    for entry in entries {
        sum += u32::from(counts(entry));
        sums.push(sum);
    }
    sums
}
