//! How the store stands.

use std::time::Duration;

use span::{TimeRange, Timestamp};

use crate::store::Store;
use crate::upkeep::Health;
use crate::window::nanos;

/// Which limit decides how far back the store reaches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LimitedBy {
    Time,
    Memory,
    Disk,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stats {
    /// How far back the store was asked to keep.
    pub window: Duration,
    /// The start time from which on spans are answered.
    pub cutoff: Timestamp,
    /// How far back that is.
    pub effective_window: Duration,
    pub limited_by: LimitedBy,
    /// Spans held: those of the window, and those that are about to leave.
    pub spans: u64,
    /// Traces with a root inside the window.
    pub traces: usize,
    pub segments: usize,
    /// Generations that wait to become segments.
    pub frozen_generations: usize,
    /// Spans that are not in a segment yet, and all indexes.
    pub memory_bytes: usize,
    pub memory_bytes_max: usize,
    /// Of that, the directory.
    pub directory_bytes: usize,
    /// Segments and logs.
    pub disk_bytes: u64,
    pub disk_bytes_max: u64,
    pub segment_bytes: u64,
    pub segment_spans: u64,
    pub health: Health,
}

impl Store {
    /// The start time from which on spans are answered.
    pub fn cutoff(&self, now: Timestamp) -> Timestamp {
        self.window.cutoff(now)
    }

    /// When what starts then leaves the window, if there is room for it until then.
    pub fn leaves_at(&self, start: Timestamp) -> Timestamp {
        start.saturating_add(nanos(self.settings.window))
    }

    /// From when to when spans start that are held and inside the window, about: as their files and generations say.
    pub fn bounds(&self, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let view = self.views.current();
        let hot = view.frozen.iter().chain([&view.open]).map(|generation| generation.start_range());
        let units = view.units.iter().map(|unit| unit.segment.meta());
        let all = hot.chain(units.map(|meta| (meta.start_min, meta.start_max)));
        let cutoff = self.window.cutoff(now);
        let inside = all.filter(|&(oldest, newest)| oldest <= newest && newest >= cutoff);
        inside
            .reduce(|(oldest, newest), (from, to)| (oldest.min(from), newest.max(to)))
            .map(|(oldest, newest)| (oldest.max(cutoff), newest))
    }

    pub fn stats(&self, now: Timestamp) -> Stats {
        let cutoff = self.window.cutoff(now);
        let view = self.views.current();
        Stats {
            window: self.settings.window,
            cutoff,
            effective_window: Duration::from_nanos(now.max(cutoff).nanos_since(cutoff)),
            limited_by: self.window.limited_by(now),
            spans: view.spans(),
            traces: self.list(TimeRange::ALL, 0, now).total,
            segments: view.units.len(),
            frozen_generations: view.frozen.len(),
            memory_bytes: self.memory_bytes(),
            memory_bytes_max: self.settings.memory_bytes_max,
            directory_bytes: self.directory.bytes(),
            disk_bytes: self.disk_bytes(),
            disk_bytes_max: self.settings.disk_bytes_max,
            segment_bytes: view.segment_bytes,
            segment_spans: view.units.iter().map(|unit| unit.segment.meta().spans).sum(),
            health: self.trouble.health(),
        }
    }
}
