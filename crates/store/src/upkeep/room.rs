//! Room for what comes: the oldest leaves first where memory or disk run out before time does.

use std::sync::Arc;
use std::time::Duration;

use segment::Damaged;
use span::Timestamp;

use super::Upkeep;
use crate::error::Overload;
use crate::fault::Fault;
use crate::stats::LimitedBy;
use crate::store::Store;
use crate::view::Unit;

/// Limit: how long a batch waits while somebody else makes room; beyond, its sender is told to come again.
const WAIT_MAX: Duration = Duration::from_millis(50);
/// Limit: room is made ahead when less than this part of the memory is free, so that batches seldom have to.
const AHEAD_PARTS: usize = 16;
/// Limit: when there is no room, this part of it is made free in one go, so that not every batch has to.
const SHED_PARTS: usize = 32;
/// Limit: of the roots of a segment that has to leave, one in so many may start later than the floor is raised
/// to: spans from a clock that is ahead must not push the floor up to where they are. They stay.
const LATE_ROOT_PARTS: u32 = 64;

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
            self.seal_all(&mut upkeep, now);
            let wanted = limit - limit / SHED_PARTS;
            while self.memory_bytes() > wanted && self.shed_oldest(&mut upkeep, now, LimitedBy::Memory) {}
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
            self.seal_all(upkeep, now);
            while self.is_memory_short() && self.shed_oldest(upkeep, now, LimitedBy::Memory) {}
        }
    }

    /// Keeps the disk within its limit.
    pub(super) fn bound_disk(&self, upkeep: &mut Upkeep, now: Timestamp) {
        let limit = self.settings.disk_bytes_max;
        if self.disk_bytes() < limit {
            return;
        }
        let wanted = limit - limit / SHED_PARTS as u64;
        while self.disk_bytes() > wanted && self.shed_oldest(upkeep, now, LimitedBy::Disk) {}
    }

    /// All that is in memory becomes segments, and what the window has passed leaves.
    fn seal_all(&self, upkeep: &mut Upkeep, now: Timestamp) {
        self.freeze_with(upkeep, now);
        while self.seal_with(upkeep) {}
        self.evict_with(upkeep, now);
        self.clean_up(upkeep);
    }

    /// Raises the floor so far that the oldest segment leaves. False where none may.
    fn shed_oldest(&self, upkeep: &mut Upkeep, now: Timestamp, limited_by: LimitedBy) -> bool {
        let view = self.views.current();
        for unit in view.units.iter().filter(|unit| unit.segment.facts().spans > 0) {
            let shed = match floor_above(unit, now) {
                // All of it starts ahead of the clock: a younger one may have more to give.
                Ok(None) => continue,
                Ok(Some(floor)) => self.shed(upkeep, unit, (floor, now), limited_by),
                Err(fault) => Err(fault),
            };
            return shed.unwrap_or_else(|fault| {
                self.set_aside_with(upkeep, &fault);
                true
            });
        }
        false
    }

    fn shed(
        &self,
        upkeep: &mut Upkeep,
        unit: &Arc<Unit>,
        (floor, now): (Timestamp, Timestamp),
        limited_by: LimitedBy,
    ) -> Result<bool, Fault> {
        // Order: the floor first, so that no answer shows a trace of which a part is gone; then a generation
        // that is judged by it, because a segment keeps what the open one was judged by.
        self.window.raise_floor(floor, limited_by);
        self.freeze_with(upkeep, now);
        while self.seal_with(upkeep) {}
        let has_left = self.evict_unit(upkeep, unit, self.counters.evicted_by(limited_by))?;
        self.clean_up(upkeep);
        // Where it cannot be written without what should leave, trying again would bring nothing.
        Ok(has_left && self.leaves_before(upkeep) >= floor)
    }
}

/// Where the floor has to be for the segment to leave, all but a few spans; at most just above `now`. Nothing
/// where that would bring nothing.
fn floor_above(unit: &Arc<Unit>, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
    let facts = unit.segment.facts();
    let late = facts.rooted / LATE_ROOT_PARTS;
    let latest = if late == 0 {
        latest_until(unit, now).map_err(Fault::of(unit))?
    } else {
        Some(unit.segment.root_start(facts.rooted - 1 - late).map_err(Fault::of(unit))?)
    };
    Ok(latest.filter(|&latest| latest <= now).map(|latest| latest.saturating_add(1)))
}

/// The latest start that is not after `now`. For a segment of few traces.
fn latest_until(unit: &Unit, now: Timestamp) -> Result<Option<Timestamp>, Damaged> {
    let mut latest = None;
    for row in 0..unit.segment.facts().traces {
        unit.segment.for_each_start(row, |start, _| {
            if start <= now {
                latest = latest.max(Some(start));
            }
        })?;
    }
    Ok(latest)
}
