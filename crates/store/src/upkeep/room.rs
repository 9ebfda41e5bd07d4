//! Room for what comes: the oldest leaves first where memory or disk run out before time does.

use std::time::Duration;

use span::Timestamp;

use super::Upkeep;
use crate::error::Overload;
use crate::stats::LimitedBy;
use crate::store::Store;

/// Limit: how long a batch waits while somebody else makes room; beyond, its sender is told to come again.
const WAIT_MAX: Duration = Duration::from_millis(50);
/// Limit: room is made ahead when less than this part of the memory is free, so that batches seldom have to.
const AHEAD_PARTS: usize = 16;
/// Limit: when there is no room, this part of it is made free in one go, so that not every batch has to.
const SHED_PARTS: usize = 32;
impl Store {
    /// Memory that the limit is about.
    pub(crate) fn memory_bytes(&self) -> usize {
        let view = self.views.current();
        let segments = if self.is_in_memory { view.segment_bytes } else { 0 };
        let segments = usize::try_from(segments).unwrap_or(usize::MAX);
        view.hot_bytes() + self.directory.bytes() + view.unit_bytes + segments
    }

    /// Bytes of segments and logs on the disk.
    pub(crate) fn disk_bytes(&self) -> u64 {
        if self.is_in_memory {
            return 0;
        }
        let logs = self.log.as_ref().map_or(0, wal::Log::bytes);
        self.views.current().segment_bytes + logs
    }

    /// Makes room where the memory is full: what is open becomes a segment, and then the oldest leave.
    ///
    /// # Errors
    /// Where there is still none, or somebody else is making it and takes long.
    pub(crate) fn make_room(&self, now: Timestamp) -> Result<(), Overload> {
        let limit = self.settings.memory_bytes_max;
        if self.memory_bytes() < limit {
            return Ok(());
        }
        if let Some(mut upkeep) = self.upkeep.try_lock_for(WAIT_MAX)
            && self.memory_bytes() >= limit
        {
            self.clear_memory(&mut upkeep, now, limit - limit / SHED_PARTS);
        }
        let held = self.memory_bytes();
        if held < limit { Ok(()) } else { Err(Overload::MemoryFull { held, limit }) }
    }

    /// Whether little memory is left.
    pub(crate) fn is_memory_short(&self) -> bool {
        let limit = self.settings.memory_bytes_max;
        self.memory_bytes() >= limit - limit / AHEAD_PARTS
    }

    /// Keeps the memory below its limit before a batch meets it.
    pub(super) fn bound_memory(&self, upkeep: &mut Upkeep, now: Timestamp) {
        if self.is_memory_short() {
            let limit = self.settings.memory_bytes_max;
            self.clear_memory(upkeep, now, limit - limit / AHEAD_PARTS - limit / SHED_PARTS);
        }
    }

    /// Brings the memory down to `wanted` bytes, where that can be.
    fn clear_memory(&self, upkeep: &mut Upkeep, now: Timestamp, wanted: usize) {
        // A segment of what little is open would free nothing, and be one more for the next that is as small.
        if self.views.current().hot_bytes() >= self.settings.memory_bytes_max / AHEAD_PARTS {
            self.freeze_with(upkeep, now);
            self.seal_frozen(upkeep);
        }
        self.evict_with(upkeep, now);
        self.clean_up(upkeep);
        while let Some(excess) = self.memory_bytes().checked_sub(wanted + 1) {
            if !self.shed(upkeep, now, LimitedBy::Memory, excess as u64) {
                return;
            }
            self.directory.shrink();
            // Memory of what has left comes back when the last reader is done: to go on would shed it twice.
            if self.views.is_past_read() {
                return;
            }
        }
    }

    /// Keeps the disk within its limit.
    pub(super) fn bound_disk(&self, upkeep: &mut Upkeep, now: Timestamp) {
        let limit = self.settings.disk_bytes_max;
        if self.disk_bytes() < limit {
            return;
        }
        let wanted = limit - limit / SHED_PARTS as u64;
        while let Some(excess) = self.disk_bytes().checked_sub(wanted + 1) {
            if !self.shed(upkeep, now, LimitedBy::Disk, excess) {
                return;
            }
        }
    }
}
