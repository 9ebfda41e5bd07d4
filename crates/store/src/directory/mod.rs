//! Where the pieces of a trace are: one probe in memory for each id, over all segments.
//!
//! About ten bytes for each trace of a segment: 32 bits of its hash, the slot of the segment and the row in it.
//! A match may be false; whoever follows it compares the id. Entries come before the segment is in the
//! view and go after the last reader has left it, so that a reader finds all that its view has. They go some time
//! after: those of many segments are swept out in one pass, because each by itself would wait for memory.

mod forgotten;
mod load;
mod partition;

use std::sync::atomic::{AtomicUsize, Ordering};

use hot::Hash;
use parking_lot::{Mutex, RwLock};

use forgotten::Forgotten;
pub(crate) use load::Load;
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

/// Limit: of all rows, one in so many is a forgotten segment's before all of those are swept out.
const FORGOTTEN_PARTS: usize = 8;

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
    rows: AtomicUsize,
    forgotten: Mutex<Forgotten>,
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
        Self {
            partitions: RwLock::new(partitions),
            bytes: AtomicUsize::new(0),
            rows: AtomicUsize::new(0),
            forgotten: Mutex::default(),
        }
    }

    /// Memory held.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
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
        self.sweep();
        for number in 0..PARTITIONS {
            self.change(number, Partition::shrink);
        }
    }

    /// Adds the rows of a segment, by number: the hash of each trace id. One partition after the other, so that each
    /// is changed once.
    pub(crate) fn insert(&self, slot: u16, hashes: &[Hash]) {
        for (number, rows) in rows_by_partition(hashes).iter().enumerate() {
            self.change(number, |partition| partition.insert_all(rows, |row| Place { slot, row }.to_raw()));
        }
    }

    /// Nobody looks for the rows of these segments any more: slot, and number of rows.
    pub(crate) fn forget(&self, segments: impl Iterator<Item = (u16, u32)>) {
        let mut forgotten = self.forgotten.lock();
        segments.for_each(|(slot, rows)| forgotten.add(slot, rows));
        let is_worth_it = forgotten.rows() > self.rows.load(Ordering::Relaxed) / FORGOTTEN_PARTS;
        drop(forgotten);
        if is_worth_it {
            self.sweep();
        }
    }

    /// Whether there may be rows of a segment that was forgotten: then no other can have its slot.
    pub(crate) fn is_forgotten(&self, slot: u16) -> bool {
        self.forgotten.lock().has(slot)
    }

    /// Takes the rows of all forgotten segments out.
    pub(crate) fn sweep(&self) {
        let mut forgotten = self.forgotten.lock();
        if forgotten.is_empty() {
            return;
        }
        for number in 0..PARTITIONS {
            self.change(number, |partition| {
                partition.retain(|raw| !forgotten.has(Place::from_raw(raw).slot));
            });
        }
        *forgotten = Forgotten::default();
    }

    fn change(&self, number: usize, change: impl FnOnce(&mut Partition)) {
        let mut partitions = self.partitions.write();
        let partition = &mut partitions[number];
        let (bytes, rows) = (partition.bytes(), partition.len());
        change(partition);
        // Wrapping: a table that shrinks adds a negative number.
        self.bytes.fetch_add(partition.bytes().wrapping_sub(bytes), Ordering::Relaxed);
        self.rows.fetch_add(partition.len().wrapping_sub(rows), Ordering::Relaxed);
    }
}

/// Keys, and the number of a row beside each.
type PartitionRows = Vec<(u32, u32)>;

/// The rows of each partition.
fn rows_by_partition(hashes: &[Hash]) -> Vec<PartitionRows> {
    let usual = hashes.len() / PARTITIONS;
    let mut rows: Vec<PartitionRows> =
        (0..PARTITIONS).map(|_| Vec::with_capacity(usual + usual / 4)).collect();
    for (row, &hash) in (0..).zip(hashes) {
        rows[partition_of(hash)].push((key_of(hash), row));
    }
    rows
}

#[cfg(test)]
mod tests {
    use hot::Hash;

    use super::{Directory, Load, Place};

    fn hashes(count: u64, seed: u64) -> Vec<Hash> {
        (0..count).map(|n| Hash((n + seed).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31))).collect()
    }

    #[test]
    fn a_row_is_found_from_its_insertion_to_its_removal() {
        let directory = Directory::new();
        let (first, second, third) = (hashes(50_000, 1), hashes(50_000, 25_001), hashes(10, 1_000_000));
        let load = Load::for_rows(100_000);
        load.gather(2, &second);
        load.gather(1, &first);
        let mut met = Vec::new();
        while directory.fill_next(&load, |new, known| met.push((new, known))) {}
        let place = |slot, row| Place { slot, row };
        directory.insert(3, &third);
        assert!(third.iter().zip(0..).all(|(&hash, row)| directory.find(hash).contains(&place(3, row))));
        assert!(directory.find(first[7]).contains(&place(1, 7)));
        let both = directory.find(first[25_000]);
        assert!(both.contains(&place(1, 25_000)) && both.contains(&place(2, 0)), "{both:?}");
        assert!(met.contains(&(place(1, 25_000), place(2, 0))) && met.len() >= 25_000);
        assert!(directory.bytes() < 100_000 * 14, "{} bytes", directory.bytes());
        directory.forget([(3, 10)].into_iter());
        assert!(directory.is_forgotten(3) && !directory.is_forgotten(1), "so few are not worth a sweep");
        directory.forget([(1, 50_000)].into_iter());
        assert!(!directory.is_forgotten(3) && !directory.is_forgotten(1));
        assert!(first.iter().all(|&hash| directory.find(hash).iter().all(|place| place.slot != 1)));
        assert!(third.iter().all(|&hash| directory.find(hash).iter().all(|place| place.slot != 3)));
        assert!(second.iter().zip(0..).all(|(&hash, row)| directory.find(hash).contains(&place(2, row))));
        directory.forget([(2, 50_000)].into_iter());
        assert!(second.iter().all(|&hash| directory.find(hash).is_empty()));
        assert!(directory.bytes() < 64 * 1024, "memory goes back: {}", directory.bytes());
    }
}
