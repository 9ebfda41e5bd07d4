//! One state of the store, and the traces with a root that it has.

use std::ops::Range;
use std::sync::Arc;

use hot::{Position, RootKey, Slot};
use span::{Status, TimeRange, Timestamp, TraceId};

use super::hot_trace::{HotTrace, Root};
use super::piece::{Pieces, Wanted};
use crate::fault::Fault;
use crate::store::Store;
use crate::view::{SupersededSnapshot, Unit, View};

/// Why a question has to be asked again.
pub(super) enum Again {
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
pub(super) struct Moment {
    pub(super) view: Arc<View>,
    pub(super) cutoff: Timestamp,
    /// Behind the last record of each shard of the open generation.
    pub(super) ends: Vec<Position>,
    /// Of each unit of the view.
    pub(super) superseded: Vec<SupersededSnapshot>,
    /// How many hot roots match.
    pub(super) hot_total: usize,
    /// The latest of them, the last first.
    pub(super) hot: Vec<HotRoot>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct HotRoot {
    pub(super) key: RootKey,
    /// Counted through the frozen generations and the open one.
    pub(super) generation: usize,
    pub(super) shard: usize,
    pub(super) slot: Slot,
}

/// The rows of a unit that match and are not listed yet: the last of them comes next.
pub(super) struct Rows {
    pub(super) unit: Arc<Unit>,
    pub(super) superseded: SupersededSnapshot,
    pub(super) left: Range<u32>,
}

impl Store {
    /// Asks again as long as that is needed.
    pub(super) fn ask<T>(&self, question: impl Fn() -> Result<T, Again>) -> T {
        loop {
            match question() {
                Ok(answer) => return answer,
                Err(Again::Fault(fault)) => self.set_aside(&fault),
                Err(Again::Gone) => {}
            }
        }
    }

    /// Holds all shards for as long as it takes to copy the keys of the hot roots. No segment is read.
    pub(super) fn moment(&self, range: TimeRange, limit: usize, now: Timestamp) -> Moment {
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
                superseded: view.units.iter().map(|unit| unit.superseded.now()).collect(),
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

    /// The root of a hot trace, how many spans all its pieces have inside the window, and how they ended.
    pub(super) fn root_and_counts(
        &self,
        moment: &Moment,
        trace: &HotTrace<'_>,
    ) -> Result<(Root, (u64, Status)), Again> {
        let (root, counts) = trace.root_and_counts(moment.cutoff)?;
        let counts = counts.map_or_else(|| self.count_pieces(moment, trace.id), Ok)?;
        Ok((root, counts))
    }

    /// How many spans all pieces have inside the window, and whether one of them failed.
    pub(super) fn count_pieces(&self, moment: &Moment, id: TraceId) -> Result<(u64, Status), Fault> {
        Pieces::find(&moment.view, &self.directory, self.wanted(moment, id))?
            .count(moment.cutoff)
            .map(counted)
    }

    /// Where the pieces of a trace are to be looked for.
    pub(super) fn wanted(&self, moment: &Moment, id: TraceId) -> Wanted {
        let hash = self.router.hash(id);
        let shard = self.router.shard(hash);
        Wanted { id, hash, shard, end: moment.ends[shard] }
    }
}

/// A trace failed where one of its spans did.
pub(super) const fn counted((spans, has_error): (u64, bool)) -> (u64, Status) {
    (spans, if has_error { Status::Error } else { Status::Ok })
}

impl Moment {
    pub(super) fn hot_trace(&self, root: &HotRoot) -> HotTrace<'_> {
        let (generation, end) = match self.view.frozen.get(root.generation) {
            Some(generation) => (generation, Position::MAX),
            None => (&self.view.open, self.ends[root.shard]),
        };
        HotTrace { id: root.key.trace_id(), generation, shard: root.shard, slot: root.slot, end }
    }

    fn add(&mut self, (count, roots): (usize, Vec<(RootKey, Slot)>), (generation, shard): (usize, usize)) {
        self.hot_total += count;
        self.hot.extend(roots.into_iter().map(|(key, slot)| HotRoot { key, generation, shard, slot }));
    }

    /// The rows of each unit whose root starts in the range; `total` grows by those that are listed.
    pub(super) fn matching_rows(&self, range: TimeRange, total: &mut usize) -> Result<Vec<Rows>, Fault> {
        let from = range.from.max(self.cutoff);
        let mut matching = Vec::new();
        for (unit, superseded) in self.view.units.iter().zip(&self.superseded) {
            let meta = unit.segment.meta();
            if meta.rooted == 0 || meta.start_max < from || range.until <= meta.start_min {
                continue;
            }
            let rank = |start| unit.segment.root_rank(start).map_err(Fault::of(unit));
            let first = if from <= meta.start_min { 0 } else { rank(from)? };
            let last = if range.until > meta.start_max { meta.rooted } else { rank(range.until)? };
            if first < last {
                *total += (last - first - superseded.count(first..last)) as usize;
                matching.push(Rows {
                    unit: Arc::clone(unit),
                    superseded: superseded.clone(),
                    left: first..last,
                });
            }
        }
        Ok(matching)
    }
}

impl Rows {
    /// The key of the next row that is listed.
    pub(super) fn next_key(&mut self) -> Result<Option<RootKey>, Fault> {
        while !self.left.is_empty() && self.superseded.contains(self.left.end - 1) {
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
