//! The traces of a frozen generation in the order of a segment's rows.

use std::cmp::Reverse;

use hot::{Generation, Shard, Slot, Trace};
use span::{Timestamp, TraceId};
use sync::RwLockReadGuard;

/// How many traces are encoded together.
const GROUP_TRACES: usize = 32;

/// The position of a trace in the generation.
#[derive(Clone, Copy)]
pub(super) struct TraceRef {
    shard: u32,
    slot: Slot,
}

impl TraceRef {
    pub(super) fn shard_and_slot(self) -> (usize, Slot) {
        (self.shard as usize, self.slot)
    }
}

/// Read locks of all shards of a frozen generation. No thread writes to them any more; threads that mark traces only
/// read-lock them.
pub(super) struct FrozenShards<'a>(Vec<RwLockReadGuard<'a, Shard>>);

impl<'a> FrozenShards<'a> {
    pub(super) fn of(generation: &'a Generation) -> Self {
        Self(generation.read_all())
    }

    pub(super) fn shard(&self, place: TraceRef) -> &Shard {
        &self.0[place.shard as usize]
    }

    pub(super) fn trace(&self, place: TraceRef) -> &Trace {
        self.shard(place).trace(place.slot).expect("a frozen generation loses no trace")
    }
}

/// Traces with a root in the order of roots, then the others by id.
pub(crate) struct OrderedTraces {
    traces: Vec<TraceRef>,
    spans: u64,
}

impl OrderedTraces {
    /// Returns the traces that are wanted, by shard and slot.
    pub(crate) fn of(generation: &Generation, is_wanted: impl Fn((usize, Slot)) -> bool) -> Self {
        let shards = FrozenShards::of(generation);
        let mut rooted: Vec<(u64, TraceRef)> = Vec::new();
        let mut rootless: Vec<(TraceId, TraceRef)> = Vec::new();
        for (shard, number) in shards.0.iter().zip(0u32..) {
            for (slot, trace) in shard.traces() {
                let place = TraceRef { shard: number, slot };
                if !is_wanted(place.shard_and_slot()) {
                    continue;
                }
                match trace.root_start() {
                    Some(start) => rooted.push((unsigned(start), place)),
                    None => rootless.push((trace.id(), place)),
                }
            }
        }
        // By start alone first: reading a trace's id is a cache miss, and few traces start at the same nanosecond.
        rooted.sort_unstable_by_key(|&(start, _)| start);
        for equal in rooted.chunk_by_mut(|(one, _), (other, _)| one == other) {
            if equal.len() > 1 {
                equal.sort_unstable_by_key(|&(_, place)| Reverse(shards.trace(place).id()));
            }
        }
        rootless.sort_unstable_by_key(|&(id, _)| id);
        let rooted = rooted.into_iter().map(|(_, place)| place);
        Self {
            traces: rooted.chain(rootless.into_iter().map(|(_, place)| place)).collect(),
            spans: shards.0.iter().map(|shard| shard.spans()).sum(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.traces.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.traces.len()
    }

    pub(super) fn spans(&self) -> u64 {
        self.spans
    }

    /// Returns groups of traces, each with the row of its first trace.
    pub(super) fn groups(&self) -> impl Iterator<Item = (&[TraceRef], u32)> {
        self.traces.chunks(GROUP_TRACES).zip((0u32..).step_by(GROUP_TRACES))
    }
}

/// Converts a start to an unsigned number of the same order, which is cheaper to sort.
fn unsigned(start: Timestamp) -> u64 {
    start.0.cast_unsigned() ^ (1 << 63)
}
