//! What a store is opened with.

use std::time::Duration;

/// Limit: the longest window, so that no sum of times overflows.
pub const WINDOW_MAX: Duration = Duration::from_hours(30 * 24);
/// Limit: the least memory that a store can work in: a chunk for each shard, and room beside them.
pub const MEMORY_BYTES_MIN: usize = 16 * 1024 * 1024;

#[derive(Clone, Debug)]
pub struct Settings {
    /// How far back the store keeps.
    pub window: Duration,
    /// How far ahead of the clock a span may start.
    pub ahead: Duration,
    /// Memory that the spans and their indexes may hold; the oldest go first when it is reached.
    pub memory_bytes_max: usize,
    /// Processors that the store is built for: more of them, more shards.
    pub cores: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            window: Duration::from_mins(30),
            ahead: Duration::from_mins(5),
            memory_bytes_max: 4 * 1024 * 1024 * 1024,
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        }
    }
}
