//! Evicts segments that the window has passed.

use std::sync::Arc;
use std::time::Duration;
use sync::atomic::{AtomicU64, Ordering};

use span::Timestamp;

use super::rewrite::rewrite;
use super::sealer::Sealer;
use crate::catalog::Catalog;
use crate::ledger::Counters;
use crate::nanos::nanos;
use crate::quarantine::Quarantine;
use crate::settings::Settings;
use crate::view::{DamagedSegment, LiveSegment};
use crate::window::Window;

pub(crate) struct Evictor {
    catalog: Arc<Catalog>,
    window: Arc<Window>,
    counters: Arc<Counters>,
    quarantine: Arc<Quarantine>,
    /// How long to wait before a segment is tried again if nothing of it could be evicted.
    retry_after: Duration,
}

impl Evictor {
    pub(crate) fn new(
        settings: &Settings,
        catalog: &Arc<Catalog>,
        window: &Arc<Window>,
        counters: &Arc<Counters>,
        quarantine: &Arc<Quarantine>,
    ) -> Self {
        Self {
            catalog: Arc::clone(catalog),
            window: Arc::clone(window),
            counters: Arc::clone(counters),
            quarantine: Arc::clone(quarantine),
            retry_after: settings.generation_age_max(),
        }
    }

    /// Evicts everything that the window has passed.
    pub(super) fn evict(&self, sealer: &mut Sealer, now: Timestamp) {
        sealer.remove_overdue_logs();
        // Segments could not be written before. If that is so still, what has expired has to go without being written.
        let was_stuck = sealer.is_stuck();
        if was_stuck {
            sealer.seal_frozen();
        }
        self.seal_passed(sealer, now);
        if was_stuck && sealer.is_stuck() {
            self.drop_expired(sealer, now);
        }
        self.open_for_eviction(sealer, now);
        let (view, before) = (self.catalog.views().current(), sealer.evictable_before());
        for segment in view.segments().iter().filter(|segment| segment.may_leave(before)) {
            self.evict_segment(sealer, segment, &self.counters.evicted_by_time);
        }
    }

    /// Drops generations that have left the window by time, without writing them: a full disk takes no segment. Segments
    /// need not wait any more for generations that cannot be sealed.
    pub(super) fn drop_expired(&self, sealer: &mut Sealer, now: Timestamp) {
        let expired = self.window.expired_before(now);
        let view = self.catalog.views().current();
        if view.open().spans() > 0 && view.open().start_range().1 < expired {
            sealer.freezer().freeze(now);
        }
        let is_oldest_expired = || {
            let view = self.catalog.views().current();
            view.frozen().first().is_some_and(|oldest| oldest.start_range().1 < expired)
        };
        while is_oldest_expired()
            && let Some(spans) = sealer.drop_oldest(expired)
        {
            self.counters.evicted_by_time.fetch_add(spans, Ordering::Relaxed);
        }
        sealer.evict_although_unsealed(expired);
    }

    /// Freezes and seals generations that the window has passed, so that they can be evicted as segments.
    fn seal_passed(&self, sealer: &mut Sealer, now: Timestamp) {
        // The latest one: what maintenance did before may have taken long.
        let cutoff = self.window.latest_start().cutoff;
        let view = self.catalog.views().current();
        if view.open().spans() > 0 && view.open().start_range().1 < cutoff {
            sealer.freezer().freeze(now);
        }
        let is_oldest_passed = || {
            let view = self.catalog.views().current();
            view.frozen().first().is_some_and(|oldest| oldest.start_range().1 < cutoff)
        };
        while is_oldest_passed() && sealer.seal_oldest() {}
    }

    /// Makes segments evictable. A segment is kept as long as a generation in memory was open while the segment's
    /// spans were inside the window. An empty open generation is replaced, because it would not be frozen by itself.
    fn open_for_eviction(&self, sealer: &mut Sealer, now: Timestamp) {
        let view = self.catalog.views().current();
        let (before, cutoff) = (sealer.evictable_before(), self.window.oldest_cutoff());
        let waits = |segment: &Arc<LiveSegment>| segment.may_leave(cutoff) && !segment.may_leave(before);
        if view.open().spans() == 0 && view.segments().iter().any(waits) {
            sealer.freeze_and_seal(now);
        }
    }

    /// Evicts a segment, except for the carryover that other pieces of its traces need, and adds the evicted spans to
    /// `counter`. Returns false if nothing was evicted.
    pub(super) fn evict_segment(
        &self,
        sealer: &mut Sealer,
        segment: &Arc<LiveSegment>,
        counter: &AtomicU64,
    ) -> bool {
        let before = sealer.evictable_before();
        self.evict_before(sealer, (segment, before), counter)
    }

    /// Evicts all spans of a segment, whatever the window is. No log file may be left that has duplicates of them.
    pub(super) fn evict_whole(
        &self,
        sealer: &mut Sealer,
        segment: &Arc<LiveSegment>,
        counter: &AtomicU64,
    ) -> bool {
        let before = segment.file().meta().start_max.saturating_add(1);
        self.evict_before(sealer, (segment, before), counter)
    }

    fn evict_before(
        &self,
        sealer: &mut Sealer,
        (segment, before): (&Arc<LiveSegment>, Timestamp),
        counter: &AtomicU64,
    ) -> bool {
        self.try_evict_before(sealer, (segment, before), counter).unwrap_or_else(|damaged| {
            self.quarantine.take_out(&damaged);
            true
        })
    }

    fn try_evict_before(
        &self,
        sealer: &mut Sealer,
        (segment, before): (&Arc<LiveSegment>, Timestamp),
        counter: &AtomicU64,
    ) -> Result<bool, DamagedSegment> {
        let inputs = [Arc::clone(segment)];
        let rewritten = rewrite(&self.catalog, &inputs, before)?;
        if rewritten.spans_dropped() == 0 && rewritten.rows() == segment.file().meta().traces as usize {
            // The segment has only carryover, and all of it is still needed.
            segment.keep_until(before.saturating_add(nanos(self.retry_after)));
            return Ok(false);
        }
        let has_replaced = sealer.replace(&inputs, &rewritten);
        if has_replaced {
            counter.fetch_add(rewritten.spans_dropped(), Ordering::Relaxed);
        }
        Ok(has_replaced)
    }
}
