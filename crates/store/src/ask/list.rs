//! The list of rooted traces over all generations, merged in order.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::ops::Range;
use std::sync::Arc;

use hot::{Position, RootKey, Slot};
use record::{Reader, take_operation};
use span::{Status, TimeRange, Timestamp, TraceId, TraceSummary};

use super::listing::Listing;
use super::piece::{Pieces, Wanted, row_count};
use crate::fault::Fault;
use crate::store::Store;
use crate::view::{Shadows, Unit, View};

/// Why a list has to be made again.
enum Again {
    Fault(Fault),
    /// A trace went out of the window on the way, and its id began again.
    Gone,
}

impl From<Fault> for Again {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// One moment of the store: no writer was in any shard.
struct Moment {
    view: Arc<View>,
    cutoff: Timestamp,
    /// Behind the last record of each shard of the open generation.
    ends: Vec<Position>,
    /// Of each unit of the view.
    shadows: Vec<Shadows>,
    /// How many hot roots match.
    hot_total: usize,
    /// The latest of them, the last first.
    hot: Vec<HotRoot>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct HotRoot {
    key: RootKey,
    /// Counted through the frozen generations and the open one.
    generation: usize,
    shard: usize,
    slot: Slot,
}

/// The rows of a unit that match and are not listed yet: the last of them comes next.
struct Rows {
    unit: Arc<Unit>,
    shadows: Shadows,
    left: Range<u32>,
}

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
        loop {
            let moment = self.moment(range, limit, now);
            match self.list_at(&moment, range, limit) {
                Ok(listing) => return listing,
                Err(Again::Fault(fault)) => self.set_aside(&fault),
                Err(Again::Gone) => {}
            }
        }
    }

    /// Holds all shards for as long as it takes to copy the keys of the hot roots. No segment is read.
    fn moment(&self, range: TimeRange, limit: usize, now: Timestamp) -> Moment {
        loop {
            let view = self.views.current();
            let open = view.open.read_all();
            if open.iter().any(|shard| shard.epoch != view.epoch) {
                continue;
            }
            let cutoff = self.window.cutoff(now);
            let from = range.from.max(cutoff);
            let mut moment = Moment {
                cutoff,
                ends: open.iter().map(|shard| shard.end()).collect(),
                shadows: view.units.iter().map(|unit| unit.shadowed.now()).collect(),
                hot_total: 0,
                hot: Vec::new(),
                view: Arc::clone(&view),
            };
            for (number, generation) in view.frozen.iter().enumerate() {
                for shard in 0..generation.shard_count() {
                    moment.add(generation.read(shard).listed(from, range.until, limit), (number, shard));
                }
            }
            for (number, shard) in open.iter().enumerate() {
                moment.add(shard.listed(from, range.until, limit), (view.frozen.len(), number));
            }
            drop(open);
            moment.hot.sort_unstable_by(|one, other| other.cmp(one));
            moment.hot.truncate(limit);
            return moment;
        }
    }

    fn list_at(&self, moment: &Moment, range: TimeRange, limit: usize) -> Result<Listing, Again> {
        let mut listing = Listing::default();
        listing.total = moment.hot_total;
        let mut rows = moment.matching_rows(range, &mut listing.total)?;
        let mut heads: BinaryHeap<Head> = (0..rows.len())
            .map(|number| Head {
                key: None,
                bound: rows[number].unit.segment.facts().start_max,
                rows: number,
            })
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
                hot.next().map_or(Ok(()), |root| self.push_hot(&mut listing, moment, root))?;
                continue;
            }
            let Some(head) = heads.pop() else { break };
            let rows = &mut rows[head.rows];
            if let Some(key) = head.key {
                self.push_row(&mut listing, moment, rows, key.trace_id())?;
                rows.left.end -= 1;
            }
            heads.extend(rows.next_key()?.map(|key| Head { key: Some(key), ..head }));
        }
        Ok(listing)
    }

    fn push_hot(&self, listing: &mut Listing, moment: &Moment, root: &HotRoot) -> Result<(), Again> {
        let is_open = root.generation == moment.view.frozen.len();
        let generation = if is_open { &moment.view.open } else { &moment.view.frozen[root.generation] };
        let end = if is_open { moment.ends[root.shard] } else { Position::MAX };
        let id = root.key.trace_id();
        let shard = generation.read(root.shard);
        let trace = shard.trace(root.slot).filter(|trace| trace.id() == id).ok_or(Again::Gone)?;
        let record = shard.root_record(root.slot, end).ok_or(Again::Gone)?;
        let duration = record.duration().expect("memory holds what was checked");
        let operation = generation.operation(record.operation());
        let operation = take_operation(&mut Reader::new(&operation)).expect("memory holds what was checked");
        let own = (!trace.is_shared()).then(|| counted(shard.count(root.slot, moment.cutoff, end)));
        drop(shard);
        let (spans, status) = match own {
            Some(counts) => counts,
            None => self.count_pieces(moment, id)?,
        };
        listing.push(&TraceSummary {
            trace_id: id,
            root_service: operation.service,
            root_name: operation.name,
            spans,
            start: root.key.start(),
            duration,
            status,
        });
        Ok(())
    }

    fn push_row(
        &self,
        listing: &mut Listing,
        moment: &Moment,
        rows: &Rows,
        id: TraceId,
    ) -> Result<(), Fault> {
        let (unit, row) = (&rows.unit, rows.left.end - 1);
        let summary = unit.segment.summary(row).map_err(Fault::of(unit))?;
        let is_whole = unit.segment.facts().start_min >= moment.cutoff;
        let (spans, status) = if unit.shared.get(row) {
            self.count_pieces(moment, id)?
        } else if is_whole {
            (summary.spans, summary.status)
        } else {
            counted(row_count(unit, row, moment.cutoff).map_err(Fault::of(unit))?)
        };
        listing.push(&TraceSummary { spans, status, ..summary });
        Ok(())
    }

    /// How many spans all pieces have inside the window, and whether one of them failed.
    fn count_pieces(&self, moment: &Moment, id: TraceId) -> Result<(u64, Status), Fault> {
        let hash = self.router.hash(id);
        let shard = self.router.shard(hash);
        let wanted = Wanted { id, hash, shard, end: moment.ends[shard] };
        Pieces::find(&moment.view, &self.directory, wanted)?.count(moment.cutoff).map(counted)
    }
}

/// A trace failed where one of its spans did.
const fn counted((spans, has_error): (u64, bool)) -> (u64, Status) {
    (spans, if has_error { Status::Error } else { Status::Ok })
}

impl Moment {
    fn add(&mut self, (count, roots): (usize, Vec<(RootKey, Slot)>), (generation, shard): (usize, usize)) {
        self.hot_total += count;
        self.hot.extend(roots.into_iter().map(|(key, slot)| HotRoot { key, generation, shard, slot }));
    }

    /// The rows of each unit whose root starts in the range; `total` grows by those that are listed.
    fn matching_rows(&self, range: TimeRange, total: &mut usize) -> Result<Vec<Rows>, Fault> {
        let from = range.from.max(self.cutoff);
        let mut matching = Vec::new();
        for (unit, shadows) in self.view.units.iter().zip(&self.shadows) {
            let facts = unit.segment.facts();
            if facts.rooted == 0 || facts.start_max < from || range.until <= facts.start_min {
                continue;
            }
            let rank = |start| unit.segment.root_rank(start).map_err(Fault::of(unit));
            let first = if from <= facts.start_min { 0 } else { rank(from)? };
            let last = if range.until > facts.start_max { facts.rooted } else { rank(range.until)? };
            if first < last {
                *total += (last - first - shadows.count(first..last)) as usize;
                matching.push(Rows { unit: Arc::clone(unit), shadows: shadows.clone(), left: first..last });
            }
        }
        Ok(matching)
    }
}

impl Rows {
    /// The key of the next row that is listed.
    fn next_key(&mut self) -> Result<Option<RootKey>, Fault> {
        while !self.left.is_empty() && self.shadows.contains(self.left.end - 1) {
            self.left.end -= 1;
        }
        if self.left.is_empty() {
            return Ok(None);
        }
        let row = self.left.end - 1;
        let read = || Ok(RootKey::new(self.unit.segment.root_start(row)?, self.unit.segment.trace_id(row)?));
        read().map(Some).map_err(Fault::of(&self.unit))
    }
}
