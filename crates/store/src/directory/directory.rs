//! The table of all rows, by trace id.

use sync::atomic::{AtomicUsize, Ordering};

use hot::Hash;
use platform::prefetch;
use sync::{Mutex, RwLock};

use super::keys::{PARTITIONS, key_of, partition_of, rows_by_partition};
use super::partition::Partition;
use super::removed_segments::RemovedSegments;
use super::row_ref::RowRef;

/// Limit: rows of removed segments are swept out when they are more than this part of all rows.
const REMOVED_PARTS: usize = 8;

pub(crate) struct Directory {
    /// Under one lock, so that a batch takes it once for all its ids.
    partitions: RwLock<Box<[Partition]>>,
    bytes: AtomicUsize,
    rows: AtomicUsize,
    removed: Mutex<RemovedSegments>,
}

impl Directory {
    pub(crate) fn new() -> Self {
        let partitions = (0..PARTITIONS).map(|_| Partition::default()).collect();
        Self {
            partitions: RwLock::new(partitions),
            bytes: AtomicUsize::new(0),
            rows: AtomicUsize::new(0),
            removed: Mutex::default(),
        }
    }

    /// Returns the memory of the directory.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Returns the rows that may belong to the trace, in any order.
    pub(crate) fn find(&self, hash: Hash) -> Vec<RowRef> {
        let partitions = self.partitions.read();
        partitions[partition_of(hash)].find(key_of(hash)).map(RowRef::from_raw).collect()
    }

    /// Calls `each` with the index of a hash and a row that may belong to its trace, for all such rows.
    pub(crate) fn find_all(
        &self,
        hashes: impl Iterator<Item = Hash> + Clone,
        mut each: impl FnMut(usize, RowRef),
    ) {
        let partitions = self.partitions.read();
        prefetch(hashes.clone(), |hash| partitions[partition_of(hash)].at_home(key_of(hash)));
        for (number, hash) in hashes.enumerate() {
            for raw in partitions[partition_of(hash)].find(key_of(hash)) {
                each(number, RowRef::from_raw(raw));
            }
        }
    }

    /// Frees unused memory of the tables, if it is worth moving their entries. Without this they shrink only when
    /// they are half empty.
    pub(crate) fn shrink(&self) {
        self.sweep();
        for number in 0..PARTITIONS {
            self.change(number, Partition::shrink);
        }
    }

    /// Adds the rows of a segment; `hashes` are those of their trace ids, in the order of the rows. The rows are
    /// added partition by partition, so that each partition is changed once.
    pub(crate) fn insert(&self, segment: u16, hashes: &[Hash]) {
        for (number, rows) in rows_by_partition(hashes).iter().enumerate() {
            self.change(number, |partition| {
                partition.insert_all(rows, |row| RowRef { segment, row }.to_raw());
            });
        }
    }

    /// Notes that segments were removed, each with the number of its rows. Their rows are not looked up any more.
    pub(crate) fn remove(&self, segments: impl Iterator<Item = (u16, u32)>) {
        let mut removed = self.removed.lock();
        segments.for_each(|(segment, rows)| removed.add(segment, rows));
        let is_worth_it = removed.rows() > self.rows.load(Ordering::Relaxed) / REMOVED_PARTS;
        drop(removed);
        if is_worth_it {
            self.sweep();
        }
    }

    /// Whether rows of a removed segment with this number may be left. No other segment can get the number then.
    pub(crate) fn has_removed(&self, segment: u16) -> bool {
        self.removed.lock().contains(segment)
    }

    /// Removes the rows of all removed segments.
    pub(crate) fn sweep(&self) {
        let mut removed = self.removed.lock();
        if removed.is_empty() {
            return;
        }
        for number in 0..PARTITIONS {
            self.change(number, |partition| {
                partition.retain(|raw| !removed.contains(RowRef::from_raw(raw).segment));
            });
        }
        *removed = RemovedSegments::default();
    }

    pub(super) fn change(&self, number: usize, change: impl FnOnce(&mut Partition)) {
        let mut partitions = self.partitions.write();
        let partition = &mut partitions[number];
        let (bytes, rows) = (partition.bytes(), partition.len());
        change(partition);
        // Wrapping: a table that shrinks adds a negative number.
        self.bytes.fetch_add(partition.bytes().wrapping_sub(bytes), Ordering::Relaxed);
        self.rows.fetch_add(partition.len().wrapping_sub(rows), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use hot::Hash;

    use super::super::builder::DirectoryBuilder;
    use super::{Directory, RowRef};

    fn hashes(count: u64, seed: u64) -> Vec<Hash> {
        (0..count).map(|n| Hash((n + seed).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31))).collect()
    }

    #[test]
    fn a_row_is_found_from_its_insertion_to_its_removal() {
        let directory = Directory::new();
        let (first, second, third) = (hashes(50_000, 1), hashes(50_000, 25_001), hashes(10, 1_000_000));
        let load = DirectoryBuilder::for_rows(100_000);
        load.gather(2, &second);
        load.gather(1, &first);
        let mut met = Vec::new();
        while load.fill_next(&directory, |group| met.push(group)) {}
        let place = |segment, row| RowRef { segment, row };
        directory.insert(3, &third);
        assert!(third.iter().zip(0..).all(|(&hash, row)| directory.find(hash).contains(&place(3, row))));
        assert!(directory.find(first[7]).contains(&place(1, 7)));
        let both = directory.find(first[25_000]);
        assert!(both.contains(&place(1, 25_000)) && both.contains(&place(2, 0)), "{both:?}");
        let is_both = |group: &[RowRef]| group.contains(&place(1, 25_000)) && group.contains(&place(2, 0));
        assert!(met.iter().any(|group| is_both(group)) && met.len() >= 25_000);
        assert!(directory.bytes() < 100_000 * 14, "{} bytes", directory.bytes());
        directory.remove([(3, 10)].into_iter());
        assert!(
            directory.has_removed(3) && !directory.has_removed(1),
            "two removed rows are not worth a sweep"
        );
        directory.remove([(1, 50_000)].into_iter());
        assert!(!directory.has_removed(3) && !directory.has_removed(1));
        assert!(first.iter().all(|&hash| directory.find(hash).iter().all(|place| place.segment != 1)));
        assert!(third.iter().all(|&hash| directory.find(hash).iter().all(|place| place.segment != 3)));
        assert!(second.iter().zip(0..).all(|(&hash, row)| directory.find(hash).contains(&place(2, row))));
        directory.remove([(2, 50_000)].into_iter());
        assert!(second.iter().all(|&hash| directory.find(hash).is_empty()));
        assert!(directory.bytes() < 64 * 1024, "memory is freed: {}", directory.bytes());
    }
}
