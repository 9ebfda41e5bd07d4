//! The traces of a frozen generation in the order of a segment's rows.

use hot::{Generation, Shard, Slot, Trace};
use parking_lot::RwLockReadGuard;
use span::{Timestamp, TraceId};

/// So many traces are gone through at once.
const GROUP_ROWS: usize = 32;

/// A trace on its way into a row.
#[derive(Clone, Copy)]
pub(super) struct Row {
    shard: u32,
    slot: Slot,
}

/// Rooted traces in the order of roots, then the others by id. Writers of marks wait while this lives, for no
/// longer than a mark takes.
pub(super) struct Rows<'a> {
    shards: Vec<RwLockReadGuard<'a, Shard>>,
    rows: Vec<Row>,
}

impl<'a> Rows<'a> {
    pub(super) fn of(generation: &'a Generation) -> Self {
        let mut rows = Self { shards: generation.read_all(), rows: Vec::new() };
        let mut rooted: Vec<(u64, Row)> = Vec::new();
        let mut others: Vec<(TraceId, Row)> = Vec::new();
        for (shard, number) in rows.shards.iter().zip(0u32..) {
            for (slot, trace) in shard.traces() {
                let row = Row { shard: number, slot };
                match trace.root_start() {
                    Some(start) => rooted.push((ordered(start), row)),
                    None => others.push((trace.id(), row)),
                }
            }
        }
        // Starts alone first: to ask a trace for its id is to wait for memory, and few starts are the same.
        rooted.sort_unstable_by_key(|&(start, _)| start);
        for same in rooted.chunk_by_mut(|(one, _), (other, _)| one == other) {
            if same.len() > 1 {
                same.sort_unstable_by_key(|&(_, row)| std::cmp::Reverse(rows.trace(row).id()));
            }
        }
        others.sort_unstable_by_key(|&(id, _)| id);
        let rooted = rooted.into_iter().map(|(_, row)| row);
        rows.rows = rooted.chain(others.into_iter().map(|(_, row)| row)).collect();
        rows
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn spans(&self) -> u64 {
        self.shards.iter().map(|shard| shard.spans()).sum()
    }

    pub(super) fn row(&self, number: u32) -> Row {
        self.rows[number as usize]
    }

    /// Some rows at once, and the number of the first of them.
    pub(super) fn groups(&self) -> impl Iterator<Item = (&[Row], u32)> {
        self.rows.chunks(GROUP_ROWS).zip((0u32..).step_by(GROUP_ROWS))
    }

    pub(super) fn shard(&self, row: Row) -> &Shard {
        &self.shards[row.shard as usize]
    }

    pub(super) fn trace(&self, row: Row) -> &Trace {
        self.shard(row).trace(row.slot).expect("a frozen generation loses no trace")
    }
}

/// The same order without a sign.
fn ordered(start: Timestamp) -> u64 {
    start.0.cast_unsigned() ^ (1 << 63)
}
