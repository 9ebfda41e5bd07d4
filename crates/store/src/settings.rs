//! The settings of a store.

use std::time::Duration;

/// Limit: the longest window. No sum of times overflows with it.
pub const WINDOW_MAX: Duration = Duration::from_hours(30 * 24);
/// Limit: the least memory that a store works with.
pub const MEMORY_BYTES_MIN: usize = 16 * 1024 * 1024;
/// Limit: the least disk space: a log and one or two segments.
pub const DISK_BYTES_MIN: u64 = 64 * 1024 * 1024;

/// Limit: a generation is frozen at this size, or at an eighth of the memory if that is less. It is large enough that
/// dictionaries in a segment pay, and small enough that a start reads it again quickly.
const GENERATION_BYTES_MAX: usize = 16 * 1024 * 1024;
const GENERATION_MEMORY_PARTS: usize = 8;
/// Limit: the content of a merged segment, or an eighth of the memory if that is less. `segment` needs up to three
/// times the content while it writes, and the merge holds the spans of one trace beside that.
const MERGED_BYTES_MAX: usize = 128 * 1024 * 1024;
const MERGED_MEMORY_PARTS: usize = 8;
/// Limit: a generation is also frozen when it covers this part of the window. Space is freed in such steps.
const GENERATION_WINDOW_PARTS: u32 = 64;

/// The medium of segments and log files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Medium {
    Disk,
    /// The files are in memory, and count as memory.
    Memory,
}

/// What an acknowledged batch survives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Durability {
    /// There is no log: spans that are in no segment yet are lost when the process ends.
    Memory,
    /// The kernel has the log: it survives the end of the process.
    Os,
    /// The disk has the log: it survives a power cut.
    Fsync,
}

#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How far back the store keeps spans.
    pub window: Duration,
    /// How far ahead of the clock a span may start.
    pub ahead: Duration,
    pub durability: Durability,
    /// The memory that the store may use: spans that are not in a segment yet, the directory, and, without a disk,
    /// the segments. The oldest spans are evicted when it is full.
    pub memory_bytes_max: usize,
    /// The bytes that the store may use on its disk. The oldest segments are evicted when it is full.
    pub disk_bytes_max: u64,
    /// How many small neighbouring segments are merged into one. A smaller number writes every span more often.
    pub merged_segments: usize,
    /// The number of processors; more of them get more shards.
    pub cores: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            window: Duration::from_mins(30),
            ahead: Duration::from_mins(5),
            durability: Durability::Os,
            memory_bytes_max: 4 * 1024 * 1024 * 1024,
            disk_bytes_max: 32 * 1024 * 1024 * 1024,
            merged_segments: 8,
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        }
    }
}

impl Settings {
    pub(crate) fn generation_bytes_max(&self) -> usize {
        GENERATION_BYTES_MAX.min(self.memory_bytes_max / GENERATION_MEMORY_PARTS)
    }

    pub(crate) fn merged_bytes_max(&self) -> u64 {
        MERGED_BYTES_MAX.min(self.memory_bytes_max / MERGED_MEMORY_PARTS) as u64
    }

    pub(crate) fn generation_age_max(&self) -> Duration {
        self.window / GENERATION_WINDOW_PARTS
    }
}
