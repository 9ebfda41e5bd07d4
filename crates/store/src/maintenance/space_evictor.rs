//! Evicts the oldest segments before the window passes them, when memory or disk are full.

use std::sync::Arc;

use segment::Damaged;
use span::Timestamp;

use super::evictor::Evictor;
use super::sealer::Sealer;
use crate::catalog::Catalog;
use crate::directory::SEGMENTS_MAX;
use crate::disk_space::DiskSpace;
use crate::ledger::Counters;
use crate::log::SpanLog;
use crate::quarantine::Quarantine;
use crate::signal::Signal;
use crate::space::Space;
use crate::view::{DamagedSegment, LiveSegment};
use crate::window::{LimitedBy, Window};

/// Limit: one in this many roots of an evicted segment may start after the new floor. Spans from a clock that is
/// ahead must not push the floor up to their own start; they are kept.
const LATE_ROOT_PARTS: u32 = 64;

/// Limit: segments before the oldest are evicted. The numbers that are left are for segments that are being written, and
/// for removed ones that questions still read.
const SEGMENTS_KEPT_MAX: usize = SEGMENTS_MAX as usize * 7 / 8;

/// The segments to evict, and a floor above their spans.
struct Oldest {
    segments: Vec<Arc<LiveSegment>>,
    floor: Timestamp,
}

/// What makes space.
enum Evictable {
    Nothing,
    Oldest(Oldest),
    /// A segment with spans ahead of the clock. A floor above them would refuse all new spans.
    Ahead(Arc<LiveSegment>),
}

/// How much memory or disk has to be freed.
#[derive(Clone, Copy)]
struct Excess {
    limited_by: LimitedBy,
    bytes: u64,
}

pub(crate) struct SpaceEvictor {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) window: Arc<Window>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) quarantine: Arc<Quarantine>,
    pub(crate) space: Arc<Space>,
    pub(crate) disk_space: Arc<DiskSpace>,
    pub(crate) log: Arc<SpanLog>,
    pub(crate) signal: Arc<Signal>,
}

impl SpaceEvictor {
    /// Frees memory before batches reach the limit.
    pub(super) fn bound_memory(&self, sealer: &mut Sealer, evictor: &Evictor, now: Timestamp) {
        if self.space.is_memory_short() {
            self.clear_memory(sealer, evictor, now, self.space.memory_target_ahead());
        }
    }

    /// Makes space when the memory is full.
    pub(super) fn free_memory(&self, sealer: &mut Sealer, evictor: &Evictor, now: Timestamp) {
        if self.space.is_memory_full() {
            self.clear_memory(sealer, evictor, now, self.space.memory_target_when_full());
        }
    }

    /// Reduces the memory to `target` bytes, if possible.
    fn clear_memory(&self, sealer: &mut Sealer, evictor: &Evictor, now: Timestamp, target: usize) {
        // Sealing a small generation would free nothing and add a small segment, again and again.
        if self.space.is_sealing_worthwhile() {
            sealer.freeze_and_seal(now);
        }
        evictor.evict(sealer, now);
        sealer.clean_up();
        self.signal.step_done();
        while let Some(bytes) = self.space.memory_bytes().checked_sub(target + 1) {
            let excess = Excess { limited_by: LimitedBy::Memory, bytes: bytes as u64 };
            let has_evicted = self.evict_for_space(sealer, evictor, now, excess);
            self.catalog.directory().shrink();
            self.signal.step_done();
            // The memory of an evicted segment is freed when its last reader is done. Evicting more before that would
            // evict more than needed.
            if !has_evicted || self.catalog.views().is_past_read() {
                return;
            }
        }
    }

    /// Keeps the disk within its limit.
    pub(super) fn bound_disk(&self, sealer: &mut Sealer, evictor: &Evictor, now: Timestamp) {
        if !self.disk_space.is_short() {
            return;
        }
        loop {
            let excess = self.disk_space.excess();
            if excess == 0 || !self.shed(sealer, evictor, now, excess) {
                return;
            }
            // The space of an evicted segment is free when its last reader is done. Evicting more before that would
            // evict more than needed.
            if self.disk_space.excess() >= excess {
                return;
            }
            self.signal.step_done();
        }
    }

    /// Evicts the oldest segments, to free about so many bytes of the disk. Returns false if nothing was evicted.
    pub(super) fn shed(&self, sealer: &mut Sealer, evictor: &Evictor, now: Timestamp, bytes: u64) -> bool {
        let excess = Excess { limited_by: LimitedBy::Disk, bytes };
        self.evict_for_space(sealer, evictor, now, excess)
    }

    /// Keeps the number of segments below that of the directory's numbers, as merging does unless their spans are too
    /// large to be merged within the memory. Otherwise nothing could be sealed.
    pub(super) fn bound_segments(&self, sealer: &mut Sealer, evictor: &Evictor, now: Timestamp) {
        let one = Excess { limited_by: LimitedBy::Memory, bytes: 1 };
        while self.catalog.views().current().segments().len() > SEGMENTS_KEPT_MAX {
            if !self.evict_for_space(sealer, evictor, now, one) {
                return;
            }
        }
    }

    /// Raises the floor and evicts the oldest segments, to free about `excess`. This is one step, because every new
    /// floor needs a generation that begins after it. Returns false if nothing was evicted.
    fn evict_for_space(
        &self,
        sealer: &mut Sealer,
        evictor: &Evictor,
        now: Timestamp,
        excess: Excess,
    ) -> bool {
        let oldest = match self.oldest(now, excess) {
            Ok(Evictable::Oldest(oldest)) => oldest,
            Ok(Evictable::Ahead(segment)) => {
                return self.evict_ahead((sealer, evictor), &segment, now, excess);
            }
            Ok(Evictable::Nothing) => return false,
            Err(damaged) => {
                self.quarantine.take_out(&damaged);
                return true;
            }
        };
        if sealer.is_stuck() {
            sealer.seal_frozen();
        }
        let is_stuck = sealer.is_stuck();
        if is_stuck || self.log.fails() {
            // A start must know the floor before anything goes that waits for what cannot be written.
            if !self.log.note_start(self.window.latest_start().with_floor(oldest.floor)) {
                return false;
            }
            sealer.evict_although_unsealed(if is_stuck { oldest.floor } else { Timestamp::MIN });
        }
        // Order: the floor first, so that no answer shows a trace without its evicted part. Then a generation that
        // begins after it, because segments are kept as long as a generation may check spans against an older cutoff.
        self.window.raise_floor(oldest.floor, excess.limited_by);
        sealer.freeze_and_seal(now);
        // If generations cannot be sealed, nothing may be evicted, and trying would not help.
        let may_leave = sealer.evictable_before() >= oldest.floor;
        let counter = self.counters.evicted_by(excess.limited_by);
        let mut has_left = false;
        for segment in oldest.segments.iter().filter(|_| may_leave) {
            has_left |= evictor.evict_segment(sealer, segment, counter);
        }
        sealer.clean_up();
        has_left
    }

    /// Evicts a segment with spans ahead of the clock, and leaves the floor where it is. A trace that has pieces in other
    /// segments may be shown without this one.
    fn evict_ahead(
        &self,
        (sealer, evictor): (&mut Sealer, &Evictor),
        segment: &Arc<LiveSegment>,
        now: Timestamp,
        excess: Excess,
    ) -> bool {
        // Order: before the segment goes. A start must not find duplicates of its spans in the log.
        sealer.freeze_and_seal(now);
        if sealer.is_stuck() {
            return false;
        }
        let has_left = evictor.evict_whole(sealer, segment, self.counters.evicted_by(excess.limited_by));
        sealer.clean_up();
        has_left
    }

    /// Returns the oldest segments that free `excess` together, but at least one if any may be evicted.
    fn oldest(&self, now: Timestamp, excess: Excess) -> Result<Evictable, DamagedSegment> {
        let (time, latest) = (self.window.latest_time(now), self.window.latest_of_setting(now));
        let mut ahead = None;
        let view = self.catalog.views().current();
        let mut oldest = Oldest { segments: Vec::new(), floor: Timestamp::MIN };
        let rows: u64 = view.segments().iter().map(|segment| u64::from(segment.file().meta().traces)).sum();
        let mut freed = 0;
        for segment in view.segments().iter().filter(|segment| segment.file().meta().spans > 0) {
            if freed >= excess.bytes && !oldest.segments.is_empty() {
                break;
            }
            let floor = floor_above(segment, time).map_err(DamagedSegment::named(segment))?;
            if let Some(floor) = floor {
                oldest.floor = oldest.floor.max(floor);
                oldest.segments.push(Arc::clone(segment));
                freed += self.bytes_freed(segment, rows, excess.limited_by);
                continue;
            }
            // All of its spans may start ahead of the clock. Then a younger segment frees more. But what was sent while the
            // clock was set otherwise is older than a younger segment.
            if segment.file().meta().start_max > latest {
                ahead = Some(segment);
                break;
            }
        }
        Ok(match ahead {
            _ if !oldest.segments.is_empty() => Evictable::Oldest(oldest),
            Some(segment) => Evictable::Ahead(Arc::clone(segment)),
            None => Evictable::Nothing,
        })
    }

    /// Estimates how many bytes an evicted segment frees. `rows` is the number of all rows in the directory.
    fn bytes_freed(&self, segment: &LiveSegment, rows: u64, limited_by: LimitedBy) -> u64 {
        let meta = segment.file().meta();
        if limited_by == LimitedBy::Disk {
            return meta.bytes;
        }
        let directory = self.catalog.directory().bytes() as u64 * u64::from(meta.traces) / rows.max(1);
        directory + segment.index_bytes() as u64 + if self.space.is_in_memory() { meta.bytes } else { 0 }
    }
}

/// Returns the floor that evicts all but a few spans of the segment: at most just above `now`. Returns `None` if no
/// such floor would free anything.
fn floor_above(segment: &LiveSegment, now: Timestamp) -> Result<Option<Timestamp>, Damaged> {
    let file = segment.file();
    let late = file.meta().rooted / LATE_ROOT_PARTS;
    let latest = if late == 0 {
        latest_until(segment, now)?
    } else {
        Some(file.root_start(file.meta().rooted - 1 - late)?)
    };
    Ok(latest.filter(|&latest| latest <= now).map(|latest| latest.saturating_add(1)))
}

/// Returns the latest start that is not after `now`. Only for segments with few traces.
fn latest_until(segment: &LiveSegment, now: Timestamp) -> Result<Option<Timestamp>, Damaged> {
    let mut latest = None;
    for row in 0..segment.file().meta().traces {
        segment.file().for_each_start(row, |start, _| {
            if start <= now {
                latest = latest.max(Some(start));
            }
        })?;
    }
    Ok(latest)
}
