//! What became of every span that came in.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::stats::LimitedBy;

/// Counts since the start. Each span that came to the store and was not refused is in exactly one of the first four.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Ledger {
    pub stored: u64,
    /// The same span was inside the window already.
    pub repeated: u64,
    /// It started before the window.
    pub stale: u64,
    /// It starts too far ahead of the clock.
    pub ahead: u64,
    /// Stored spans that have left again, by time.
    pub evicted_by_time: u64,
    /// Stored spans that have left again for want of memory.
    pub evicted_by_memory: u64,
    /// Stored spans that have left again for want of disk.
    pub evicted_by_disk: u64,
}

#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) stored: AtomicU64,
    pub(crate) repeated: AtomicU64,
    pub(crate) stale: AtomicU64,
    pub(crate) ahead: AtomicU64,
    pub(crate) evicted_by_time: AtomicU64,
    pub(crate) evicted_by_memory: AtomicU64,
    pub(crate) evicted_by_disk: AtomicU64,
}

impl Counters {
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
