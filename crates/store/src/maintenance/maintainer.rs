//! The order of the steps of maintenance.
//!
//! Only the thread that holds the `Maintainer` does maintenance. No question waits for it, and a batch only while the
//! memory is full (`MemoryGate`). Every step can also be called alone, so that a test chooses the order.

use std::sync::Arc;

use span::Timestamp;

use super::evictor::Evictor;
use super::merger::Merger;
use super::sealed_logs::ReplayedFile;
use super::sealer::Sealer;
use super::space_evictor::SpaceEvictor;
use crate::change_feed::ChangeFeed;
use crate::quarantine::Quarantine;
use crate::signal::Signal;

pub(crate) struct Maintainer {
    pub(crate) sealer: Sealer,
    pub(crate) merger: Merger,
    pub(crate) evictor: Evictor,
    pub(crate) space_evictor: SpaceEvictor,
    pub(crate) quarantine: Arc<Quarantine>,
    pub(crate) changes: Arc<ChangeFeed>,
    pub(crate) signal: Arc<Signal>,
}

impl Maintainer {
    /// Does everything that is due.
    pub(crate) fn maintain(&mut self, now: Timestamp) {
        self.quarantine.finish();
        self.evictor.evict(&mut self.sealer, now);
        self.sealer.freezer().freeze_if_due(now);
        self.sealer.seal_frozen();
        while self.merger.merge_one(&mut self.sealer) {
            // A merge takes long enough for generations to fill the memory.
            self.sealer.seal_frozen();
        }
        self.space_evictor.bound_memory(&mut self.sealer, &self.evictor, now);
        self.space_evictor.bound_disk(&mut self.sealer, &self.evictor, now);
        self.space_evictor.bound_segments(&mut self.sealer, &self.evictor, now);
        self.sealer.clean_up();
        self.changes.stop_if_unused(now);
        self.signal.step_done();
    }

    /// Frees memory if it is full.
    pub(crate) fn free_memory(&mut self, now: Timestamp) {
        self.space_evictor.free_memory(&mut self.sealer, &self.evictor, now);
    }

    /// Freezes the open generation if it has spans.
    pub(crate) fn freeze(&mut self, now: Timestamp) {
        self.sealer.freezer().freeze(now);
    }

    /// Seals the oldest frozen generation. Returns false if there is none, or it cannot be written now.
    pub(crate) fn seal(&mut self) -> bool {
        self.sealer.seal_oldest()
    }

    /// Merges one run of neighbours. Returns false if there is none, or it cannot be written now.
    pub(crate) fn merge(&mut self) -> bool {
        let has_merged = self.merger.merge_one(&mut self.sealer);
        self.quarantine.finish();
        self.sealer.clean_up();
        has_merged
    }

    /// Evicts everything that the window has passed.
    pub(crate) fn evict(&mut self, now: Timestamp) {
        self.evictor.evict(&mut self.sealer, now);
        self.quarantine.finish();
        self.sealer.clean_up();
    }

    /// Seals all frozen generations, if a start needs the memory.
    pub(crate) fn seal_all(&mut self) {
        while self.sealer.seal_oldest() {}
    }

    /// Freezes the open generation, even if it is empty, and opens the one with this number.
    pub(crate) fn open_generation(&mut self, number: u64, now: Timestamp) {
        self.sealer.freezer().open_generation(number, now);
    }

    /// Adds a log file of an earlier process, which is removed when its generation is sealed.
    pub(crate) fn add_replayed(&mut self, file: ReplayedFile) {
        self.sealer.logs().add_replayed(file);
    }
}
