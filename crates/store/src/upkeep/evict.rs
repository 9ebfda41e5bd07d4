//! What the window has passed leaves, a segment at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use span::Timestamp;

use super::Upkeep;
use super::publish::PublishError;
use super::rewrite::Rewritten;
use crate::fault::Fault;
use crate::store::Store;
use crate::view::{Unit, View};
use crate::window::nanos;

impl Store {
    /// Gives back what the window has passed.
    pub fn evict(&self, now: Timestamp) {
        let mut upkeep = self.upkeep.lock();
        self.evict_with(&mut upkeep, now);
        self.clean_up(&mut upkeep);
    }

    pub(super) fn evict_with(&self, upkeep: &mut Upkeep, now: Timestamp) {
        let cutoff = self.window.cutoff(now);
        self.evict_hot(upkeep, cutoff, now);
        let view = self.views.current();
        for unit in view.units.iter().filter(|unit| unit.may_leave(cutoff)) {
            if let Err(fault) = self.evict_unit(upkeep, unit, cutoff, &self.counters.evicted_by_time) {
                self.set_aside_with(upkeep, &fault);
            }
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

    /// Removes a segment, all but what other pieces of its traces have to remember.
    pub(super) fn evict_unit(
        &self,
        upkeep: &mut Upkeep,
        unit: &Arc<Unit>,
        cutoff: Timestamp,
        counter: &AtomicU64,
    ) -> Result<(), Fault> {
        let inputs = [Arc::clone(unit)];
        let rewritten = self.rewrite(&inputs, cutoff)?;
        let facts = unit.segment.facts();
        if rewritten.spans_dropped == 0 && rewritten.rows == facts.traces as usize {
            // Nothing but memories, and all of them still needed: looked at again some time later.
            let again = cutoff.saturating_add(nanos(self.settings.generation_age_max()));
            unit.keeps_until.store(again.0, Ordering::Relaxed);
            return Ok(());
        }
        let output = match self.publish_rewritten(upkeep, &rewritten) {
            Ok(output) => output,
            Err(error) => {
                self.trouble.segment_failed(&error);
                return Ok(());
            }
        };
        let mark = |_: &View| {
            if let Some(output) = &output {
                rewritten.carry_marks(&inputs, output);
            }
        };
        self.replace_units(&inputs, output.as_ref(), mark);
        counter.fetch_add(rewritten.spans_dropped, Ordering::Relaxed);
        Ok(())
    }

    pub(super) fn publish_rewritten(
        &self,
        upkeep: &mut Upkeep,
        rewritten: &Rewritten,
    ) -> Result<Option<Arc<Unit>>, PublishError> {
        let Some(bytes) = &rewritten.bytes else { return Ok(None) };
        self.publish(upkeep, rewritten.generations, bytes).map(Some)
    }
}
