//! Memory goes back chunk by chunk, the oldest arrivals first.

use std::hash::BuildHasher as _;

use span::Timestamp;

use crate::arena::{Chunk, Position};
use crate::hot::table_part;
use crate::record::Record;
use crate::shard::{Shard, hash_span_id, table_hash};

/// Limit: the table of traces shrinks when it is this much larger than what it holds.
const TABLE_SLACK_MAX: usize = 8;
const TABLE_KEPT_MIN: usize = 1024;

impl Shard {
    /// Drops the oldest chunk if all its spans are before `cutoff`. Returns how many spans went.
    pub(crate) fn evict_chunk(&mut self, cutoff: Timestamp) -> Option<u64> {
        if self.arena.front()?.newest_start() >= cutoff {
            return None;
        }
        let chunk = self.arena.pop_front()?;
        Some(self.release(&chunk))
    }

    /// Drops the oldest chunk although some of its spans may be no older than `floor`: those move to a younger chunk.
    pub(crate) fn shed_chunk(&mut self, floor: Timestamp, now: Timestamp) -> Option<u64> {
        let chunk = self.arena.front()?;
        let survivors: Vec<(Position, Vec<u8>)> = records(chunk)
            .filter(|(_, record)| record.start() >= floor)
            .map(|(position, record)| (position, record.bytes().to_vec()))
            .collect();
        // Order: the copies are made while the chunk is still readable, because what finds a record
        // (the chain of its trace, the set of a large one) reads the records on the way.
        self.arena.close_chunk();
        let mut moved = 0;
        for (position, bytes) in &survivors {
            moved += u64::from(self.relocate(*position, Record::at_front_of(bytes), now));
        }
        let chunk = self.arena.pop_front()?;
        Some(self.release(&chunk) - moved)
    }

    /// Takes a dropped chunk's records out of the indexes.
    fn release(&mut self, chunk: &Chunk) -> u64 {
        let mut released = 0;
        for (position, record) in records(chunk) {
            released += 1;
            // Another trace may have the slot by now; then neither the place nor the set knows this record.
            let Some(trace) = self.traces.get_mut(record.slot()) else {
                continue;
            };
            if trace.newest == position {
                let hash = table_part(self.hasher.hash_one(trace.id));
                self.remove(hash, record.slot());
            } else {
                trace.forget(position, record.span_id(), hash_span_id(&self.hasher));
            }
        }
        self.shrink_table();
        released
    }

    /// Appends a copy of the record at `old` as the newest of its trace. False where the record is nobody's.
    fn relocate(&mut self, old: Position, record: Record<'_>, now: Timestamp) -> bool {
        let hash = hash_span_id(&self.hasher);
        let Some(trace) = self.traces.get_mut(record.slot()) else {
            return false;
        };
        if !trace.owns(&self.arena, old, record.span_id(), hash) {
            return false;
        }
        let previous = trace.newest;
        let position = self.arena.append(record.bytes().len(), record.start(), now, |out| {
            record.write_behind(out, previous);
        });
        trace.newest = position;
        if let Some(root) = &mut trace.root
            && root.position == old
        {
            root.position = position;
        }
        let before = trace.set_bytes();
        trace.remember(&self.arena, position, hash);
        self.set_bytes = self.set_bytes + trace.set_bytes() - before;
        true
    }

    fn shrink_table(&mut self) {
        let kept = self.places.len().max(TABLE_KEPT_MIN);
        if self.places.capacity() > kept * TABLE_SLACK_MAX {
            self.places.shrink_to(2 * kept, |place| table_hash(place.hash));
        }
    }
}

/// The records of a chunk, first to last.
fn records(chunk: &Chunk) -> impl Iterator<Item = (Position, Record<'_>)> {
    let mut offset = 0;
    std::iter::from_fn(move || {
        let rest = chunk.bytes().get(offset..).filter(|rest| !rest.is_empty())?;
        let record = Record::at_front_of(rest);
        let position = chunk.position(offset);
        offset += record.bytes().len();
        Some((position, record))
    })
}
