//! Small neighbouring segments become one.
//!
//! At a high rate segments are born large and are never touched again; at a low one each is small, and a
//! window would have many of them.

use std::sync::Arc;

use super::Upkeep;
use crate::fault::Fault;
use crate::store::Store;
use crate::view::Unit;

/// Limit: a segment of fewer spans is small: merging costs nothing that one could feel.
const SMALL_SPANS_MAX: u64 = 16 * 1024;
/// Limit: beyond so many segments also large neighbours are merged, two by two.
const UNITS_MAX: usize = 1024;

impl Store {
    /// Merges one run of small segments. False where there is none.
    pub fn merge(&self) -> bool {
        let mut upkeep = self.upkeep.lock();
        let merged = self.merge_with(&mut upkeep);
        self.clean_up(&mut upkeep);
        merged
    }

    pub(super) fn merge_with(&self, upkeep: &mut Upkeep) -> bool {
        let view = self.views.current();
        let Some(inputs) =
            small_run(&view.units, self.settings.merged_segments).or_else(|| smallest_pair(&view.units))
        else {
            return false;
        };
        match self.merge_units(upkeep, inputs) {
            Ok(merged) => merged,
            Err(fault) => {
                self.set_aside_with(upkeep, &fault);
                true
            }
        }
    }

    fn merge_units(&self, upkeep: &mut Upkeep, inputs: &[Arc<Unit>]) -> Result<bool, Fault> {
        let rewritten = self.rewrite(inputs, self.leaves_before(upkeep))?;
        Ok(self.put_in_place(upkeep, inputs, &rewritten, &self.counters.evicted_by_time))
    }
}

fn small_run(units: &[Arc<Unit>], count: usize) -> Option<&[Arc<Unit>]> {
    let is_small = |unit: &Arc<Unit>| unit.segment.meta().spans < SMALL_SPANS_MAX;
    let run = units.chunk_by(|one, other| is_small(one) && is_small(other));
    run.filter(|run| run.len() >= count).map(|run| &run[..count]).next()
}

fn smallest_pair(units: &[Arc<Unit>]) -> Option<&[Arc<Unit>]> {
    if units.len() <= UNITS_MAX {
        return None;
    }
    let spans = |pair: &[Arc<Unit>]| pair.iter().map(|unit| unit.segment.meta().spans).sum::<u64>();
    units.windows(2).min_by_key(|pair| spans(pair))
}
