//! How much of the disk the store uses, and how much it may use.
//!
//! Everything counts that the store has on the disk: segments, log files, files that are being written, files that a
//! running answer still reads although they were removed, damaged files that are kept, and the reserve.

use std::sync::Arc;
use sync::atomic::{AtomicU64, Ordering};

use crate::catalog::Catalog;
use crate::log::SpanLog;
use crate::settings::{Medium, Settings};

/// Limit: space is made in steps of this part of the limit, so that few batches need a step: each seals what is in memory.
const STEP_PARTS: u64 = 16;
/// Limit: this part of a volume is left to others.
const LEFT_PARTS: u64 = 32;
/// Limit: a generation is frozen at this part of the disk.
const GENERATION_PARTS: u64 = 16;
/// Limit: a merged segment has at most this part of the disk, which is kept free of everything else, because its inputs
/// are removed only when it is complete.
const MERGED_PARTS: u64 = 16;
/// Limit: the bytes of damaged files that are kept, as a part of the disk. The oldest are removed beyond it.
const DAMAGED_PARTS: u64 = 8;
/// Limit: removed files that only running answers still read take at most this part of the disk from everything else.
/// What they have beyond it, until these answers end, comes on top of the limit.
const READ_PARTS: u64 = 8;
/// What a volume has is not known.
const UNKNOWN: u64 = u64::MAX;

/// Files beside the segments of the view and the log of this process.
#[derive(Clone, Copy)]
pub(crate) enum OtherFiles {
    /// Log files of an earlier process, whose spans are not in a segment yet.
    Replayed,
    /// Segments that are being written, with the names that they have until then.
    Unfinished,
    Damaged,
    Reserve,
}

pub(crate) struct DiskSpace {
    catalog: Arc<Catalog>,
    log: Arc<SpanLog>,
    medium: Medium,
    bytes_max: u64,
    generation_bytes_max: u64,
    merged_bytes_max: u64,
    /// By [`OtherFiles`].
    others: [AtomicU64; 4],
    /// What the store had on the volume and what was left of the volume, when that was asked last.
    volume: AtomicU64,
}

impl DiskSpace {
    pub(crate) fn new(
        settings: &Settings,
        medium: Medium,
        catalog: &Arc<Catalog>,
        log: &Arc<SpanLog>,
    ) -> Self {
        Self {
            catalog: Arc::clone(catalog),
            log: Arc::clone(log),
            medium,
            bytes_max: settings.disk_bytes_max,
            generation_bytes_max: settings.generation_bytes_max() as u64,
            merged_bytes_max: settings.merged_bytes_max(),
            others: Default::default(),
            volume: AtomicU64::new(UNKNOWN),
        }
    }

    fn is_in_memory(&self) -> bool {
        self.medium == Medium::Memory
    }

    /// Returns the bytes of all files on the disk.
    pub(crate) fn bytes(&self) -> u64 {
        if self.is_in_memory() {
            return 0;
        }
        self.bytes_without_read() + self.catalog.views().past_segment_bytes()
    }

    fn bytes_without_read(&self) -> u64 {
        let others = self.others.iter().map(|bytes| bytes.load(Ordering::Relaxed)).sum::<u64>();
        self.catalog.views().current().segment_bytes() + self.log.bytes() + others
    }

    /// Returns the bytes that are compared with the limits.
    fn limited_bytes(&self) -> u64 {
        if self.is_in_memory() {
            return 0;
        }
        let read = self.catalog.views().past_segment_bytes();
        self.bytes_without_read() + read.min(self.limit() / READ_PARTS)
    }

    pub(crate) fn add(&self, files: OtherFiles, bytes: u64) {
        self.others[files as usize].fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn remove(&self, files: OtherFiles, bytes: u64) {
        self.others[files as usize].fetch_sub(bytes, Ordering::Relaxed);
    }

    pub(crate) fn bytes_max(&self) -> u64 {
        self.bytes_max
    }

    /// Notes how many bytes are left of the volume.
    pub(crate) fn note_available(&self, available: Option<u64>) {
        let volume = available.map_or(UNKNOWN, |available| available.saturating_add(self.bytes()));
        self.volume.store(volume, Ordering::Relaxed);
    }

    /// Returns the bytes that may be used: as many as were allowed, but no more than the volume has.
    fn limit(&self) -> u64 {
        let volume = self.volume.load(Ordering::Relaxed);
        // The reserve is for a volume that others fill.
        if volume == UNKNOWN { self.bytes_max } else { self.bytes_max.min(volume - volume / LEFT_PARTS) }
    }

    /// Returns the size at which a generation is frozen.
    pub(crate) fn generation_bytes_max(&self) -> usize {
        let bytes = if self.is_in_memory() { UNKNOWN } else { self.limit() / GENERATION_PARTS };
        usize::try_from(self.generation_bytes_max.min(bytes)).unwrap_or(usize::MAX)
    }

    /// Returns the most bytes that the inputs of a merge may have.
    pub(crate) fn merged_bytes_max(&self) -> u64 {
        if self.is_in_memory() { UNKNOWN } else { self.merged_bytes_max.min(self.limit() / MERGED_PARTS) }
    }

    /// Returns the most bytes of damaged files that are kept.
    pub(crate) fn damaged_bytes_max(&self) -> u64 {
        self.bytes_max / DAMAGED_PARTS
    }

    /// Returns the size of the reserve, and the space that is needed to free more: a generation can be sealed in it.
    pub(crate) fn reserve_bytes(&self) -> u64 {
        self.generation_bytes_max() as u64
    }

    /// Returns the space that is kept free of batches: the largest generation has to fit as a segment beside its log, which
    /// is removed afterwards. A generation grows beyond its size while another is sealed.
    fn sealing_bytes(&self) -> u64 {
        let view = self.catalog.views().current();
        let largest = view.generations().map(|generation| generation.bytes()).max().unwrap_or(0);
        // The memory of a small generation is mostly room for more. Without a log, nothing better is known.
        let logged = self.log.bytes() + self.others[OtherFiles::Replayed as usize].load(Ordering::Relaxed);
        let largest = if logged > 0 { logged.min(largest as u64) } else { largest as u64 };
        self.reserve_bytes().max(largest)
    }

    /// Whether a batch has to wait: only the space is left that a generation needs to be sealed.
    pub(crate) fn is_full(&self) -> bool {
        !self.is_in_memory() && self.limited_bytes() >= self.limit().saturating_sub(self.sealing_bytes())
    }

    /// Whether the oldest segments have to go.
    pub(crate) fn is_short(&self) -> bool {
        !self.is_in_memory() && self.limited_bytes() >= self.high()
    }

    /// Returns by how much the disk has to be cleared.
    pub(crate) fn excess(&self) -> u64 {
        self.limited_bytes().saturating_sub(self.high().saturating_sub(self.limit() / STEP_PARTS))
    }

    fn high(&self) -> u64 {
        self.limit().saturating_sub(self.sealing_bytes() + self.merged_bytes_max())
    }
}
