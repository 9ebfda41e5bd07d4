//! The counts of split traces, summed up over all of their pieces.
//!
//! To look one trace up costs about half a microsecond for each piece. A question about many of them goes over all
//! pieces instead, segment by segment and row by row.

use std::ops::Range;
use std::sync::Arc;

use hashbrown::HashMap;
use hot::Generation;
use segment::{Damaged, RowNumbers};
use span::TraceId;

use super::snapshot::Snapshot;
use crate::view::{Counts, DamagedSegment, LiveSegment, spans_since};

/// Fewer traces are looked up one by one.
const ONE_BY_ONE_MAX: usize = 256;
/// Limit: traces that are summed up in one pass, which takes some ten megabytes.
const PASS_TRACES_MAX: usize = 1 << 18;
/// Rows of a segment whose ids are read together.
const ROWS_TOGETHER: u32 = 4096;
/// If at least one in so many rows of a segment is split, all of its rows are read in order.
const DENSE: usize = 8;

type CountsById = HashMap<TraceId, Counts>;

impl Snapshot {
    /// Calls `each` with the counts of these split traces inside the window, in their order, and what came with each.
    pub(super) fn for_each_split<T>(&self, traces: &[(TraceId, T)], mut each: impl FnMut(&T, Counts)) {
        if traces.len() < ONE_BY_ONE_MAX {
            for (id, with) in traces {
                each(with, self.counts_of(*id));
            }
            return;
        }
        for pass in traces.chunks(PASS_TRACES_MAX) {
            let mut counts: CountsById = pass.iter().map(|(id, _)| (*id, Counts::default())).collect();
            self.sum_up(&mut counts);
            for (id, with) in pass {
                each(with, counts.get(id).copied().unwrap_or_default());
            }
        }
    }

    /// Adds all pieces, the oldest first, because a piece in which a trace begins ends the earlier one with its id.
    fn sum_up(&self, counts: &mut CountsById) {
        for segment in self.view().segments() {
            if self.is_stopped() {
                return;
            }
            let add = || self.add_segment(segment, counts).map_err(DamagedSegment::named(segment));
            self.reader().read_segment(segment, add);
        }
        for generation in self.view().generations() {
            for number in 0..generation.shard_count() {
                self.add_shard(generation, number, counts);
            }
        }
    }

    fn add_shard(&self, generation: &Arc<Generation>, number: usize, counts: &mut CountsById) {
        let end = self.end_in(generation, number);
        let shard = generation.read(number);
        for (slot, trace) in shard.traces().filter(|(_, trace)| trace.is_split()) {
            let Some(known) = counts.get_mut(&trace.id()) else { continue };
            if shard.records(slot, end).next().is_some() {
                let (spans, has_error) = shard.count(slot, self.cutoff(), end);
                add_piece(known, RowNumbers { spans, has_error, begins: trace.begins() });
            }
        }
    }

    fn add_segment(&self, segment: &LiveSegment, counts: &mut CountsById) -> Result<(), Damaged> {
        let split = segment.split_rows();
        let (traces, split_count) = (segment.file().meta().traces, split.count());
        let is_whole = segment.file().meta().start_min >= self.cutoff();
        if is_whole && split_count * DENSE >= traces as usize {
            return (0..traces)
                .step_by(ROWS_TOGETHER as usize)
                .try_for_each(|first| add_rows(segment, first..traces.min(first + ROWS_TOGETHER), counts));
        }
        for row in split.ones() {
            if let Some(known) = counts.get_mut(&segment.file().trace_id(row)?) {
                let begins = segment.file().carryover(row)?.begins;
                let Counts { spans, has_error } = spans_since(segment, row, self.cutoff())?;
                add_piece(known, RowNumbers { spans, has_error, begins });
            }
        }
        Ok(())
    }
}

fn add_rows(segment: &LiveSegment, rows: Range<u32>, counts: &mut CountsById) -> Result<(), Damaged> {
    let mut ids = Vec::with_capacity(rows.len());
    segment.file().for_each_trace_id(rows.clone(), |_, id| ids.push(id))?;
    let mut ids = ids.into_iter();
    segment.file().for_each_row(rows, |row, piece| {
        let known = ids.next().filter(|_| segment.is_split(row)).and_then(|id| counts.get_mut(&id));
        if let Some(known) = known {
            add_piece(known, piece);
        }
    })
}

fn add_piece(known: &mut Counts, RowNumbers { spans, has_error, begins }: RowNumbers) {
    if begins {
        *known = Counts::default();
    }
    known.add(Counts { spans, has_error });
}
