//! Seals frozen generations: writes them as segments.

use std::sync::Arc;

use hot::{Generation, Slot};
use segment::Generations;
use span::Timestamp;

use super::freezer::Freezer;
use super::publisher::Publisher;
use super::rewrite::Rewritten;
use super::seal::{Encoded, OrderedTraces, encode};
use super::sealed_logs::SealedLogs;
use crate::catalog::Catalog;
use crate::health::HealthState;
use crate::view::{LiveSegment, View};

pub(crate) struct Sealer {
    catalog: Arc<Catalog>,
    health: Arc<HealthState>,
    freezer: Freezer,
    publisher: Publisher,
    logs: SealedLogs,
}

impl Sealer {
    pub(crate) fn new(
        catalog: &Arc<Catalog>,
        health: &Arc<HealthState>,
        freezer: Freezer,
        publisher: Publisher,
        logs: SealedLogs,
    ) -> Self {
        Self { catalog: Arc::clone(catalog), health: Arc::clone(health), freezer, publisher, logs }
    }

    pub(super) fn logs(&mut self) -> &mut SealedLogs {
        &mut self.logs
    }

    pub(super) fn freezer(&self) -> &Freezer {
        &self.freezer
    }

    /// Freezes the open generation if it has spans, and seals all frozen generations.
    pub(super) fn freeze_and_seal(&mut self, now: Timestamp) {
        self.freezer.freeze(now);
        self.seal_frozen();
    }

    /// Seals the generations that are frozen now, as far as they can be written. Generations that are frozen while
    /// this runs are sealed in the next round, so that the other maintenance is not held up.
    pub(super) fn seal_frozen(&mut self) {
        for _ in 0..self.view().frozen().len() {
            if !self.seal_oldest() {
                return;
            }
        }
    }

    /// Seals the oldest frozen generation. Returns false if there is none, or it cannot be written now.
    pub(super) fn seal_oldest(&mut self) -> bool {
        let view = self.view();
        let Some(generation) = view.frozen().first() else { return false };
        let traces = OrderedTraces::of(generation);
        if traces.is_empty() {
            // All of its spans were duplicates.
            drop(traces);
            self.logs.note_sealed(generation);
            self.catalog.views().change(|view| Some(view.with_oldest_sealed(None)));
            self.remove_logs();
            return true;
        }
        let encoded = encode(&traces, generation, self.catalog.router(), || self.freezer.freeze_if_large());
        // Order: no shard is held while the file is written.
        drop(traces);
        let number = generation.number();
        let generations = Generations { first: number, last: number };
        match self.publisher.publish(generations, &encoded.bytes, &encoded.hashes) {
            Ok(segment) => {
                self.logs.note_sealed(generation);
                encoded.split.iter().for_each(|&row| segment.mark_split(row));
                self.catalog.views().change(|view| {
                    carry_last_marks(generation, &encoded, &segment);
                    Some(view.with_oldest_sealed(Some(segment)))
                });
                self.remove_logs();
                drop(view);
                self.free_unused();
                true
            }
            Err(error) => {
                self.health.segment_failed(&error);
                false
            }
        }
    }

    /// Returns the time before which spans may be evicted.
    pub(super) fn evictable_before(&self) -> Timestamp {
        self.logs.evictable_before(&self.view())
    }

    /// Replaces segments by the one that they were rewritten as.
    pub(super) fn replace(&mut self, inputs: &[Arc<LiveSegment>], rewritten: &Rewritten) -> bool {
        self.publisher.replace(inputs, rewritten)
    }

    /// Removes log files of sealed generations that the seal itself could not remove.
    pub(super) fn remove_overdue_logs(&mut self) {
        if !self.logs.are_removed() {
            self.remove_logs();
        }
    }

    fn remove_logs(&mut self) {
        let view = self.view();
        self.logs.remove(&view, self.publisher.files());
    }

    /// Frees what is no longer in use: log files, segment files, and directory rows of segments that only past views
    /// had.
    pub(super) fn clean_up(&mut self) {
        self.remove_logs();
        let files = self.publisher.files();
        match files.remove_leftovers("").and_then(|()| files.sync_removals()) {
            Ok(()) if self.logs.are_removed() => self.health.removals_work(),
            Ok(()) => {}
            Err(error) => {
                self.health.removal_failed(&error);
            }
        }
        self.free_unused();
    }

    /// Frees the generations that were sealed, and the directory rows of segments that only past views had.
    fn free_unused(&self) {
        let unused = self.catalog.views().take_unused();
        let rows = unused.iter().map(|segment| (segment.number(), segment.file().meta().traces));
        self.catalog.directory().remove(rows);
    }

    fn view(&self) -> Arc<View> {
        self.catalog.views().current()
    }
}

/// Copies marks that may have changed since the traces were encoded: superseded roots, and marks by younger
/// generations. The caller holds every shard of the open generation, so no mark is made while this runs.
fn carry_last_marks(generation: &Generation, encoded: &Encoded, segment: &LiveSegment) {
    for place in encoded.superseded.iter().copied().chain(generation.marked()) {
        carry_mark(generation, place, segment);
    }
}

fn carry_mark(generation: &Generation, (shard, slot): (usize, Slot), segment: &LiveSegment) {
    let shard = generation.read(shard);
    let Some(trace) = shard.trace(slot) else { return };
    if trace.is_split() {
        segment.mark_split(trace.row());
    }
    if trace.has_root() && trace.is_superseded() {
        segment.supersede_root(trace.row());
    }
}

#[cfg(test)]
mod tests;
