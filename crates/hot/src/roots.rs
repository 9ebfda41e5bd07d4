//! The roots of a shard in the order of the list, with the rank of each in a few steps.
//!
//! A sorted sequence cut into blocks: roots come in nearly by time, so an insertion touches the last blocks,
//! and `total` adds up block lengths instead of visiting the traces.

use std::collections::VecDeque;
use std::mem::size_of;

use span::{Timestamp, TraceId};

use crate::slab::Slot;

/// Limit: a full block is cut in two. Large enough that a shard of a million roots has few blocks to add
/// up, small enough that an insertion moves a few kilobytes at most.
const BLOCK_ROOTS_MAX: usize = 256;

/// Orders by start, then by descending id: read backwards, it is the order of the list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct RootKey {
    start: Timestamp,
    inverted_id: [u8; 16],
}

impl RootKey {
    pub fn new(start: Timestamp, id: TraceId) -> Self {
        Self { start, inverted_id: id.to_bytes().map(|byte| !byte) }
    }

    pub fn start(&self) -> Timestamp {
        self.start
    }

    pub fn trace_id(&self) -> TraceId {
        TraceId::from_bytes(self.inverted_id.map(|byte| !byte))
    }
}

#[derive(Clone, Copy)]
struct Entry {
    key: RootKey,
    slot: Slot,
}

#[derive(Default)]
pub(crate) struct RootIndex {
    /// Invariant: no block is empty, and all entries of a block come before those of the next.
    blocks: VecDeque<Vec<Entry>>,
    bytes: usize,
}

impl RootIndex {
    pub(crate) fn bytes(&self) -> usize {
        self.bytes + self.blocks.capacity() * size_of::<Vec<Entry>>()
    }

    pub(crate) fn insert(&mut self, key: RootKey, slot: Slot) {
        let number = self.block_for(key);
        let Some(block) = self.blocks.get_mut(number) else {
            return self.push_block(Entry { key, slot });
        };
        let before = block.capacity();
        let at = block.partition_point(|entry| entry.key < key);
        block.insert(at, Entry { key, slot });
        self.bytes += (block.capacity() - before) * size_of::<Entry>();
        if block.len() >= BLOCK_ROOTS_MAX {
            self.split(number);
        }
    }

    /// The block that has or would take `key`: the first whose last entry is not before it, else the last.
    fn block_for(&self, key: RootKey) -> usize {
        // Most roots are among the latest: looked at first, the search through all blocks is seldom needed.
        if let Some(first) = self.blocks.back().and_then(|block| block.first())
            && first.key <= key
        {
            return self.blocks.len() - 1;
        }
        let fits = self.blocks.partition_point(|block| block.last().is_some_and(|last| last.key < key));
        fits.min(self.blocks.len().saturating_sub(1))
    }

    fn push_block(&mut self, first: Entry) {
        let block = vec![first];
        self.bytes += block.capacity() * size_of::<Entry>();
        self.blocks.push_back(block);
    }

    /// Cuts a full block: the last one near its end, because what comes next will mostly be later still.
    fn split(&mut self, number: usize) {
        let is_last = number + 1 == self.blocks.len();
        let block = &mut self.blocks[number];
        let kept = if is_last { block.len() * 7 / 8 } else { block.len() / 2 };
        let rest = block.split_off(kept);
        self.bytes += rest.capacity() * size_of::<Entry>();
        self.blocks.insert(number + 1, rest);
    }

    pub(crate) fn remove(&mut self, key: RootKey) {
        let number = self.block_for(key);
        let Some(block) = self.blocks.get_mut(number) else {
            return;
        };
        let Ok(at) = block.binary_search_by(|entry| entry.key.cmp(&key)) else {
            return;
        };
        block.remove(at);
        if block.is_empty() {
            self.bytes -= block.capacity() * size_of::<Entry>();
            self.blocks.remove(number);
        }
    }

    /// How many roots start before `start`.
    pub(crate) fn rank(&self, start: Timestamp) -> usize {
        let full =
            self.blocks.partition_point(|block| block.last().is_some_and(|last| last.key.start < start));
        let before: usize = self.blocks.iter().take(full).map(Vec::len).sum();
        let within = self.blocks.get(full).map_or(0, |block| block.partition_point(|e| e.key.start < start));
        before + within
    }

    /// The roots that start before `until`, in the order of the list.
    pub(crate) fn latest_before(&self, until: Timestamp) -> impl Iterator<Item = (RootKey, Slot)> {
        let touched =
            self.blocks.partition_point(|block| block.first().is_some_and(|first| first.key.start < until));
        let blocks = self.blocks.range(..touched).rev();
        blocks.flat_map(move |block| {
            let end = block.partition_point(|entry| entry.key.start < until);
            block[..end].iter().rev().map(|entry| (entry.key, entry.slot))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use span::{Timestamp, TraceId};

    use super::{RootIndex, RootKey};
    use crate::slab::Slot;

    fn key(start: i64, id: u8) -> RootKey {
        RootKey::new(Timestamp(start), TraceId::from_bytes([id; 16]))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn it_answers_as_a_sorted_map_does(
            operations in prop::collection::vec((0i64..600, 0u8..4, prop::bool::weighted(0.7)), 0..3000),
            until in 0i64..620,
        ) {
            let mut index = RootIndex::default();
            let mut model = BTreeMap::new();
            for (number, (start, id, insert)) in operations.into_iter().enumerate() {
                let slot = Slot(u32::try_from(number).unwrap());
                let is_new = !model.contains_key(&(start, !id));
                if insert && is_new {
                    model.insert((start, !id), slot);
                    index.insert(key(start, id), slot);
                } else if !insert {
                    model.remove(&(start, !id));
                    index.remove(key(start, id));
                }
            }
            let expected: Vec<u32> = model.range(..(until, 0)).rev().map(|(_, slot)| slot.0).collect();
            prop_assert_eq!(index.rank(Timestamp(until)), expected.len());
            let found: Vec<u32> = index.latest_before(Timestamp(until)).map(|(_, slot)| slot.0).collect();
            prop_assert_eq!(found, expected);
            prop_assert!(index.blocks.iter().all(|block| !block.is_empty()));
        }
    }
}
