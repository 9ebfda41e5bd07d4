//! Seals frozen generations: writes them as segments.

use std::sync::Arc;

use hot::{Generation, Slot};
use segment::Generations;
use span::Timestamp;

use self::split_traces::{Chosen, SplitTraces};
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
    /// Spans before this may be evicted although generations wait to be sealed.
    evictable_although_unsealed: Timestamp,
}

impl Sealer {
    pub(crate) fn new(
        catalog: &Arc<Catalog>,
        health: &Arc<HealthState>,
        freezer: Freezer,
        publisher: Publisher,
        logs: SealedLogs,
    ) -> Self {
        let (catalog, health) = (Arc::clone(catalog), Arc::clone(health));
        let evictable_although_unsealed = Timestamp::MIN;
        Self { catalog, health, freezer, publisher, logs, evictable_although_unsealed }
    }

    pub(super) fn logs(&mut self) -> &mut SealedLogs {
        &mut self.logs
    }

    pub(super) fn freezer(&self) -> &Freezer {
        &self.freezer
    }

    /// Freezes the open generation if it has spans, and seals all frozen generations.
    pub(super) fn freeze_and_seal(&mut self, now: Timestamp) {
        // While segments cannot be written, each empty generation would only wait behind the others.
        if !self.is_stuck() || self.view().open().spans() > 0 {
            self.freezer.freeze(now);
        }
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
        let sealed = self.replace_oldest(generation, &Chosen::All, || true);
        drop(view);
        self.free_unused();
        sealed.is_some()
    }

    /// Drops the oldest frozen generation, all of whose spans start before `expired` and have left the window for good.
    /// Nothing is written but the pieces of traces that go on inside the window. Returns how many spans are gone, or
    /// `None` if the generation has to stay.
    pub(super) fn drop_oldest(&mut self, expired: Timestamp) -> Option<u64> {
        let view = self.view();
        let generation = view.frozen().first()?;
        let split = SplitTraces::of(generation);
        let going_on = Chosen::Those(split.going_on(&self.catalog, &view, expired));
        let is_complete = || split.are_all_of(generation);
        let kept = self.replace_oldest(generation, &going_on, is_complete)?;
        let dropped = generation.spans() - kept;
        drop(view);
        self.free_unused();
        Some(dropped)
    }

    /// Replaces the oldest frozen generation by a segment of the chosen traces, or by none if there are none. Returns how
    /// many spans the segment has, or `None` if it cannot be written now, or `may_replace` says no while no mark can be
    /// made.
    fn replace_oldest(
        &mut self,
        generation: &Arc<Generation>,
        chosen: &Chosen,
        may_replace: impl Fn() -> bool,
    ) -> Option<u64> {
        let traces = OrderedTraces::of(generation, |place| chosen.contains(place));
        let sealed = if traces.is_empty() {
            // All of its spans were duplicates, or none has to be kept.
            None
        } else {
            Some(self.publish(generation, traces)?)
        };
        let segment = sealed.as_ref().map(|(_, segment)| Arc::clone(segment));
        let has_replaced = self.catalog.views().change(|view| {
            if !may_replace() {
                return None;
            }
            if let Some((encoded, segment)) = &sealed {
                // Marks may have changed since the traces were encoded: roots were superseded, and younger generations
                // got pieces. Every shard of the open generation is held, so no mark is made while this runs.
                let places = encoded.superseded.iter().copied().chain(generation.marked());
                for place in places.filter(|&place| chosen.contains(place)) {
                    carry_mark(generation, place, segment);
                }
            }
            Some(view.with_oldest_sealed(segment.clone()))
        });
        if !has_replaced {
            self.publisher.discard(segment);
            return None;
        }
        self.logs.note_sealed(generation);
        self.remove_logs();
        Some(segment.map_or(0, |segment| segment.file().meta().spans))
    }

    /// Writes traces of a frozen generation as a segment.
    fn publish(
        &mut self,
        generation: &Generation,
        traces: OrderedTraces,
    ) -> Option<(Encoded, Arc<LiveSegment>)> {
        let encoded = encode(&traces, generation, self.catalog.router(), || self.freezer.freeze_if_large());
        // Order: no shard is held while the file is written.
        drop(traces);
        let number = generation.number();
        let generations = Generations { first: number, last: number };
        match self.publisher.publish(generations, &encoded.bytes, &encoded.hashes) {
            Ok(segment) => {
                encoded.split.iter().for_each(|&row| segment.mark_split(row));
                Some((encoded, segment))
            }
            Err(error) => {
                self.health.segment_failed(&error, error.disk_error());
                None
            }
        }
    }

    /// Returns the time before which spans may be evicted.
    pub(super) fn evictable_before(&self) -> Timestamp {
        let evictable = self.logs.evictable_before(&self.view()).max(self.evictable_although_unsealed);
        // The clock may have been set back since.
        evictable.min(self.freezer.cutoff())
    }

    /// Allows to evict spans that start before `cutoff` although generations wait to be sealed that may have duplicates
    /// of them. A start that reads these generations from the log takes the duplicates for new spans. It knows a cutoff
    /// that is at least this one, so no answer has them, unless a sender has given its second copy a later start. That is
    /// the price of a full disk that does not stay full.
    pub(super) fn evict_although_unsealed(&mut self, cutoff: Timestamp) {
        self.evictable_although_unsealed = self.evictable_although_unsealed.max(cutoff);
    }

    /// Whether a generation waits that could not be written, or log files that could not be removed.
    pub(super) fn is_stuck(&self) -> bool {
        self.health.do_segments_fail() && !self.view().frozen().is_empty() || !self.logs.are_removed()
    }

    /// Replaces segments by the one that they were rewritten as.
    pub(super) fn replace(&mut self, inputs: &[Arc<LiveSegment>], rewritten: &Rewritten) -> bool {
        self.publisher.replace(inputs, rewritten)
    }

    /// Leaves files to be removed later.
    pub(super) fn leave_over(&mut self, names: Vec<String>) {
        let files = self.publisher.files();
        files.note_removal();
        for name in names {
            files.leave_over(name);
        }
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

/// Copies the marks of a trace to its row.
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

mod split_traces;
#[cfg(test)]
mod tests;
