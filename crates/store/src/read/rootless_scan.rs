//! Goes over all rootless traces: those of which no piece has a root, not even one that was evicted.
//!
//! A trace in one piece is rootless if that piece is. The pieces of split traces are brought together first, in passes
//! over a part of the traces each, so that the table of a pass is small.

use std::sync::Arc;

use hashbrown::HashMap;
use hot::{Generation, Position, RootOrder, Shard, Slot};
use segment::Damaged;
use span::{TimeRange, Timestamp, TraceId};

use super::snapshot::Snapshot;
use crate::view::{BitmapCopy, Counts, DamagedSegment, LiveSegment, spans_since};

/// Limit: split traces that are brought together in one pass, which takes some twenty megabytes.
const PASS_TRACES_MAX: usize = 1 << 17;
/// After this many rows a scan may rest or end.
const ROWS_BETWEEN: usize = 1024;

/// A trace without a root.
#[derive(Clone, Copy, Debug)]
pub(super) struct RootlessTrace {
    pub(super) id: TraceId,
    /// The start of its earliest span inside the window.
    pub(super) start: Timestamp,
    pub(super) place: Place,
    pub(super) counts: Counts,
}

/// Where the earliest span is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// The index of the segment in the view, and the row.
    Row(usize, u32),
    /// The index of the generation in the view, the open one last.
    Hot { generation: usize, shard: usize, slot: Slot },
}

/// What takes the traces.
pub(super) trait RootlessTally {
    fn add(&mut self, trace: RootlessTrace);

    /// Whether traces whose spans start in this range need not be looked at.
    fn adds_unseen(&self, starts: TimeRange) -> bool;

    /// Takes this many traces that were not looked at.
    fn add_unseen(&mut self, count: usize);
}

/// What is known of a split trace.
#[derive(Default)]
struct Joined {
    has_root: bool,
    earliest: Option<(RootOrder, Place)>,
    counts: Counts,
}

type JoinedById = HashMap<TraceId, Joined>;

impl Joined {
    fn add(&mut self, earliest: Option<RootOrder>, place: Place, counts: Counts) {
        let new = earliest.map(|order| (order, place));
        self.earliest = match (self.earliest, new) {
            (Some(one), Some(other)) => Some(if other.0 < one.0 { other } else { one }),
            (one, other) => one.or(other),
        };
        self.counts.add(counts);
    }
}

/// One pass over a part of the traces.
struct Pass<'s, T> {
    snapshot: &'s Snapshot,
    number: u64,
    passes: u64,
    split: JoinedById,
    tally: &'s mut T,
}

impl Snapshot {
    /// Adds every rootless trace to the tally. As with `scan_roots`, the caller asks again after damage.
    pub(super) fn scan_rootless(&self, tally: &mut impl RootlessTally) {
        if !self.has_rootless_pieces() {
            return;
        }
        // Taken once: a trace that becomes split meanwhile is in one piece for all of this scan.
        let split: Vec<BitmapCopy> =
            self.view().segments().iter().map(|segment| segment.split_rows()).collect();
        let in_segments: usize = split.iter().map(BitmapCopy::count).sum();
        let passes = in_segments.div_ceil(PASS_TRACES_MAX).max(1) as u64;
        for number in 0..passes {
            let mut pass =
                Pass { snapshot: self, number, passes, split: JoinedById::new(), tally: &mut *tally };
            if !pass.run(&split) {
                return;
            }
        }
    }

    fn has_rootless_pieces(&self) -> bool {
        let in_segments = self.view().segments().iter().map(|segment| segment.file().meta());
        let is_hot = |generation: &Arc<Generation>| {
            (0..generation.shard_count()).any(|shard| generation.read(shard).rootless() > 0)
        };
        in_segments.into_iter().any(|meta| meta.rooted < meta.traces) || self.view().generations().any(is_hot)
    }
}

impl<T: RootlessTally> Pass<'_, T> {
    /// Goes over all pieces, the oldest first, because a piece in which a trace begins ends the earlier one with its id.
    /// Returns false if the question is to end.
    fn run(&mut self, split: &[BitmapCopy]) -> bool {
        let snapshot = self.snapshot;
        for (index, (segment, split)) in snapshot.view().segments().iter().zip(split).enumerate() {
            if snapshot.is_stopped() {
                return false;
            }
            let read = || self.add_segment((index, segment), split).map_err(DamagedSegment::named(segment));
            snapshot.reader().read_segment(segment, read);
        }
        for (index, generation) in snapshot.view().generations().enumerate() {
            for shard in 0..generation.shard_count() {
                if snapshot.is_stopped() {
                    return false;
                }
                self.add_shard((index, generation), shard);
            }
        }
        for (id, joined) in std::mem::take(&mut self.split) {
            if let (false, Some(((start, ..), place))) = (joined.has_root, joined.earliest) {
                self.tally.add(RootlessTrace { id, start, place, counts: joined.counts });
            }
        }
        true
    }

    fn is_in_part(&self, id: TraceId) -> bool {
        self.passes == 1 || self.snapshot.reader().part_of(id, self.passes) == self.number
    }

    fn add_segment(
        &mut self,
        (index, segment): (usize, &LiveSegment),
        split: &BitmapCopy,
    ) -> Result<(), Damaged> {
        if self.number == 0 {
            self.add_whole_traces((index, segment), split)?;
        }
        let (file, cutoff) = (segment.file(), self.snapshot.cutoff());
        for (number, row) in split.ones().enumerate() {
            if number.is_multiple_of(ROWS_BETWEEN) && self.snapshot.is_stopped() {
                break;
            }
            let id = file.trace_id(row)?;
            if !self.is_in_part(id) {
                continue;
            }
            let carryover = file.carryover(row)?;
            let joined = self.split.entry(id).or_default();
            if carryover.begins {
                *joined = Joined::default();
            }
            joined.has_root |= row < file.meta().rooted || carryover.gone_root.is_some();
            if !joined.has_root {
                let counts = spans_since(segment, row, cutoff)?;
                joined.add(file.earliest(row, cutoff)?, Place::Row(index, row), counts);
            }
        }
        Ok(())
    }

    /// Adds the rows of traces that have no other piece.
    fn add_whole_traces(
        &mut self,
        (index, segment): (usize, &LiveSegment),
        split: &BitmapCopy,
    ) -> Result<(), Damaged> {
        let (file, cutoff) = (segment.file(), self.snapshot.cutoff());
        let meta = file.meta();
        // Sorted.
        let gone = file.rows_with_gone_root()?;
        let is_whole_trace = |row: u32| !split.get(row) && gone.binary_search(&row).is_err();
        let rows = (meta.rooted..meta.traces).filter(|&row| is_whole_trace(row));
        // A row without spans has a carryover, which is written by an eviction only.
        let is_plain = meta.start_min >= cutoff && gone.is_empty();
        let starts = TimeRange { from: meta.start_min, until: meta.start_max.saturating_add(1) };
        if is_plain && self.tally.adds_unseen(starts) {
            self.tally.add_unseen(rows.count());
            return Ok(());
        }
        for (number, row) in rows.enumerate() {
            if number.is_multiple_of(ROWS_BETWEEN) && self.snapshot.is_stopped() {
                break;
            }
            if let Some(start) = file.earliest_start(row, cutoff)? {
                let (id, counts) = (file.trace_id(row)?, spans_since(segment, row, cutoff)?);
                self.tally.add(RootlessTrace { id, start, place: Place::Row(index, row), counts });
            }
        }
        Ok(())
    }

    /// Adds the traces of a shard, which is held meanwhile; whether a trace is split is looked at once.
    fn add_shard(&mut self, (index, generation): (usize, &Arc<Generation>), number: usize) {
        let end = self.snapshot.end_in(generation, number);
        let shard = generation.read(number);
        for (slot, trace) in shard.traces() {
            let (id, is_split) = (trace.id(), trace.is_split());
            if !is_split && trace.has_root() && trace.newest() < end || !self.is_in_part(id) {
                continue;
            }
            let place = Place::Hot { generation: index, shard: number, slot };
            let piece = HotPiece { shard: &shard, slot, end, cutoff: self.snapshot.cutoff() };
            if is_split {
                if !piece.is_empty() {
                    self.join(trace, place, &piece);
                }
            } else if !piece.has_root()
                && let Some((start, ..)) = piece.earliest()
            {
                self.tally.add(RootlessTrace { id, start, place, counts: piece.counts() });
            }
        }
    }

    fn join(&mut self, trace: &hot::Trace, place: Place, piece: &HotPiece<'_>) {
        let joined = self.split.entry(trace.id()).or_default();
        if trace.begins() {
            *joined = Joined::default();
        }
        joined.has_root |= piece.has_root();
        if !joined.has_root {
            joined.add(piece.earliest(), place, piece.counts());
        }
    }
}

/// A trace in a shard that is held.
struct HotPiece<'a> {
    shard: &'a Shard,
    slot: Slot,
    end: Position,
    cutoff: Timestamp,
}

impl HotPiece<'_> {
    /// Whether all of it arrived after the snapshot was taken.
    fn is_empty(&self) -> bool {
        self.shard.records(self.slot, self.end).next().is_none()
    }

    fn has_root(&self) -> bool {
        self.shard.root_before(self.slot, self.end).is_some()
    }

    fn earliest(&self) -> Option<RootOrder> {
        let record = self.shard.earliest(self.slot, self.cutoff, self.end)?;
        Some(self.shard.root_order(&record))
    }

    fn counts(&self) -> Counts {
        let (spans, has_error) = self.shard.count(self.slot, self.cutoff, self.end);
        Counts { spans, has_error }
    }
}
