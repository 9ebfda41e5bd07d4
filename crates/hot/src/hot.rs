//! The shards, and what goes over all of them.

use std::hash::BuildHasher as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use foldhash::quality::RandomState;
use parking_lot::{Mutex, MutexGuard};
use span::{Span, TimeRange, Timestamp, TraceId};

use crate::collect::{TraceSpans, Walk};
use crate::list::Listing;
use crate::shard::{Insertion, Shard};
use crate::slab::Slot;

/// Limit: shards for each processor. Enough that two writers seldom meet, few enough that a list, which
/// holds them all for a moment, stays short.
const SHARDS_A_CORE: usize = 4;
const SHARDS_MAX: usize = 64;

/// The in-memory part of the store.
pub struct Hot {
    shards: Box<[Mutex<Shard>]>,
    /// Ids come from strangers: keyed by a random number of this process.
    hasher: RandomState,
    bytes: AtomicUsize,
}

/// What became of the spans of a batch.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Inserted {
    pub stored: u64,
    pub repeated: u64,
}

/// The half of a hash that the table of a shard uses; the other half chooses the shard.
#[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
pub(crate) fn table_part(hash: u64) -> u32 {
    hash as u32
}

/// The lock of a shard, which accounts for the memory that changed under it.
struct Changing<'a> {
    shard: MutexGuard<'a, Shard>,
    bytes_before: usize,
    bytes: &'a AtomicUsize,
}

impl Drop for Changing<'_> {
    fn drop(&mut self) {
        // Wrapping: a shrinking shard adds a negative number.
        self.bytes.fetch_add(self.shard.bytes().wrapping_sub(self.bytes_before), Ordering::Relaxed);
    }
}

impl Hot {
    /// `chunk_nanos_max` is how long one chunk of memory takes spans before the next is begun.
    pub fn new(cores: usize, chunk_nanos_max: i64) -> Self {
        let count = (cores * SHARDS_A_CORE).next_power_of_two().min(SHARDS_MAX);
        let hasher = RandomState::default();
        let shards: Box<[_]> =
            (0..count).map(|_| Mutex::new(Shard::new(hasher.clone(), chunk_nanos_max))).collect();
        let bytes = shards.iter().map(|shard| shard.lock().bytes()).sum();
        Self { shards, hasher, bytes: AtomicUsize::new(bytes) }
    }

    /// Memory held, the empty room of tables and chunks included.
    pub fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    fn change(&self, number: usize) -> Changing<'_> {
        let shard = self.shards[number].lock();
        let bytes_before = shard.bytes();
        Changing { shard, bytes_before, bytes: &self.bytes }
    }

    fn shard_number(&self, hash: u64) -> usize {
        usize::try_from(hash >> 32).expect("32 bits fit") & (self.shards.len() - 1)
    }

    /// Stores spans that are inside the window. Each shard that the batch touches is locked once.
    pub fn insert<'a>(
        &self,
        spans: impl Iterator<Item = &'a Span<'a>>,
        cutoff: Timestamp,
        now: Timestamp,
    ) -> Inserted {
        let mut routed: Vec<(usize, u32, &Span<'_>)> = spans
            .map(|span| {
                let hash = self.hasher.hash_one(span.trace_id);
                (self.shard_number(hash), table_part(hash), span)
            })
            .collect();
        // Stable: the spans of a trace stay in their order, so that of two equal ids the first one stays.
        routed.sort_by_key(|&(shard, _, _)| shard);
        let mut inserted = Inserted::default();
        for group in routed.chunk_by(|left, right| left.0 == right.0) {
            let mut changing = self.change(group[0].0);
            insert_group(&mut changing.shard, group, (cutoff, now), &mut inserted);
        }
        inserted
    }

    /// Lists the traces whose root starts in `range`, as of one moment: every shard is held at once.
    /// `cutoff` is asked for when they are.
    pub fn list(&self, range: TimeRange, limit: usize, cutoff: impl FnOnce() -> Timestamp) -> Listing {
        let shards: Vec<_> = self.shards.iter().map(Mutex::lock).collect();
        Listing::collect(&shards, range, cutoff(), limit)
    }

    /// The spans of a trace that are inside the window, or nothing where the trace is not.
    pub fn trace(&self, id: TraceId, cutoff: impl Fn() -> Timestamp) -> Option<TraceSpans> {
        let hash = self.hasher.hash_one(id);
        let shard = &self.shards[self.shard_number(hash)];
        let mut guard = shard.lock();
        let mut walk = Walk::begin(&guard, guard.find(table_part(hash), id)?, cutoff())?;
        while walk.step(&guard, cutoff()) {
            MutexGuard::unlock_fair(guard);
            guard = shard.lock();
        }
        drop(guard);
        walk.finish(cutoff())
    }

    /// Gives back the memory of spans before `cutoff`, a chunk at a time. Returns how many spans went.
    pub fn evict(&self, cutoff: Timestamp) -> u64 {
        (0..self.shards.len())
            .flat_map(|number| std::iter::from_fn(move || self.change(number).shard.evict_chunk(cutoff)))
            .sum()
    }

    /// The start time before which everything may go to make room: that of the oldest chunk of all.
    pub fn oldest(&self) -> Option<Timestamp> {
        self.shards
            .iter()
            .filter_map(|shard| {
                shard.lock().arena.front().map(|chunk| chunk.newest_start().min(chunk.written_at()))
            })
            .min()
    }

    /// Gives back the chunks that were written up to `floor`. What starts at or after it stays.
    pub fn shed(&self, floor: Timestamp, now: Timestamp) -> u64 {
        let mut spans = 0;
        for number in 0..self.shards.len() {
            // Bounded by what is there now: a chunk of survivors is not visited again.
            let chunks = self.shards[number].lock().arena.chunk_count();
            for _ in 0..chunks {
                let mut changing = self.change(number);
                let is_old = changing.shard.arena.front().is_some_and(|chunk| chunk.written_at() < floor);
                if !is_old {
                    break;
                }
                spans += changing.shard.shed_chunk(floor, now).unwrap_or(0);
            }
        }
        spans
    }
}

fn insert_group(
    shard: &mut Shard,
    group: &[(usize, u32, &Span<'_>)],
    (cutoff, now): (Timestamp, Timestamp),
    inserted: &mut Inserted,
) {
    let mut last: Option<(TraceId, Slot)> = None;
    for &(_, hash, span) in group {
        let slot = match last {
            Some((id, slot)) if id == span.trace_id => slot,
            _ => shard.find_or_begin(hash, span.trace_id, cutoff),
        };
        last = Some((span.trace_id, slot));
        match shard.insert(slot, span, cutoff, now) {
            Insertion::Stored => inserted.stored += 1,
            Insertion::Repeated => inserted.repeated += 1,
        }
    }
}
