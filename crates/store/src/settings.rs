//! What a store is opened with.

use std::time::Duration;

/// Limit: the longest window, so that no sum of times overflows.
pub const WINDOW_MAX: Duration = Duration::from_hours(30 * 24);
/// Limit: the least memory that a store can work in.
pub const MEMORY_BYTES_MIN: usize = 16 * 1024 * 1024;
/// Limit: the least disk: a log and a segment or two.
pub const DISK_BYTES_MIN: u64 = 64 * 1024 * 1024;

/// Limit: a generation is frozen when it holds so much, or an eighth of the memory if that is less. Large
/// enough that a segment has dictionaries worth their bytes, small enough to be read again in a moment.
const GENERATION_BYTES_MAX: usize = 16 * 1024 * 1024;
const GENERATION_MEMORY_PARTS: usize = 8;
/// Limit: or when it covers such a part of the window: that is the step in which space goes back.
const GENERATION_WINDOW_PARTS: u32 = 64;

/// Where segments and log files are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Medium {
    Disk,
    /// The disk is memory, and counts as such.
    Memory,
}

/// What an acknowledgement means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Durability {
    /// There is no log: what is not in a segment yet is lost when the process ends.
    Memory,
    /// The log has been given to the kernel: it survives the process.
    Os,
    /// The log is on the disk: it survives a power cut.
    Fsync,
}

#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How far back the store keeps.
    pub window: Duration,
    /// How far ahead of the clock a span may start.
    pub ahead: Duration,
    pub durability: Durability,
    /// Memory that the store may hold: spans that are not in a segment yet, the directory, and, where there is
    /// no disk, the segments. The oldest spans go first when it is reached.
    pub memory_bytes_max: usize,
    /// Bytes that the store may hold on its disk; the oldest segments go first when it is reached.
    pub disk_bytes_max: u64,
    /// So many small neighbouring segments become one. Fewer would write every span more often.
    pub merged_segments: usize,
    /// Processors that the store is built for: more of them, more shards.
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

    pub(crate) fn generation_age_max(&self) -> Duration {
        self.window / GENERATION_WINDOW_PARTS
    }
}
