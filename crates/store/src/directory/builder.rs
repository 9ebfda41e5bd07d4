//! Fills the directory at a start.
//!
//! Rows are gathered by partition before any table is made. Each table is then filled at once, in the processor's
//! cache, and never grows.

use sync::atomic::{AtomicUsize, Ordering};

use hot::Hash;
use sync::Mutex;

use super::directory::Directory;
use super::keys::{KeyedRows, PARTITIONS, rows_by_partition};
use super::partition::Partition;
use super::row_ref::RowRef;

/// Capacity for the rows that are added soon after a start, as a part of all rows.
const SPARE_PARTS: usize = 32;

/// The rows of segments on their way into an empty directory. Several threads gather rows, and then several fill
/// tables.
pub(crate) struct DirectoryBuilder {
    /// The keys of each partition, each with its row.
    gathered: Box<[Mutex<KeyedRows>]>,
    next: AtomicUsize,
}

impl DirectoryBuilder {
    pub(crate) fn for_rows(rows: usize) -> Self {
        // Rows are not distributed evenly.
        let usual = rows / PARTITIONS + rows / PARTITIONS / SPARE_PARTS;
        let gathered = (0..PARTITIONS).map(|_| Mutex::new(Vec::with_capacity(usual))).collect();
        Self { gathered, next: AtomicUsize::new(0) }
    }

    /// Adds the rows of a segment: the hash of each trace id, in the order of the rows.
    pub(crate) fn gather(&self, segment: u16, hashes: &[Hash]) {
        for (gathered, rows) in self.gathered.iter().zip(rows_by_partition(hashes)) {
            let entries = rows.iter().map(|&(key, row)| (key, RowRef { segment, row }.to_raw()));
            gathered.lock().extend(entries);
        }
    }

    /// Fills one partition of `directory` that no thread has begun to fill. Returns false if there is none. Calls
    /// `meet` with each group of rows that may belong to one trace.
    pub(crate) fn fill_next(&self, directory: &Directory, mut meet: impl FnMut(Box<[RowRef]>)) -> bool {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let Some(gathered) = self.gathered.get(number) else { return false };
        let gathered = std::mem::take(&mut *gathered.lock());
        let mut filled = Partition::default();
        filled.reserve(gathered.len() + gathered.len() / SPARE_PARTS);
        let mut met: KeyedRows = Vec::new();
        for (key, row) in gathered {
            // One known row is enough: the others were added when they met it.
            if let Some(known) = filled.find(key).next() {
                met.extend([(key, known), (key, row)]);
            }
            filled.insert(key, row);
        }
        met.sort_unstable();
        met.dedup();
        for group in met.chunk_by(|(one, _), (other, _)| one == other) {
            meet(group.iter().map(|&(_, row)| RowRef::from_raw(row)).collect());
        }
        directory.change(number, |partition| *partition = filled);
        true
    }
}
