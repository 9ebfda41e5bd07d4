//! Accept a batch.

use std::sync::atomic::{AtomicU64, Ordering};

use span::{Span, Timestamp};

use crate::error::Overload;
use crate::store::Store;

/// What became of the spans of a batch that was taken.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Accepted {
    pub stored: u64,
    pub repeated: u64,
    pub stale: u64,
    pub ahead: u64,
}

impl Store {
    /// Takes a batch: what is inside the window is in every answer that begins after this returns.
    ///
    /// # Errors
    /// Where there is no room and none can be made; then nothing of the batch is stored.
    pub fn accept(&self, batch: &[Span<'_>], now: Timestamp) -> Result<Accepted, Overload> {
        self.make_room(now)?;
        let cutoff = self.window.cutoff(now);
        let latest = self.window.latest_accepted(now);
        let mut accepted = Accepted::default();
        for span in batch {
            accepted.stale += u64::from(span.start < cutoff);
            accepted.ahead += u64::from(span.start > latest);
        }
        let inside = batch.iter().filter(|span| cutoff <= span.start && span.start <= latest);
        let inserted = self.hot.insert(inside, cutoff, now);
        accepted.stored = inserted.stored;
        accepted.repeated = inserted.repeated;
        self.count(accepted);
        Ok(accepted)
    }

    fn count(&self, accepted: Accepted) {
        let add = |counter: &AtomicU64, spans: u64| {
            if spans > 0 {
                counter.fetch_add(spans, Ordering::Relaxed);
            }
        };
        add(&self.counters.stored, accepted.stored);
        add(&self.counters.repeated, accepted.repeated);
        add(&self.counters.stale, accepted.stale);
        add(&self.counters.ahead, accepted.ahead);
    }
}
