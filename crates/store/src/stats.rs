//! How the store stands.

use std::time::Duration;

use span::{TimeRange, Timestamp};

use crate::store::Store;

/// Which limit decides how far back the store reaches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LimitedBy {
    Time,
    Memory,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stats {
    /// How far back the store was asked to keep.
    pub window: Duration,
    /// The start time from which on spans are answered.
    pub cutoff: Timestamp,
    /// How far back that is.
    pub effective_window: Duration,
    pub limited_by: LimitedBy,
    /// Spans held in memory: those of the window, and those that are about to be given back.
    pub spans: u64,
    /// Traces with a root inside the window.
    pub traces: usize,
    pub memory_bytes: usize,
    pub memory_bytes_max: usize,
}

impl Store {
    pub fn stats(&self, now: Timestamp) -> Stats {
        let cutoff = self.window.cutoff(now);
        let by_memory = cutoff > self.window.cutoff_by_time(now);
        let ledger = self.ledger();
        Stats {
            window: self.settings.window,
            cutoff,
            effective_window: Duration::from_nanos(now.max(cutoff).nanos_since(cutoff)),
            limited_by: if by_memory { LimitedBy::Memory } else { LimitedBy::Time },
            spans: ledger.stored.saturating_sub(ledger.evicted_by_time + ledger.evicted_by_memory),
            traces: self.list(TimeRange::ALL, 0, now).total,
            memory_bytes: self.hot.bytes(),
            memory_bytes_max: self.settings.memory_bytes_max,
        }
    }
}
