//! The oldest segments leave before their time, because there is no room for them.

use std::sync::Arc;

use segment::Damaged;
use span::Timestamp;

use super::Upkeep;
use crate::fault::Fault;
use crate::stats::LimitedBy;
use crate::store::Store;
use crate::view::Unit;

/// Limit: of the roots of a segment that has to leave, one in so many may start later than the floor is raised
/// to: spans from a clock that is ahead must not push the floor up to where they are. They stay.
const LATE_ROOT_PARTS: u32 = 64;

/// What is to leave, and the floor above it.
struct Oldest {
    units: Vec<Arc<Unit>>,
    floor: Timestamp,
}

impl Store {
    /// Raises the floor so far that the oldest segments leave, of which about `excess` bytes become free. All of
    /// them in one go, because every floor needs a generation that is judged by it. False where nothing has left.
    pub(super) fn shed(
        &self,
        upkeep: &mut Upkeep,
        now: Timestamp,
        limited_by: LimitedBy,
        excess: u64,
    ) -> bool {
        let oldest = match self.oldest(now, limited_by, excess) {
            Ok(Some(oldest)) => oldest,
            Ok(None) => return false,
            Err(fault) => {
                self.set_aside_with(upkeep, &fault);
                return true;
            }
        };
        // Order: the floor first, so that no answer shows a trace of which a part is gone; then a generation
        // that is judged by it, because a segment keeps what the open one was judged by.
        self.window.raise_floor(oldest.floor, limited_by);
        self.freeze_with(upkeep, now);
        self.seal_frozen(upkeep);
        // Where that cannot be, trying again would bring nothing.
        let has_left =
            self.leaves_before(upkeep) >= oldest.floor && self.shed_units(upkeep, &oldest.units, limited_by);
        self.clean_up(upkeep);
        has_left
    }

    fn shed_units(&self, upkeep: &mut Upkeep, units: &[Arc<Unit>], limited_by: LimitedBy) -> bool {
        let mut has_left = false;
        for unit in units {
            has_left |= match self.evict_unit(upkeep, unit, self.counters.evicted_by(limited_by)) {
                Ok(has_left) => has_left,
                Err(fault) => {
                    self.set_aside_with(upkeep, &fault);
                    true
                }
            };
        }
        has_left
    }

    /// As many as free `excess` bytes, and at least one, where any may leave.
    fn oldest(&self, now: Timestamp, limited_by: LimitedBy, excess: u64) -> Result<Option<Oldest>, Fault> {
        let view = self.views.current();
        let mut oldest = Oldest { units: Vec::new(), floor: Timestamp::MIN };
        let rows: u64 = view.units.iter().map(|unit| u64::from(unit.segment.meta().traces)).sum();
        let mut freed = 0;
        for unit in view.units.iter().filter(|unit| unit.segment.meta().spans > 0) {
            if freed >= excess && !oldest.units.is_empty() {
                break;
            }
            // All of one may start ahead of the clock: a younger one has more to give then.
            if let Some(floor) = floor_above(unit, now)? {
                oldest.floor = oldest.floor.max(floor);
                oldest.units.push(Arc::clone(unit));
                freed += self.share(unit, rows, limited_by);
            }
        }
        Ok(if oldest.units.is_empty() { None } else { Some(oldest) })
    }

    /// Bytes that become free when a segment leaves, about. The directory has so many `rows`.
    fn share(&self, unit: &Unit, rows: u64, limited_by: LimitedBy) -> u64 {
        let meta = unit.segment.meta();
        if limited_by == LimitedBy::Disk {
            return meta.bytes;
        }
        let directory = self.directory.bytes() as u64 * u64::from(meta.traces) / rows.max(1);
        directory + unit.bytes() as u64 + if self.is_in_memory { meta.bytes } else { 0 }
    }
}

/// Where the floor has to be for the segment to leave, all but a few spans; at most just above `now`. Nothing
/// where that would bring nothing.
fn floor_above(unit: &Arc<Unit>, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
    let meta = unit.segment.meta();
    let late = meta.rooted / LATE_ROOT_PARTS;
    let latest = if late == 0 {
        latest_until(unit, now).map_err(Fault::of(unit))?
    } else {
        Some(unit.segment.root_start(meta.rooted - 1 - late).map_err(Fault::of(unit))?)
    };
    Ok(latest.filter(|&latest| latest <= now).map(|latest| latest.saturating_add(1)))
}

/// The latest start that is not after `now`. For a segment of few traces.
fn latest_until(unit: &Unit, now: Timestamp) -> Result<Option<Timestamp>, Damaged> {
    let mut latest = None;
    for row in 0..unit.segment.meta().traces {
        unit.segment.for_each_start(row, |start, _| {
            if start <= now {
                latest = latest.max(Some(start));
            }
        })?;
    }
    Ok(latest)
}
