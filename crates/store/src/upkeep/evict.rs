//! What the window has passed leaves, a segment at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use span::Timestamp;

use super::Upkeep;
use crate::fault::Fault;
use crate::store::Store;
use crate::view::Unit;
use crate::window::nanos;

impl Store {
    /// Gives back what the window has passed.
    pub fn evict(&self, now: Timestamp) {
        let mut upkeep = self.upkeep.lock();
        self.evict_with(&mut upkeep, now);
        self.clean_up(&mut upkeep);
    }

    pub(super) fn evict_with(&self, upkeep: &mut Upkeep, now: Timestamp) {
        if upkeep.logged_from.is_some() {
            self.remove_logs(upkeep);
        }
        self.evict_hot(upkeep, self.window.cutoff(now), now);
        self.turn_for_eviction(upkeep, now);
        let (view, before) = (self.views.current(), self.leaves_before(upkeep));
        for unit in view.units.iter().filter(|unit| unit.may_leave(before)) {
            if let Err(fault) = self.evict_unit(upkeep, unit, &self.counters.evicted_by_time) {
                self.set_aside_with(upkeep, &fault);
            }
        }
    }

    /// What may leave starts before it. A start judges the spans of the log once more, by the edges that they were
    /// judged by when they came, and has to come to the same end: what those edges had inside must still be there.
    pub(super) fn leaves_before(&self, upkeep: &Upkeep) -> Timestamp {
        let view = self.views.current();
        let oldest_cutoff = view.frozen.first().unwrap_or(&view.open).oldest_cutoff();
        upkeep.logged_from.map_or(oldest_cutoff, |logged| logged.min(oldest_cutoff))
    }

    /// A segment waits until no open generation was judged by an edge that had spans of it inside: where only
    /// that keeps one, and there is nothing that would make a worthwhile segment, a new one is opened.
    fn turn_for_eviction(&self, upkeep: &mut Upkeep, now: Timestamp) {
        let view = self.views.current();
        let (before, edge) = (self.leaves_before(upkeep), self.window.oldest_cutoff());
        let waits = |unit: &Arc<Unit>| unit.may_leave(edge) && !unit.may_leave(before);
        if view.open.spans() == 0 && view.units.iter().any(waits) {
            self.freeze_with(upkeep, now);
            self.seal_frozen(upkeep);
        }
    }

    /// A generation of which all has left is frozen, so that it becomes a segment and leaves as one.
    fn evict_hot(&self, upkeep: &mut Upkeep, cutoff: Timestamp, now: Timestamp) {
        let open = self.views.open();
        if open.spans() > 0 && open.start_range().1 < cutoff {
            self.freeze_with(upkeep, now);
        }
        while self.views.current().frozen.first().is_some_and(|oldest| oldest.start_range().1 < cutoff) {
            if !self.seal_with(upkeep) {
                return;
            }
        }
    }

    /// Removes a segment, all but what other pieces of its traces have to remember. False where nothing left it.
    pub(super) fn evict_unit(
        &self,
        upkeep: &mut Upkeep,
        unit: &Arc<Unit>,
        counter: &AtomicU64,
    ) -> Result<bool, Fault> {
        let inputs = [Arc::clone(unit)];
        let before = self.leaves_before(upkeep);
        let rewritten = self.rewrite(&inputs, before)?;
        let meta = unit.segment.meta();
        if rewritten.spans_dropped == 0 && rewritten.rows == meta.traces as usize {
            // Nothing but memories, and all of them still needed: looked at again some time later.
            let again = before.saturating_add(nanos(self.settings.generation_age_max()));
            unit.keeps_until.store(again.0, Ordering::Relaxed);
            return Ok(false);
        }
        Ok(self.put_in_place(upkeep, &inputs, &rewritten, counter))
    }
}
