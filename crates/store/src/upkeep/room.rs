//! Room for what comes: the oldest leaves first where memory or disk run out before time does.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use span::Timestamp;

use super::Upkeep;
use crate::error::Overload;
use crate::fault::Fault;
use crate::store::Store;
use crate::view::Unit;

/// Limit: when there is no room, this part of it is made free in one go, so that not every batch has to.
const SHED_PARTS: usize = 32;
/// Limit: of the roots of a segment that has to leave, one in so many may start later than the floor is raised
/// to: spans from a clock that is ahead must not push the floor up to where they are. They stay.
const LATE_ROOT_PARTS: u32 = 64;

impl Store {
    /// Memory that the limit is about.
    pub(crate) fn memory_bytes(&self) -> usize {
        let view = self.views.current();
        let marks: usize = view.units.iter().map(|unit| unit.bytes()).sum();
        let segments = if self.is_in_memory { view.segment_bytes() } else { 0 };
        let segments = usize::try_from(segments).unwrap_or(usize::MAX);
        view.hot_bytes() + self.directory.bytes() + marks + segments
    }

    /// Bytes of segments and logs on the disk.
    pub(crate) fn disk_bytes(&self) -> u64 {
        if self.is_in_memory {
            return 0;
        }
        let logs = self.log.as_ref().map_or(0, wal::Log::bytes);
        self.views.current().segment_bytes() + logs
    }

    /// Makes room where the memory is full: what is open becomes a segment, and then the oldest leave.
    ///
    /// # Errors
    /// Where there is still none.
    pub(crate) fn make_room(&self, now: Timestamp) -> Result<(), Overload> {
        let limit = self.settings.memory_bytes_max;
        if self.views.current().hot_bytes() < limit / 2 && self.memory_held() < limit {
            return Ok(());
        }
        self.make_room_slowly(now, limit)
    }

    fn make_room_slowly(&self, now: Timestamp, limit: usize) -> Result<(), Overload> {
        if self.memory_bytes() >= limit {
            let mut upkeep = self.upkeep.lock();
            if self.memory_bytes() >= limit {
                self.evict_with(&mut upkeep, now);
                self.freeze_with(&mut upkeep, now);
                while self.seal_with(&mut upkeep) {}
                self.clean_up(&mut upkeep);
                let wanted = limit - limit / SHED_PARTS;
                while self.memory_bytes() > wanted
                    && self.shed_oldest(&mut upkeep, now, &self.counters.evicted_by_memory)
                {
                    self.clean_up(&mut upkeep);
                }
            }
        }
        let held = self.memory_bytes();
        if held < limit { Ok(()) } else { Err(Overload::MemoryFull { held, limit }) }
    }

    /// Keeps the disk within its limit.
    pub(super) fn bound_disk(&self, upkeep: &mut Upkeep, now: Timestamp) {
        let limit = self.settings.disk_bytes_max;
        if self.disk_bytes() < limit {
            return;
        }
        let wanted = limit - limit / SHED_PARTS as u64;
        while self.disk_bytes() > wanted && self.shed_oldest(upkeep, now, &self.counters.evicted_by_disk) {}
    }

    /// Raises the floor so far that the oldest segment leaves. False where none may.
    fn shed_oldest(&self, upkeep: &mut Upkeep, now: Timestamp, counter: &AtomicU64) -> bool {
        let view = self.views.current();
        let Some(oldest) = view.units.iter().find(|unit| unit.segment.facts().spans > 0) else {
            return false;
        };
        let result = self.floor_above(oldest).and_then(|floor| {
            if floor > now {
                return Ok(false);
            }
            // Order: the floor first, so that no answer shows a trace of which a part is gone.
            self.window.raise_floor(floor);
            self.evict_unit(upkeep, oldest, self.window.cutoff(now), counter).map(|()| true)
        });
        result.unwrap_or_else(|fault| {
            self.set_aside_with(upkeep, &fault);
            true
        })
    }

    /// Where the floor has to be for the segment to leave, all but a few spans.
    fn floor_above(&self, unit: &Arc<Unit>) -> Result<Timestamp, Fault> {
        let facts = unit.segment.facts();
        let late = facts.rooted / LATE_ROOT_PARTS;
        if late == 0 {
            return Ok(facts.start_max.saturating_add(1));
        }
        let root = unit.segment.root_start(facts.rooted - 1 - late).map_err(Fault::of(unit))?;
        Ok(root.saturating_add(1))
    }
}
