//! The list of rooted traces over all generations, merged in order.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use hot::RootKey;
use span::{TimeRange, Timestamp, TraceId, TraceSummary};

use super::listing::Listing;
use super::moment::{Again, HotRoot, Moment, Rows, counted};
use super::piece::row_count;
use super::selection::{Outcome, Selection};
use crate::fault::Fault;
use crate::store::Store;

/// What stands at the head of a unit's rows: the key of the next row, or, before the unit was looked at, a
/// bound that no key of it exceeds.
#[derive(PartialEq, Eq)]
struct Head {
    key: Option<RootKey>,
    bound: Timestamp,
    rows: usize,
}

impl Head {
    fn start(&self) -> Timestamp {
        self.key.map_or(self.bound, |key| key.start())
    }
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        // A bound comes before a key of the same start, so that it is looked behind in time.
        self.start().cmp(&other.start()).then_with(|| match (self.key, other.key) {
            (Some(one), Some(two)) => one.cmp(&two),
            (one, two) => two.is_some().cmp(&one.is_some()),
        })
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Store {
    /// The latest `limit` traces whose root starts in `range`, and how many there are in all.
    pub fn list(&self, range: TimeRange, limit: usize, now: Timestamp) -> Listing {
        self.ask(|| {
            let moment = self.moment(range, limit, now);
            self.list_at(&moment, range.into(), limit)
        })
    }

    /// The same for traces of which the outcome matters, too. Who asks for one looks at every trace of the range.
    pub fn select(&self, selection: Selection, limit: usize, now: Timestamp) -> Listing {
        if selection.outcome == Outcome::Any {
            return self.list(selection.range, limit, now);
        }
        self.ask(|| {
            let moment = self.moment(selection.range, usize::MAX, now);
            let mut listing = self.list_at(&moment, selection, limit)?;
            listing.total = self.count_at(&moment, selection)?;
            Ok(listing)
        })
    }

    fn list_at(&self, moment: &Moment, selection: Selection, limit: usize) -> Result<Listing, Again> {
        let Selection { range, outcome } = selection;
        let mut listing = Listing::default();
        listing.total = moment.hot_total;
        let mut rows = moment.matching_rows(range, &mut listing.total)?;
        let mut heads: BinaryHeap<Head> = (0..rows.len())
            .map(|number| Head { key: None, bound: rows[number].unit.segment.meta().start_max, rows: number })
            .collect();
        let mut hot = moment.hot.iter().peekable();
        while listing.len() < limit {
            let is_hot_next = match (hot.peek(), heads.peek()) {
                (None, None) => break,
                (Some(hot), Some(head)) => match head.key {
                    Some(key) => hot.key > key,
                    None => hot.key.start() > head.bound,
                },
                (hot, _) => hot.is_some(),
            };
            if is_hot_next {
                hot.next().map_or(Ok(()), |root| self.push_hot(&mut listing, moment, root, outcome))?;
                continue;
            }
            let Some(head) = heads.pop() else { break };
            let rows = &mut rows[head.rows];
            if let Some(key) = head.key {
                self.push_row(&mut listing, moment, (rows, key.trace_id()), outcome)?;
                rows.left.end -= 1;
            }
            heads.extend(rows.next_key()?.map(|key| Head { key: Some(key), ..head }));
        }
        Ok(listing)
    }

    fn push_hot(
        &self,
        listing: &mut Listing,
        moment: &Moment,
        root: &HotRoot,
        outcome: Outcome,
    ) -> Result<(), Again> {
        let trace = moment.hot_trace(root);
        let (root, counts) = self.root_and_counts(moment, &trace)?;
        if outcome.is_of(counts.1) {
            trace.list(listing, &root, counts);
        }
        Ok(())
    }

    fn push_row(
        &self,
        listing: &mut Listing,
        moment: &Moment,
        (rows, id): (&Rows, TraceId),
        outcome: Outcome,
    ) -> Result<(), Fault> {
        let (unit, row) = (&rows.unit, rows.left.end - 1);
        let is_alone = !unit.split.get(row);
        let is_whole = is_alone && unit.segment.meta().start_min >= moment.cutoff;
        if is_whole && outcome != Outcome::Any {
            let has_error = unit.segment.has_error(row).map_err(Fault::of(unit))?;
            if !outcome.is_of(counted((0, has_error)).1) {
                return Ok(());
            }
        }
        let summary = unit.segment.summary(row).map_err(Fault::of(unit))?;
        let (spans, status) = if is_whole {
            (summary.spans, summary.status)
        } else if is_alone {
            counted(row_count(unit, row, moment.cutoff).map_err(Fault::of(unit))?)
        } else {
            self.count_pieces(moment, id)?
        };
        if outcome.is_of(status) {
            listing.push(&TraceSummary { spans, status, ..summary });
        }
        Ok(())
    }
}
