//! What leaves, and when.

use std::sync::atomic::Ordering;

use span::Timestamp;

use crate::error::Overload;
use crate::store::Store;

/// Limit: when the memory is full, this part of it is made free in one go, so that not every batch has to.
const SHED_PARTS: usize = 32;

impl Store {
    /// Gives back the memory of what the window has passed.
    pub fn evict(&self, now: Timestamp) {
        let spans = self.hot.evict(self.window.eviction_cutoff(now));
        self.counters.evicted_by_time.fetch_add(spans, Ordering::Relaxed);
    }

    /// Makes room where the memory is full: first what the window has passed, then the oldest inside it.
    pub(crate) fn make_room(&self, now: Timestamp) -> Result<(), Overload> {
        let limit = self.settings.memory_bytes_max;
        if self.hot.bytes() < limit {
            return Ok(());
        }
        let _one = self.shedding.lock();
        if self.hot.bytes() >= limit {
            self.evict(now);
            self.shed_to(limit - limit / SHED_PARTS, now);
        }
        let held = self.hot.bytes();
        if held < limit { Ok(()) } else { Err(Overload::MemoryFull { held, limit }) }
    }

    /// Raises the floor chunk by chunk until at most `bytes` are held, or nothing older than `now` is left.
    fn shed_to(&self, bytes: usize, now: Timestamp) {
        while self.hot.bytes() > bytes
            && let Some(oldest) = self.hot.oldest()
            && oldest < now
        {
            let floor = oldest.saturating_add(1);
            // Order: the floor first, so that no answer shows a trace of which a part is gone.
            self.window.raise_floor(floor);
            let spans = self.hot.evict(floor) + self.hot.shed(floor, now);
            self.counters.evicted_by_memory.fetch_add(spans, Ordering::Relaxed);
        }
    }
}
