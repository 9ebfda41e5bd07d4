//! The listed roots of a shard, by start time.
//!
//! Roots arrive nearly in the order of their starts and at a high rate; lists are rare. An insertion therefore only
//! appends the root to the bucket of its start, and a list sorts the few buckets that it shows.
//!
//! Every change gets a version, and a root that is unlisted is kept with the versions between which it was listed. So
//! a snapshot keeps one number for each shard, and later lists exactly the roots that were listed when it was taken.

use std::collections::BTreeMap;
use std::mem::size_of;

use span::{Timestamp, TraceId};

use crate::slab::Slot;

/// A bucket has the roots of 2^26 nanoseconds (67 milliseconds): about a hundred at a high rate.
const BUCKET_NANOS_BITS: u32 = 26;
/// Approximate memory of a bucket, beside its entries.
const BUCKET_BYTES: usize = 64;

/// The key of the list: by start, then by descending id. Read backwards, it is the order of the list.
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

/// The number of changes that the roots of a shard had seen at one moment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub struct RootVersion(u32);

/// A listed root, which belongs to the trace at `slot`.
#[derive(Clone, Copy)]
struct Entry {
    start: Timestamp,
    slot: Slot,
    since: RootVersion,
}

/// A root that was listed from the version in `entry` up to `until`.
struct Unlisted {
    entry: Entry,
    until: RootVersion,
}

/// The roots that a list shows: those that start in `from..until` and were listed at a version.
#[derive(Clone, Copy, Debug)]
pub struct RootRange {
    pub from: Timestamp,
    pub until: Timestamp,
    pub version: RootVersion,
}

impl RootRange {
    fn contains(&self, entry: &Entry) -> bool {
        self.from <= entry.start && entry.start < self.until && entry.since <= self.version
    }

    fn contains_unlisted(&self, unlisted: &Unlisted) -> bool {
        self.contains(&unlisted.entry) && self.version < unlisted.until
    }
}

#[derive(Default)]
pub(crate) struct RootIndex {
    /// Invariant: no bucket is empty, and each is in the order of versions.
    buckets: BTreeMap<i64, Vec<Entry>>,
    /// Roots that an earlier snapshot may still list. There are few: a root is unlisted only when a smaller one
    /// arrives.
    unlisted: Vec<Unlisted>,
    version: RootVersion,
    entry_bytes: usize,
}

const fn bucket_of(start: Timestamp) -> i64 {
    start.0 >> BUCKET_NANOS_BITS
}

impl RootIndex {
    pub(crate) fn bytes(&self) -> usize {
        self.entry_bytes
            + self.buckets.len() * BUCKET_BYTES
            + self.unlisted.capacity() * size_of::<Unlisted>()
    }

    pub(crate) fn version(&self) -> RootVersion {
        self.version
    }

    pub(crate) fn insert(&mut self, start: Timestamp, slot: Slot) {
        self.version.0 += 1;
        let bucket = self.buckets.entry(bucket_of(start)).or_default();
        let before = bucket.capacity();
        bucket.push(Entry { start, slot, since: self.version });
        self.entry_bytes += (bucket.capacity() - before) * size_of::<Entry>();
    }

    /// Unlists a root that another one replaces. Earlier snapshots still list it.
    pub(crate) fn unlist(&mut self, start: Timestamp, slot: Slot) {
        if let Some(entry) = self.take(start, slot) {
            self.version.0 += 1;
            self.unlisted.push(Unlisted { entry, until: self.version });
        }
    }

    /// Removes the roots of a forgotten trace: no snapshot lists them from here on.
    pub(crate) fn forget(&mut self, start: Timestamp, slot: Slot) {
        self.unlisted.retain(|unlisted| unlisted.entry.slot != slot);
        self.take(start, slot);
    }

    fn take(&mut self, start: Timestamp, slot: Slot) -> Option<Entry> {
        let bucket = self.buckets.get_mut(&bucket_of(start))?;
        let at = bucket.iter().position(|entry| entry.start == start && entry.slot == slot)?;
        // Not `swap_remove`: counting whole buckets relies on the order of versions.
        let entry = bucket.remove(at);
        if bucket.is_empty() {
            self.entry_bytes -= bucket.capacity() * size_of::<Entry>();
            self.buckets.remove(&bucket_of(start));
        }
        Some(entry)
    }

    pub(crate) fn count(&self, range: RootRange) -> usize {
        let RootRange { from, until, version } = range;
        if from >= until {
            return 0;
        }
        let (first, last) = (bucket_of(from), bucket_of(until));
        let in_bucket = |(&number, bucket): (&i64, &Vec<Entry>)| {
            if first < number && number < last {
                return bucket.partition_point(|entry| entry.since <= version);
            }
            bucket.iter().filter(|entry| range.contains(entry)).count()
        };
        let listed: usize = self.buckets.range(first..=last).map(in_bucket).sum();
        listed + self.unlisted.iter().filter(|unlisted| range.contains_unlisted(unlisted)).count()
    }

    /// Returns the latest `limit` roots of the range, the last one first. `id_of` decides between equal starts.
    pub(crate) fn latest(
        &self,
        range: RootRange,
        limit: usize,
        id_of: impl Fn(Slot) -> TraceId,
    ) -> Vec<(RootKey, Slot)> {
        let mut latest: Vec<(RootKey, Slot)> = Vec::new();
        if range.from >= range.until {
            return latest;
        }
        let keyed = |entry: &Entry| (RootKey::new(entry.start, id_of(entry.slot)), entry.slot);
        let buckets = self.buckets.range(bucket_of(range.from)..=bucket_of(range.until));
        for bucket in buckets.rev().map(|(_, bucket)| bucket) {
            if latest.len() >= limit {
                break;
            }
            let sorted = latest.len();
            latest.extend(bucket.iter().filter(|entry| range.contains(entry)).map(keyed));
            latest[sorted..].sort_unstable_by(|one, other| other.cmp(one));
        }
        let listed = latest.len();
        let unlisted = self.unlisted.iter().filter(|unlisted| range.contains_unlisted(unlisted));
        latest.extend(unlisted.map(|unlisted| keyed(&unlisted.entry)));
        if latest.len() > listed {
            latest.sort_unstable_by(|one, other| other.cmp(one));
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

    use super::{BUCKET_NANOS_BITS, RootIndex, RootKey, RootRange, RootVersion};
    use crate::slab::Slot;

    fn id(slot: Slot) -> TraceId {
        TraceId::from_bytes([slot.0.to_le_bytes()[0]; 16])
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn every_version_is_listed_as_the_sorted_set_of_its_moment(
            operations in prop::collection::vec((-40i64..600, 0u32..4, 0u8..20), 0..1000),
            edges in (-50i64..620, -50i64..620),
            moments in prop::collection::vec(0usize..1000, 1..5),
            limit in 0usize..50,
        ) {
            // About ten starts in a bucket.
            let start = |at: i64| Timestamp(at << (BUCKET_NANOS_BITS - 3));
            let mut index = RootIndex::default();
            let mut model = BTreeSet::new();
            let mut snapshots: Vec<(RootVersion, BTreeSet<(RootKey, Slot)>)> = Vec::new();
            for (number, (at, slot, operation)) in operations.into_iter().enumerate() {
                let (start, slot) = (start(at), Slot(slot));
                let key = (RootKey::new(start, id(slot)), slot);
                match operation {
                    0..14 => if model.insert(key) {
                        index.insert(start, slot);
                    },
                    14..19 => if model.remove(&key) {
                        index.unlist(start, slot);
                    },
                    // A forgotten trace leaves every snapshot. In this test it has at most one root.
                    _ => if model.iter().filter(|(_, known)| *known == slot).count() == 1 && model.remove(&key) {
                        index.forget(start, slot);
                        for (_, model) in &mut snapshots {
                            model.retain(|(_, known)| *known != slot);
                        }
                    },
                }
                if moments.contains(&number) {
                    snapshots.push((index.version(), model.clone()));
                }
            }
            snapshots.push((index.version(), model));
            let (from, until) = (start(edges.0), start(edges.1));
            for (version, model) in snapshots {
                let range = RootRange { from, until, version };
                let is_inside = |(key, _): &&(RootKey, Slot)| from <= key.start() && key.start() < until;
                let expected: Vec<_> = model.iter().rev().filter(is_inside).copied().collect();
                prop_assert_eq!(index.count(range), expected.len());
                let found = index.latest(range, limit, id);
                prop_assert_eq!(&found[..], &expected[..limit.min(expected.len())]);
            }
            prop_assert!(index.buckets.values().all(|bucket| !bucket.is_empty()));
        }
    }
}
