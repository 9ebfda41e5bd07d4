//! Where the pieces of a trace are: one probe in memory for each id, over all segments.
//!
//! About ten bytes for each trace of a segment: 32 bits of its hash, the slot of the segment and the row in it.
//! A match may be false; whoever follows it compares the id. Entries come before the segment is in the
//! view and go after the last reader has left it, so that a reader finds all that its view has.

mod partition;

use std::sync::atomic::{AtomicUsize, Ordering};

use hot::Hash;
use parking_lot::RwLock;

use partition::Partition;

/// Limit: segments at once.
pub(crate) const SLOTS_MAX: u16 = (1 << SLOT_BITS) - 1;
/// Limit: traces in a segment.
pub(crate) const ROWS_MAX: u32 = (1 << ROW_BITS) - 1;
const SLOT_BITS: u32 = 11;
const ROW_BITS: u32 = 21;
const _: () = assert!(SLOT_BITS + ROW_BITS == u32::BITS, "a place is half of an entry");

/// Enough that one is small: it stays in the processor's cache while a segment's rows go into it, and readers
/// wait only for one of them.
const PARTITIONS: usize = 256;

/// Rows do not fall evenly: a partition that has a little more than its part finds room for it, too.
const RESERVED_SPARE_PARTS: usize = 32;

/// A row of a segment. Slots are counted from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    pub(crate) slot: u16,
    pub(crate) row: u32,
}

impl Place {
    fn to_raw(self) -> u32 {
        debug_assert!(self.slot != 0 && self.slot <= SLOTS_MAX && self.row <= ROWS_MAX, "{self:?}");
        (u32::from(self.slot) << ROW_BITS) | self.row
    }

    fn from_raw(raw: u32) -> Self {
        let slot = u16::try_from(raw >> ROW_BITS).expect("11 bits fit");
        Self { slot, row: raw & ROWS_MAX }
    }
}

pub(crate) struct Directory {
    /// One lock for all: a batch asks for many ids, and takes it once.
    partitions: RwLock<Box<[Partition]>>,
    bytes: AtomicUsize,
}

fn partition_of(hash: Hash) -> usize {
    usize::try_from(hash.0 >> 56).expect("8 bits fit")
}

/// The bits that an entry keeps. They are not those that chose the partition.
#[expect(clippy::cast_possible_truncation, reason = "32 bits are what is wanted")]
fn key_of(hash: Hash) -> u32 {
    (hash.0 >> 24) as u32
}

impl Directory {
    pub(crate) fn new() -> Self {
        let partitions = (0..PARTITIONS).map(|_| Partition::default()).collect();
        Self { partitions: RwLock::new(partitions), bytes: AtomicUsize::new(0) }
    }

    /// Memory held.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Makes room for so many rows at once: a table that grows step by step moves every row several times.
    pub(crate) fn reserve(&self, rows: usize) {
        let of_partition = rows / PARTITIONS + rows / PARTITIONS / RESERVED_SPARE_PARTS;
        for number in 0..PARTITIONS {
            self.change(number, |partition| partition.reserve(of_partition));
        }
    }

    /// Rows that may be the trace's, in no order.
    pub(crate) fn find(&self, hash: Hash) -> Vec<Place> {
        let partitions = self.partitions.read();
        partitions[partition_of(hash)].find(key_of(hash)).map(Place::from_raw).collect()
    }

    /// Calls `each` with the places in the row of hashes, and rows that may be the trace's of each.
    pub(crate) fn find_all(
        &self,
        hashes: impl Iterator<Item = Hash> + Clone,
        mut each: impl FnMut(usize, Place),
    ) {
        let partitions = self.partitions.read();
        // Every entry is far away in memory. Looked at in a row without waiting, they come together.
        let touched =
            hashes.clone().fold(0, |sum, hash| partitions[partition_of(hash)].at_home(key_of(hash)) ^ sum);
        std::hint::black_box(touched);
        for (number, hash) in hashes.enumerate() {
            for raw in partitions[partition_of(hash)].find(key_of(hash)) {
                each(number, Place::from_raw(raw));
            }
        }
    }

    /// Gives back what the tables have too much, as far as that is worth moving their entries. They do not by
    /// themselves, before they are half empty.
    pub(crate) fn shrink(&self) {
        for number in 0..PARTITIONS {
            self.change(number, Partition::shrink);
        }
    }

    /// Adds the rows of a segment, by number: the hash of each trace id.
    pub(crate) fn insert(&self, slot: u16, hashes: &[Hash]) {
        self.each_partition(slot, hashes, Partition::insert);
    }

    /// The same; calls `meet` with a new row and one that is there already and may be the same trace's.
    pub(crate) fn insert_meeting(&self, slot: u16, hashes: &[Hash], mut meet: impl FnMut(Place, Place)) {
        self.each_partition(slot, hashes, |partition, key, place| {
            partition.find(key).for_each(|known| meet(Place::from_raw(place), Place::from_raw(known)));
            partition.insert(key, place);
        });
    }

    /// Takes the same rows out again.
    pub(crate) fn remove(&self, slot: u16, hashes: &[Hash]) {
        self.each_partition(slot, hashes, |partition, key, place| {
            partition.remove(key, place);
        });
    }

    /// Takes out all rows of a segment of which the ids cannot be read any more.
    pub(crate) fn remove_slot(&self, slot: u16) {
        for number in 0..PARTITIONS {
            self.change(number, |partition| partition.retain(|raw| Place::from_raw(raw).slot != slot));
        }
    }

    /// One partition after the other, so that each is changed once and stays in the processor's cache.
    fn each_partition(&self, slot: u16, hashes: &[Hash], mut change: impl FnMut(&mut Partition, u32, u32)) {
        let rows = rows_by_partition(hashes);
        for (number, rows) in rows.iter().enumerate().filter(|(_, rows)| !rows.is_empty()) {
            self.change(number, |partition| {
                for &(key, row) in rows {
                    change(partition, key, Place { slot, row }.to_raw());
                }
            });
        }
    }

    fn change(&self, number: usize, change: impl FnOnce(&mut Partition)) {
        let mut partitions = self.partitions.write();
        let partition = &mut partitions[number];
        let before = partition.bytes();
        change(partition);
        // Wrapping: a table that shrinks adds a negative number.
        self.bytes.fetch_add(partition.bytes().wrapping_sub(before), Ordering::Relaxed);
    }
}

/// The key and the number of each row, by partition.
fn rows_by_partition(hashes: &[Hash]) -> Vec<Vec<(u32, u32)>> {
    let usual = hashes.len() / PARTITIONS;
    let mut rows: Vec<Vec<(u32, u32)>> =
        (0..PARTITIONS).map(|_| Vec::with_capacity(usual + usual / 4)).collect();
    for (row, &hash) in (0..).zip(hashes) {
        rows[partition_of(hash)].push((key_of(hash), row));
    }
    rows
}

#[cfg(test)]
mod tests {
    use hot::Hash;

    use super::{Directory, Place};

    fn hashes(count: u64, seed: u64) -> Vec<Hash> {
        (0..count).map(|n| Hash((n + seed).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31))).collect()
    }

    #[test]
    fn a_row_is_found_from_its_insertion_to_its_removal() {
        let directory = Directory::new();
        let (first, second) = (hashes(50_000, 1), hashes(50_000, 25_001));
        directory.insert(1, &first);
        let mut met = Vec::new();
        directory.insert_meeting(2, &second, |new, known| met.push((new, known)));
        let place = |slot, row| Place { slot, row };
        assert!(directory.find(first[7]).contains(&place(1, 7)));
        let both = directory.find(first[25_000]);
        assert!(both.contains(&place(1, 25_000)) && both.contains(&place(2, 0)), "{both:?}");
        assert!(met.contains(&(place(2, 0), place(1, 25_000))) && met.len() >= 25_000);
        assert!(directory.bytes() < 100_000 * 14, "{} bytes", directory.bytes());
        directory.remove(1, &first);
        assert!(first.iter().all(|&hash| directory.find(hash).iter().all(|place| place.slot == 2)));
        directory.remove_slot(2);
        assert!(second.iter().all(|&hash| directory.find(hash).is_empty()));
        assert!(directory.bytes() < 64 * 1024, "memory goes back: {}", directory.bytes());
    }
}
