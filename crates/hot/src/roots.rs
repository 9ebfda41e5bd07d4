//! The roots of a shard by time.
//!
//! Roots come nearly in the order of time, and many; lists are asked for seldom. So an insertion only puts the root into
//! the bucket of its start, and a list sorts the few buckets that it shows. A count adds up whole buckets.

use std::collections::BTreeMap;
use std::mem::size_of;

use span::{Timestamp, TraceId};

use crate::slab::Slot;

/// A bucket takes the roots of 2^26 nanoseconds, 67 milliseconds: some hundred at a high rate.
const BUCKET_NANOS_BITS: u32 = 26;
/// About what a bucket costs beside its entries.
const BUCKET_BYTES: usize = 64;

/// A root by start, then by descending trace id: the order of the list, read backwards.
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

/// The root of a trace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Entry {
    start: Timestamp,
    slot: Slot,
}

#[derive(Default)]
pub(crate) struct RootIndex {
    /// Invariant: none is empty.
    buckets: BTreeMap<i64, Vec<Entry>>,
    entry_bytes: usize,
}

const fn bucket_of(start: Timestamp) -> i64 {
    start.0 >> BUCKET_NANOS_BITS
}

impl RootIndex {
    pub(crate) fn bytes(&self) -> usize {
        self.entry_bytes + self.buckets.len() * BUCKET_BYTES
    }

    pub(crate) fn insert(&mut self, start: Timestamp, slot: Slot) {
        let bucket = self.buckets.entry(bucket_of(start)).or_default();
        let before = bucket.capacity();
        bucket.push(Entry { start, slot });
        self.entry_bytes += (bucket.capacity() - before) * size_of::<Entry>();
    }

    pub(crate) fn remove(&mut self, start: Timestamp, slot: Slot) {
        let Some(bucket) = self.buckets.get_mut(&bucket_of(start)) else { return };
        if let Some(at) = bucket.iter().position(|&entry| entry == Entry { start, slot }) {
            bucket.swap_remove(at);
        }
        if bucket.is_empty() {
            self.entry_bytes -= bucket.capacity() * size_of::<Entry>();
            self.buckets.remove(&bucket_of(start));
        }
    }

    /// How many roots start in `from..until`.
    pub(crate) fn count(&self, from: Timestamp, until: Timestamp) -> usize {
        if from >= until {
            return 0;
        }
        let (first, last) = (bucket_of(from), bucket_of(until));
        let in_bucket = |(&number, bucket): (&i64, &Vec<Entry>)| {
            if first < number && number < last {
                return bucket.len();
            }
            bucket.iter().filter(|entry| from <= entry.start && entry.start < until).count()
        };
        self.buckets.range(first..=last).map(in_bucket).sum()
    }

    /// The latest `limit` roots that start in `from..until`, the last first. `id_of` decides between equal starts.
    pub(crate) fn latest(
        &self,
        from: Timestamp,
        until: Timestamp,
        limit: usize,
        id_of: impl Fn(Slot) -> TraceId,
    ) -> Vec<(RootKey, Slot)> {
        let mut latest: Vec<(RootKey, Slot)> = Vec::new();
        if from >= until {
            return latest;
        }
        for bucket in self.buckets.range(bucket_of(from)..=bucket_of(until)).rev().map(|(_, bucket)| bucket) {
            if latest.len() >= limit {
                break;
            }
            let sorted = latest.len();
            let inside = bucket.iter().filter(|entry| from <= entry.start && entry.start < until);
            latest.extend(inside.map(|&Entry { start, slot }| (RootKey::new(start, id_of(slot)), slot)));
            latest[sorted..].sort_unstable_by(|one, other| other.cmp(one));
        }
        latest.truncate(limit);
        latest
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use span::{Timestamp, TraceId};

    use super::{BUCKET_NANOS_BITS, RootIndex, RootKey};
    use crate::slab::Slot;

    fn id(slot: Slot) -> TraceId {
        TraceId::from_bytes([slot.0.to_le_bytes()[0]; 16])
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn it_answers_as_a_sorted_set_does(
            operations in prop::collection::vec((-40i64..600, 0u32..4, prop::bool::weighted(0.7)), 0..1000),
            edges in (-50i64..620, -50i64..620),
            limit in 0usize..50,
        ) {
            // Some ten in a bucket.
            let start = |at: i64| Timestamp(at << (BUCKET_NANOS_BITS - 3));
            let mut index = RootIndex::default();
            let mut model = BTreeSet::new();
            for (at, slot, is_insertion) in operations {
                let (start, slot) = (start(at), Slot(slot));
                let key = (RootKey::new(start, id(slot)), slot);
                if is_insertion && model.insert(key) {
                    index.insert(start, slot);
                } else if !is_insertion && model.remove(&key) {
                    index.remove(start, slot);
                }
            }
            let (from, until) = (start(edges.0), start(edges.1));
            let expected: Vec<_> = model
                .iter()
                .rev()
                .filter(|(key, _)| from <= key.start() && key.start() < until)
                .copied()
                .collect();
            prop_assert_eq!(index.count(from, until), expected.len());
            let found = index.latest(from, until, limit, id);
            prop_assert_eq!(&found[..], &expected[..limit.min(expected.len())]);
            prop_assert!(index.buckets.values().all(|bucket| !bucket.is_empty()));
        }
    }
}
