//! Questions about rootless traces. Their earliest span inside the window stands for the root.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use budget::Shortage;
use hot::RootKey;
use span::{TimeRange, TraceSummary};

use super::hot_trace::HotTrace;
use super::list::ListLimit;
use super::listing::Listing;
use super::rootless_scan::{Place, RootlessTally, RootlessTrace};
use super::selection::{Outcome, Selection};
use super::snapshot::Snapshot;
use crate::view::DamagedSegment;

/// After this many traces a list may rest or end.
const TRACES_BETWEEN: usize = 256;

impl Snapshot {
    /// Returns how many rootless traces the selection includes. A trace in flight is one until its root arrives.
    pub fn count_rootless(&self, selection: Selection) -> usize {
        self.ask_until_settled(|| {
            let mut found = Found::new(selection, 0);
            self.scan_rootless(&mut found);
            found.total
        })
    }

    /// Returns the latest rootless traces of the selection, as many as the limit allows, and how many there are.
    ///
    /// # Errors
    /// If the permit of the limit cannot grow.
    pub fn rootless_within(&self, selection: Selection, limit: ListLimit<'_>) -> Result<Listing, Shortage> {
        let mut listing = self.ask_until_settled(|| {
            let mut found = Found::new(selection, limit.traces);
            self.scan_rootless(&mut found);
            self.list_rootless(found, limit)
        })?;
        listing.left_out = self.left_out();
        Ok(listing)
    }

    fn list_rootless(&self, found: Found, limit: ListLimit<'_>) -> Result<Listing, Shortage> {
        let mut listing = Listing::default();
        for (number, Reverse(Latest(trace))) in found.latest.into_sorted_vec().into_iter().enumerate() {
            if !limit.allows_more(&listing)? || number.is_multiple_of(TRACES_BETWEEN) && self.is_stopped() {
                break;
            }
            self.push_rootless(&mut listing, trace);
        }
        listing.total = found.total;
        Ok(listing)
    }

    fn push_rootless(&self, listing: &mut Listing, trace: RootlessTrace) {
        let counts = trace.counts;
        match trace.place {
            Place::Row(segment, row) => {
                let Some(segment) = self.view().segments().get(segment) else { return };
                let named = DamagedSegment::named(segment);
                let read = || segment.file().rootless_summary(row, self.cutoff()).map_err(named);
                if let Some(Some(summary)) = self.reader().read_segment(segment, read) {
                    listing.push(&TraceSummary { spans: counts.spans, status: counts.status(), ..summary });
                }
            }
            Place::Hot { generation, shard, slot } => {
                let Some(generation) = self.view().generations().nth(generation) else { return };
                let end = self.end_in(generation, shard);
                let hot = HotTrace { id: trace.id, generation, shard, slot, end };
                // A trace that was forgotten since the scan is outside of the window by now.
                let Ok(earliest) = hot.earliest(self.cutoff()) else { return };
                hot.list(listing, &earliest, counts);
            }
        }
    }
}

/// What was found: how many, and the latest of them.
struct Found {
    selection: Selection,
    limit: usize,
    total: usize,
    /// The first is the earliest.
    latest: BinaryHeap<Reverse<Latest>>,
}

impl Found {
    fn new(selection: Selection, limit: usize) -> Self {
        Self { selection, limit, total: 0, latest: BinaryHeap::new() }
    }
}

impl RootlessTally for Found {
    fn add(&mut self, trace: RootlessTrace) {
        let Selection { range, outcome } = self.selection;
        if !range.contains(trace.start) || !outcome.is_of(trace.counts.status()) {
            return;
        }
        self.total += 1;
        let is_wanted = |first: &Reverse<Latest>| first.0 < Latest(trace);
        if self.latest.len() < self.limit {
            self.latest.push(Reverse(Latest(trace)));
        } else if self.latest.peek().is_some_and(is_wanted) {
            self.latest.pop();
            self.latest.push(Reverse(Latest(trace)));
        }
    }

    fn adds_unseen(&self, starts: TimeRange) -> bool {
        let Selection { range, outcome } = self.selection;
        self.limit == 0 && outcome == Outcome::Any && range.from <= starts.from && starts.until <= range.until
    }

    fn add_unseen(&mut self, count: usize) {
        self.total += count;
    }
}

/// A trace, ordered as in a list, only that the last is the first there.
struct Latest(RootlessTrace);

impl Latest {
    fn key(&self) -> RootKey {
        RootKey::new(self.0.start, self.0.id)
    }
}

impl PartialEq for Latest {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Latest {}

impl PartialOrd for Latest {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Latest {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}
