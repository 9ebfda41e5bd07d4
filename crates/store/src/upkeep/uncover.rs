//! With a damaged segment a root may be lost that had put others in its shadow: the smallest of those that
//! remain is the root then.

use std::sync::Arc;

use hot::{Position, RootOrder, Slot};
use span::TraceId;

use crate::ask::{root_order, row_root, rows_of, smaller};
use crate::fault::Fault;
use crate::store::Store;
use crate::view::{Unit, View};

/// A row that may be the root's, and the root that it has itself.
struct RootedRow {
    unit: Arc<Unit>,
    row: u32,
    root: Option<RootOrder>,
}

impl Store {
    /// Looks at every trace with a root in a shadow. Seldom called: it may take its time.
    pub(super) fn uncover_roots(&self) {
        for id in self.traces_with_superseded_roots() {
            if let Err(fault) = self.uncover_root(id) {
                // It is set aside in its turn, and the roots are looked at once more then.
                self.report(fault);
            }
        }
    }

    fn traces_with_superseded_roots(&self) -> Vec<TraceId> {
        let view = self.views.current();
        let mut ids = Vec::new();
        for unit in &view.units {
            let rows = unit.superseded.now();
            let rows = rows.ones().take_while(|&row| row < unit.segment.meta().traces);
            ids.extend(rows.filter_map(|row| unit.segment.trace_id(row).ok()));
        }
        for generation in view.frozen.iter().chain([&view.open]) {
            for number in 0..generation.shard_count() {
                let shard = generation.read(number);
                ids.extend(
                    shard.traces().filter(|(_, trace)| trace.is_superseded()).map(|(_, trace)| trace.id()),
                );
            }
        }
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    fn uncover_root(&self, id: TraceId) -> Result<(), Fault> {
        let hash = self.router.hash(id);
        let shard = self.router.shard(hash);
        loop {
            let view = self.views.current();
            // Order: segments are read before the shard is held.
            let (rows, mut smallest) = self.rooted_rows(&view, id)?;
            let open = view.open.write(shard);
            if open.epoch != view.epoch {
                continue;
            }
            let frozen = view.frozen.iter().map(|generation| generation.read(shard));
            let frozen: Vec<_> = frozen.filter_map(|shard| Some((shard.find(hash, id)?, shard))).collect();
            let open_slot = open.find(hash, id);
            let hot_root = |slot: Slot, shard: &hot::Shard| shard.root_before(slot, Position::MAX);
            for (slot, shard) in &frozen {
                smallest = smaller(smallest, hot_root(*slot, shard));
            }
            smallest = smaller(smallest, open_slot.and_then(|slot| hot_root(slot, &open)));
            for rooted in rows.iter().filter(|rooted| rooted.root.is_some() && rooted.root == smallest) {
                rooted.unit.superseded.clear(rooted.row);
            }
            for (slot, shard) in frozen.iter().filter(|(slot, shard)| hot_root(*slot, shard) == smallest) {
                shard.restore_root(*slot);
            }
            if let Some(slot) = open_slot.filter(|&slot| hot_root(slot, &open) == smallest) {
                open.restore_root(slot);
            }
            return Ok(());
        }
    }

    /// The rows of the trace with a root, and the smallest root that all of its rows have or remember. Where a
    /// trace of the id was over before, its root is smaller and in no one's way: nothing is uncovered then.
    fn rooted_rows(&self, view: &View, id: TraceId) -> Result<(Vec<RootedRow>, Option<RootOrder>), Fault> {
        let (mut rows, mut smallest) = (Vec::new(), None);
        for (unit, row) in rows_of(view, &self.directory, self.router.hash(id), id)? {
            let remembered = row_root(&unit, row).map_err(Fault::of(&unit))?;
            if unit.segment.carryover(row).map_err(Fault::of(&unit))?.begins {
                (rows, smallest) = (Vec::new(), None);
            }
            smallest = smaller(smallest, remembered);
            let root = if row < unit.segment.meta().rooted {
                Some(root_order(&unit.segment.root(row).map_err(Fault::of(&unit))?))
            } else {
                None
            };
            rows.push(RootedRow { unit, row, root });
        }
        Ok((rows, smallest))
    }
}
