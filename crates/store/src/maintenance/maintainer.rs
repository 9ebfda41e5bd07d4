//! The order of the steps of maintenance.
//!
//! Only the thread that holds the `Maintainer` does maintenance. No question waits for it, and a batch only while the
//! memory is full (`SpaceGate`). Every step can also be called alone, so that a test chooses the order.

use std::sync::Arc;
use std::time::Duration;

use span::Timestamp;

use super::evictor::Evictor;
use super::merger::Merger;
use super::reserve::Reserve;
use super::sealed_logs::ReplayedFile;
use super::sealer::Sealer;
use super::space_evictor::SpaceEvictor;
use crate::catalog::Catalog;
use crate::change_feed::ChangeFeed;
use crate::clock::Now;
use crate::disk_space::DiskSpace;
use crate::health::HealthState;
use crate::log::SpanLog;
use crate::nanos::nanos;
use crate::quarantine::Quarantine;
use crate::signal::Signal;
use crate::window::Window;

/// Limit: when the disk is full, this many times the size of the reserve is freed in one step: for the reserve, and for
/// what waits to be written.
const RESERVES_FREED: u64 = 3;

/// Limit: for how long a block whose checksum was verified is trusted. What changes on the disk is in no answer that
/// begins later than this after it. A block takes some two microseconds.
const VERIFIED_FOR: Duration = Duration::from_mins(1);

pub(crate) struct Maintainer {
    pub(crate) sealer: Sealer,
    pub(crate) merger: Merger,
    pub(crate) evictor: Evictor,
    pub(crate) space_evictor: SpaceEvictor,
    pub(crate) reserve: Reserve,
    pub(crate) catalog: Arc<Catalog>,
    /// When the present term of verification began.
    pub(crate) term_began: Timestamp,
    pub(crate) log: Arc<SpanLog>,
    pub(crate) window: Arc<Window>,
    pub(crate) health: Arc<HealthState>,
    pub(crate) disk_space: Arc<DiskSpace>,
    pub(crate) quarantine: Arc<Quarantine>,
    pub(crate) changes: Arc<ChangeFeed>,
    pub(crate) signal: Arc<Signal>,
}

impl Maintainer {
    /// Does everything that is due.
    pub(crate) fn maintain(&mut self, now: Now) {
        self.window.advance(now);
        let now = now.time();
        self.reserve.measure();
        self.begin_term(now);
        self.quarantine.finish();
        self.evictor.evict(&mut self.sealer, now);
        self.sealer.freezer().freeze_if_due(now);
        self.sealer.seal_frozen();
        // Order: before each merge. It needs space for its output while its inputs are there.
        self.space_evictor.bound_disk(&mut self.sealer, &self.evictor, now);
        while self.merger.merge_one(&mut self.sealer) {
            // A merge takes long enough for generations to fill the memory.
            self.sealer.seal_frozen();
            self.space_evictor.bound_disk(&mut self.sealer, &self.evictor, now);
        }
        self.space_evictor.bound_memory(&mut self.sealer, &self.evictor, now);
        self.space_evictor.bound_segments(&mut self.sealer, &self.evictor, now);
        self.make_room(now);
        self.sealer.clean_up();
        self.changes.stop_if_unused(now);
        self.signal.step_done();
    }

    /// Begins a term of verification if the last one is over.
    fn begin_term(&mut self, now: Timestamp) {
        let end = self.term_began.saturating_add(nanos(VERIFIED_FOR));
        if now < self.term_began || now >= end {
            self.catalog.terms().advance();
            self.term_began = now;
        }
    }

    /// Makes space if something could not be written for lack of it, and tries again: a disk gets room again by others,
    /// too.
    fn make_room(&mut self, now: Timestamp) {
        let is_full = self.health.take_disk_full();
        // What is left of the reserve after the seals is for the log's frame with the floor, and for the pieces that an
        // evicted segment leaves.
        let has_given_up = is_full && self.reserve.give_up();
        if is_full {
            self.sealer.seal_frozen();
        }
        self.try_log();
        if has_given_up || self.health.take_disk_full() {
            let bytes = self.disk_space.reserve_bytes().saturating_mul(RESERVES_FREED);
            self.space_evictor.shed(&mut self.sealer, &self.evictor, now, bytes);
            self.sealer.clean_up();
            self.try_log();
        } else if self.reserve.keep() && !self.sealer.is_stuck() {
            self.health.segments_work();
        }
    }

    /// Tries whether the log can be written again, so that this does not depend on a batch.
    fn try_log(&self) {
        if self.log.fails() {
            self.log.note_start(self.window.latest_start());
        }
    }

    /// Frees memory, or the disk, if it is full.
    pub(crate) fn free_space(&mut self, now: Timestamp) {
        self.space_evictor.free_memory(&mut self.sealer, &self.evictor, now);
        if self.disk_space.is_full() {
            self.space_evictor.bound_disk(&mut self.sealer, &self.evictor, now);
        }
    }

    /// Freezes the open generation if it has spans.
    pub(crate) fn freeze(&mut self, now: Now) {
        self.window.advance(now);
        self.sealer.freezer().freeze(now.time());
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
    pub(crate) fn evict(&mut self, now: Now) {
        self.window.advance(now);
        self.evictor.evict(&mut self.sealer, now.time());
        self.quarantine.finish();
        self.sealer.clean_up();
    }

    /// Seals all frozen generations, if a start needs the memory. If that cannot be done, those go that have expired.
    pub(crate) fn seal_all(&mut self, now: Timestamp) {
        while self.sealer.seal_oldest() {}
        if self.sealer.is_stuck() {
            self.evictor.drop_expired(&mut self.sealer, now);
        }
    }

    /// Leaves files to be removed that a start did not need and could not remove.
    pub(crate) fn leave_over(&mut self, names: Vec<String>) {
        self.sealer.leave_over(names);
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
