//! The list: the latest traces of a selection, merged from memory and segments.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::sync::Arc;

use budget::{Permit, Shortage};
use hot::RootKey;
use span::{Timestamp, TraceSummary};

use super::hot_roots::{HotRoot, HotRoots};
use super::hot_trace::Forgotten;
use super::listing::Listing;
use super::segment_roots::SegmentRoots;
use super::selection::{Outcome, Selection};
use super::snapshot::Snapshot;
use crate::view::{Counts, DamagedSegment, LiveSegment, spans_since};

impl Snapshot {
    /// Returns the latest `limit` traces of the selection, and how many there are in total. If the selection is by
    /// outcome, every trace of the range is read.
    pub fn list(&self, selection: impl Into<Selection>, limit: usize) -> Listing {
        let limit = ListLimit { traces: limit, bytes: usize::MAX, memory: None };
        self.list_within(selection, limit).expect("without a permit there is no shortage")
    }

    /// Returns the latest traces of the selection as [`list`](Self::list) does, as many as the limit allows.
    ///
    /// # Errors
    /// If the permit of the limit cannot grow.
    pub fn list_within(
        &self,
        selection: impl Into<Selection>,
        limit: ListLimit<'_>,
    ) -> Result<Listing, Shortage> {
        let selection = selection.into();
        let mut listing = self.ask_until_settled(|| self.list_once(selection, limit))?;
        listing.left_out = self.left_out();
        Ok(listing)
    }

    fn list_once(&self, selection: Selection, limit: ListLimit<'_>) -> Result<Listing, Shortage> {
        let mut listing = loop {
            match self.merge(selection, limit) {
                Ok(listing) => break listing,
                Err(Stop::NoMemory(shortage)) => return Err(shortage),
                // The next attempt no longer finds the trace among the hot roots.
                Err(Stop::Forgotten) => {}
            }
        };
        if selection.outcome != Outcome::Any {
            listing.total = self.count_selected(selection);
        }
        Ok(listing)
    }

    fn merge(&self, selection: Selection, limit: ListLimit<'_>) -> Result<Listing, Stop> {
        // With a selection by outcome, any number of the latest traces may be left out.
        let hot_limit = if selection.outcome == Outcome::Any { limit.traces } else { usize::MAX };
        let HotRoots { total, latest } = self.hot_roots(selection.range, hot_limit);
        let segments = self.segment_roots(selection.range);
        let mut merge = Merge::new(self, segments, selection.outcome);
        let mut hot = latest.iter().peekable();
        while limit.allows_more(&merge.listing)? {
            if merge.listing.len().is_multiple_of(TRACES_BETWEEN) && self.is_stopped() {
                break;
            }
            let is_hot_next = match (hot.peek(), merge.heads.peek()) {
                (None, None) => break,
                (Some(hot), Some(head)) => head.is_before(hot.key),
                (hot, _) => hot.is_some(),
            };
            if is_hot_next {
                hot.next().map_or(Ok(()), |root| merge.push_hot(root))?;
            } else {
                merge.push_head();
            }
        }
        merge.listing.total = total + merge.segments.iter().map(SegmentRoots::listed).sum::<usize>();
        Ok(merge.listing)
    }

    /// Returns the summary of a row, if the selection includes it.
    fn summary_of_row<'a>(
        &self,
        segment: &'a Arc<LiveSegment>,
        (row, key): (u32, RootKey),
        outcome: Outcome,
    ) -> Result<Option<TraceSummary<'a>>, DamagedSegment> {
        let named = DamagedSegment::named(segment);
        let is_alone = !segment.is_split(row);
        let is_whole = is_alone && segment.file().meta().start_min >= self.cutoff();
        if is_whole && outcome != Outcome::Any {
            let has_error = segment.file().has_error(row).map_err(&named)?;
            if !outcome.is_of(Counts { spans: 0, has_error }.status()) {
                return Ok(None);
            }
        }
        let summary = segment.file().summary(row).map_err(&named)?;
        if is_whole {
            return Ok(outcome.is_of(summary.status).then_some(summary));
        }
        let counts = if is_alone {
            spans_since(segment, row, self.cutoff()).map_err(&named)?
        } else {
            self.counts_of(key.trace_id())
        };
        let summary = TraceSummary { spans: counts.spans, status: counts.status(), ..summary };
        Ok(outcome.is_of(summary.status).then_some(summary))
    }
}

/// After this many traces a list may rest or end.
const TRACES_BETWEEN: usize = 256;

/// How long a listing may become.
#[derive(Clone, Copy, Debug)]
pub struct ListLimit<'p> {
    pub traces: usize,
    /// The memory of the listing; its last trace may exceed it.
    pub bytes: usize,
    /// Grows with the listing.
    pub memory: Option<&'p Permit>,
}

impl ListLimit<'_> {
    /// Whether the listing may get another trace, for which memory is there.
    pub(super) fn allows_more(self, listing: &Listing) -> Result<bool, Shortage> {
        listing.pay(self.memory)?;
        Ok(listing.len() < self.traces && listing.bytes() < self.bytes)
    }
}

/// Why a listing is not made to its end.
enum Stop {
    /// A hot trace was forgotten.
    Forgotten,
    NoMemory(Shortage),
}

impl From<Forgotten> for Stop {
    fn from(Forgotten: Forgotten) -> Self {
        Self::Forgotten
    }
}

impl From<Shortage> for Stop {
    fn from(shortage: Shortage) -> Self {
        Self::NoMemory(shortage)
    }
}

/// The next row of a segment: the key of its root or, before the segment is read, an upper bound of its keys.
#[derive(PartialEq, Eq)]
struct Head {
    row: Option<(u32, RootKey)>,
    bound: Timestamp,
    /// The index of the segment.
    segment: usize,
}

impl Head {
    fn start(&self) -> Timestamp {
        self.row.map_or(self.bound, |(_, key)| key.start())
    }

    /// Whether a hot root comes before this in the list.
    fn is_before(&self, hot: RootKey) -> bool {
        match self.row {
            Some((_, key)) => hot > key,
            None => hot.start() > self.bound,
        }
    }
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        // A bound sorts before a key with the same start, so that its segment is read before that key is listed.
        self.start().cmp(&other.start()).then_with(|| match (self.row, other.row) {
            (Some((_, one)), Some((_, two))) => one.cmp(&two),
            (one, two) => two.is_some().cmp(&one.is_some()),
        })
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

struct Merge<'s> {
    snapshot: &'s Snapshot,
    outcome: Outcome,
    segments: Vec<SegmentRoots>,
    heads: BinaryHeap<Head>,
    listing: Listing,
}

impl<'s> Merge<'s> {
    fn new(snapshot: &'s Snapshot, segments: Vec<SegmentRoots>, outcome: Outcome) -> Self {
        let head = |(segment, roots): (usize, &SegmentRoots)| Head {
            row: None,
            bound: roots.latest_start(),
            segment,
        };
        let heads = segments.iter().enumerate().map(head).collect();
        Self { snapshot, outcome, segments, heads, listing: Listing::default() }
    }

    fn push_hot(&mut self, root: &HotRoot) -> Result<(), Forgotten> {
        let trace = self.snapshot.hot_trace(root);
        let (root, counts) = self.snapshot.root_and_counts(&trace)?;
        if self.outcome.is_of(counts.status()) {
            trace.list(&mut self.listing, &root, counts);
        }
        Ok(())
    }

    /// Lists the latest row, or reads the first key of its segment.
    fn push_head(&mut self) {
        let Some(head) = self.heads.pop() else { return };
        if let Err(damaged) = self.try_push(&head) {
            self.snapshot.reader().leave_out(&damaged);
        }
    }

    fn try_push(&mut self, head: &Head) -> Result<(), DamagedSegment> {
        let roots = &mut self.segments[head.segment];
        if let Some(row) = head.row {
            if let Some(summary) = self.snapshot.summary_of_row(roots.segment(), row, self.outcome)? {
                self.listing.push(&summary);
            }
            roots.take_last();
        }
        if head.row.is_none() {
            roots.only(self.outcome)?;
        }
        let next = roots.last()?;
        self.heads.extend(next.map(|row| Head { row: Some(row), ..*head }));
        Ok(())
    }
}
