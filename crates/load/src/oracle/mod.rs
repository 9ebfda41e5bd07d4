//! What the server has to answer, given what it acknowledged. Pure: no I/O, and time comes in as a value.

mod age;
mod detail;
mod page;
mod summary;
#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::HashMap;

use span::{Timestamp, TraceId};

pub(crate) use age::{Ages, Presence};
pub(crate) use page::PageQuery;

use crate::generate::{self, Trace};
use crate::ledger::{Entry, Ledger};

/// Whether traces of other clients may stand among ours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Others {
    Allowed,
    Absent,
}

pub(crate) struct Oracle {
    ledger: Ledger,
    others: Others,
    /// Before place `i` of the entries, how many roots were acknowledged.
    certain_roots: Vec<u32>,
    /// The same, with the uncertain ones.
    possible_roots: Vec<u32>,
    /// Made only when an answer has a trace at the wrong time.
    by_id: OnceCell<HashMap<TraceId, usize>>,
}

impl Oracle {
    /// Sorts the entries by (start, id): a list is the same, with the starts descending.
    pub(crate) fn new(mut ledger: Ledger, others: Others) -> Self {
        let seed = ledger.seed;
        let id = |entry: &Entry| generate::trace_id(seed, entry.number);
        ledger.entries.sort_unstable_by(|a, b| a.start.cmp(&b.start).then_with(|| id(a).cmp(&id(b))));
        let certain_roots = sums(&ledger.entries, |entry| entry.is_acked(0));
        let possible_roots = sums(&ledger.entries, |entry| entry.is_acked(0) || entry.is_uncertain(0));
        Self { ledger, others, certain_roots, possible_roots, by_id: OnceCell::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.ledger.entries.len()
    }

    pub(crate) fn entry(&self, place: usize) -> Entry {
        self.ledger.entries[place]
    }

    pub(crate) fn trace(&self, place: usize) -> Trace {
        self.ledger.trace(self.entry(place))
    }

    pub(crate) fn trace_id(&self, place: usize) -> TraceId {
        generate::trace_id(self.ledger.seed, self.entry(place).number)
    }

    /// From the first start to just behind the last one; none if nothing was sent.
    pub(crate) fn emitted(&self) -> Option<(Timestamp, Timestamp)> {
        let first = self.ledger.entries.first()?.start;
        let last = self.ledger.entries.last()?.start;
        Some((first, last.saturating_add(1)))
    }

    /// Whether the trace is listed.
    pub(crate) fn listed(&self, place: usize, ages: Ages) -> Presence {
        let entry = self.entry(place);
        held(entry, 0).min(ages.presence(entry.start))
    }

    /// Where a listed trace stands in the ledger; a wrong start in the answer does not hide it.
    fn find(&self, trace_id: TraceId, start: Timestamp) -> Option<usize> {
        self.places_at(start)
            .find(|&place| self.trace_id(place) == trace_id)
            .or_else(|| self.ids().get(&trace_id).copied())
    }

    fn places_at(&self, start: Timestamp) -> std::ops::Range<usize> {
        self.first_from(start)..self.first_from(start.saturating_add(1))
    }

    /// The first place whose entry starts at `start` or later.
    fn first_from(&self, start: Timestamp) -> usize {
        self.ledger.entries.partition_point(|entry| entry.start.cmp(&start) == Ordering::Less)
    }

    fn ids(&self) -> &HashMap<TraceId, usize> {
        self.by_id.get_or_init(|| (0..self.len()).map(|place| (self.trace_id(place), place)).collect())
    }
}

/// What the ledger alone says about a span.
const fn held(entry: Entry, span: usize) -> Presence {
    if entry.is_acked(span) {
        Presence::Required
    } else if entry.is_uncertain(span) {
        Presence::Either
    } else {
        Presence::Absent
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
