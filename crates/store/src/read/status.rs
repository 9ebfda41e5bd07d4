//! Figures about the store, for `/health` and the metrics.

use std::sync::Arc;
use std::time::Duration;

use span::{TimeRange, Timestamp};

use super::snapshot::Snapshot;
use crate::catalog::Catalog;
use crate::disk_space::DiskSpace;
use crate::health::{Health, HealthState};
use crate::settings::Settings;
use crate::space::Space;
use crate::window::LimitedBy;

/// The state of the store in numbers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stats {
    /// The window that was asked for.
    pub window: Duration,
    /// The start time from which spans are in the answers.
    pub cutoff: Timestamp,
    /// The time from the cutoff to now.
    pub effective_window: Duration,
    pub limited_by: LimitedBy,
    /// Stored spans, including those that are about to be evicted.
    pub spans: u64,
    /// Traces with a root inside the window.
    pub traces: usize,
    pub segments: usize,
    /// Frozen generations that are not sealed yet.
    pub frozen_generations: usize,
    /// Spans that are not in a segment yet, and all indexes.
    pub memory_bytes: usize,
    pub memory_bytes_max: usize,
    /// The part of `memory_bytes` that the directory takes.
    pub directory_bytes: usize,
    /// All files, those that are being written and removed ones that are still read included.
    pub disk_bytes: u64,
    pub disk_bytes_max: u64,
    pub segment_bytes: u64,
    pub segment_spans: u64,
    /// Whether batches are taken. If not, answers are given all the same.
    pub takes_writes: bool,
    pub health: Health,
}

/// Collects the figures.
pub(crate) struct StatusReader {
    window: Duration,
    catalog: Arc<Catalog>,
    space: Arc<Space>,
    disk_space: Arc<DiskSpace>,
    health: Arc<HealthState>,
}

impl StatusReader {
    pub(crate) fn new(
        settings: &Settings,
        catalog: &Arc<Catalog>,
        space: &Arc<Space>,
        disk_space: &Arc<DiskSpace>,
        health: &Arc<HealthState>,
    ) -> Self {
        Self {
            window: settings.window,
            catalog: Arc::clone(catalog),
            space: Arc::clone(space),
            disk_space: Arc::clone(disk_space),
            health: Arc::clone(health),
        }
    }

    /// Whether batches are taken: the log can be written, and there is space, or space can be made.
    pub(crate) fn takes_writes(&self) -> bool {
        let is_full = self.space.is_memory_full() || self.disk_space.is_full();
        let is_stuck = is_full && self.health.do_segments_fail();
        !self.health.does_log_fail() && !is_stuck
    }

    pub(crate) fn damaged_files(&self) -> u64 {
        self.health.damaged_files()
    }

    pub(crate) fn read(&self, snapshot: &Snapshot, limited_by: LimitedBy) -> Stats {
        let (now, cutoff) = (snapshot.taken_at(), snapshot.cutoff());
        let view = self.catalog.views().current();
        Stats {
            window: self.window,
            cutoff,
            effective_window: Duration::from_nanos(now.max(cutoff).nanos_since(cutoff)),
            limited_by,
            spans: view.spans(),
            traces: snapshot.count(TimeRange::ALL),
            segments: view.segments().len(),
            frozen_generations: view.frozen().len(),
            memory_bytes: self.space.memory_bytes(),
            memory_bytes_max: self.space.memory_bytes_max(),
            directory_bytes: self.catalog.directory().bytes(),
            disk_bytes: self.disk_space.bytes(),
            disk_bytes_max: self.disk_space.bytes_max(),
            segment_bytes: view.segment_bytes(),
            segment_spans: view.segment_spans(),
            takes_writes: self.takes_writes(),
            health: self.health.read(),
        }
    }
}
