//! Counts what became of every span that arrived.

use sync::atomic::{AtomicU64, Ordering};

use crate::ingest::Accepted;
use crate::window::LimitedBy;

/// Counts since the start. Each span that arrived and was not refused is in exactly one of the first four, unless it is
/// too large for a frame of the log: the server counts such a span as rejected.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Ledger {
    pub stored: u64,
    /// Duplicates of spans inside the window.
    pub repeated: u64,
    /// Spans that started before the window.
    pub stale: u64,
    /// Spans that started too far ahead of the clock.
    pub ahead: u64,
    /// Stored spans that were evicted because the window passed them.
    pub evicted_by_time: u64,
    /// Stored spans that were evicted because memory was full.
    pub evicted_by_memory: u64,
    /// Stored spans that were evicted because the disk was full.
    pub evicted_by_disk: u64,
}

/// The counters of the ledger.
#[derive(Default)]
pub(crate) struct Counters {
    stored: AtomicU64,
    repeated: AtomicU64,
    stale: AtomicU64,
    ahead: AtomicU64,
    pub(crate) evicted_by_time: AtomicU64,
    evicted_by_memory: AtomicU64,
    evicted_by_disk: AtomicU64,
}

impl Counters {
    pub(crate) fn add(&self, accepted: &Accepted) {
        let add = |counter: &AtomicU64, spans: u64| {
            // Most batches leave most counters unchanged, and a counter that is not written stays in every core's
            // cache.
            if spans > 0 {
                counter.fetch_add(spans, Ordering::Relaxed);
            }
        };
        add(&self.stored, accepted.stored);
        add(&self.repeated, accepted.repeated);
        add(&self.stale, accepted.stale);
        add(&self.ahead, accepted.ahead);
    }

    pub(crate) fn evicted_by(&self, limited_by: LimitedBy) -> &AtomicU64 {
        match limited_by {
            LimitedBy::Time => &self.evicted_by_time,
            LimitedBy::Memory => &self.evicted_by_memory,
            LimitedBy::Disk => &self.evicted_by_disk,
        }
    }

    pub(crate) fn read(&self) -> Ledger {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Ledger {
            stored: read(&self.stored),
            repeated: read(&self.repeated),
            stale: read(&self.stale),
            ahead: read(&self.ahead),
            evicted_by_time: read(&self.evicted_by_time),
            evicted_by_memory: read(&self.evicted_by_memory),
            evicted_by_disk: read(&self.evicted_by_disk),
        }
    }
}
