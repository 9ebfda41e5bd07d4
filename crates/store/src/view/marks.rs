//! Marks of the rows of a segment, which change although its file never does: which traces are split, and which roots
//! are superseded.
//!
//! A mark is made while the trace's shard of the open generation is held, so whoever holds all shards sees one state
//! of the marks. Marks follow from the pieces of each trace and are computed again at a start.

use std::ops::Range;
use std::sync::Arc;
use sync::atomic::{AtomicU64, Ordering};

use sync::Mutex;

const BITS: usize = u64::BITS as usize;

/// Returns the word and the bit of a row.
fn bit_of(row: u32) -> (usize, u64) {
    (row as usize / BITS, 1 << (row as usize % BITS))
}

/// One bit for each row.
pub(crate) struct Bitmap(Box<[AtomicU64]>);

impl Bitmap {
    pub(crate) fn new(rows: u32) -> Self {
        Self((0..(rows as usize).div_ceil(BITS)).map(|_| AtomicU64::new(0)).collect())
    }

    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.0)
    }

    pub(crate) fn get(&self, row: u32) -> bool {
        let (word, bit) = bit_of(row);
        self.0[word].load(Ordering::Relaxed) & bit != 0
    }

    pub(crate) fn set(&self, row: u32) {
        let (word, bit) = bit_of(row);
        // Mostly it is set already, and a read leaves the word in the caches of other cores.
        if self.0[word].load(Ordering::Relaxed) & bit == 0 {
            self.0[word].fetch_or(bit, Ordering::Relaxed);
        }
    }

    pub(crate) fn copy(&self) -> BitmapCopy {
        BitmapCopy(self.0.iter().map(|word| word.load(Ordering::Relaxed)).collect())
    }

    /// Returns the rows that were set after the copy was made.
    pub(crate) fn since(&self, before: &BitmapCopy) -> impl Iterator<Item = u32> {
        self.ones().filter(|&row| !before.get(row))
    }

    /// Returns the rows that are set.
    pub(crate) fn ones(&self) -> impl Iterator<Item = u32> {
        self.0.iter().zip(0u32..).flat_map(|(word, number)| {
            let word = word.load(Ordering::Relaxed);
            (0..u64::BITS).filter(move |bit| word >> bit & 1 == 1).map(move |bit| number * u64::BITS + bit)
        })
    }
}

/// A copy of a bitmap.
pub(crate) struct BitmapCopy(Box<[u64]>);

impl BitmapCopy {
    pub(crate) fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Returns the rows that are set.
    pub(crate) fn ones(&self) -> impl Iterator<Item = u32> {
        self.0.iter().zip(0u32..).flat_map(|(&word, number)| {
            (0..u64::BITS).filter(move |bit| word >> bit & 1 == 1).map(move |bit| number * u64::BITS + bit)
        })
    }

    pub(crate) fn get(&self, row: u32) -> bool {
        let (word, bit) = bit_of(row);
        self.0[word] & bit != 0
    }
}

/// The rows whose root is not listed because another piece of the trace has a smaller one. Most segments have none,
/// so memory is allocated for the first one only. A reader's copy shares the words until the next change.
#[derive(Default)]
pub(crate) struct SupersededRoots(Mutex<Option<Arc<Vec<u64>>>>);

/// A copy of the superseded rows.
#[derive(Clone, Default)]
pub(crate) struct SupersededRows(Option<Arc<Vec<u64>>>);

impl SupersededRoots {
    pub(crate) fn copy(&self) -> SupersededRows {
        SupersededRows(self.0.lock().clone())
    }

    pub(crate) fn set(&self, row: u32, rows: u32) {
        let mut words = self.0.lock();
        let words = words.get_or_insert_with(|| Arc::new(vec![0; (rows as usize).div_ceil(BITS)]));
        let (word, bit) = bit_of(row);
        Arc::make_mut(words)[word] |= bit;
    }

    pub(crate) fn clear(&self, row: u32) {
        if let Some(words) = self.0.lock().as_mut() {
            let (word, bit) = bit_of(row);
            Arc::make_mut(words)[word] &= !bit;
        }
    }
}

impl SupersededRows {
    pub(crate) fn contains(&self, row: u32) -> bool {
        let (word, bit) = bit_of(row);
        self.0.as_ref().is_some_and(|words| words[word] & bit != 0)
    }

    pub(crate) fn ones(&self) -> impl Iterator<Item = u32> {
        let rows = self.0.as_ref().map_or(0, |words| words.len() * BITS);
        (0..u32::try_from(rows).expect("rows are u32")).filter(|&row| self.contains(row))
    }

    /// Returns how many of these rows are superseded.
    pub(crate) fn count(&self, rows: Range<u32>) -> u32 {
        let Some(words) = &self.0 else { return 0 };
        let (first, last) = (rows.start as usize / BITS, (rows.end as usize).div_ceil(BITS));
        let whole: u32 = words[first..last].iter().map(|word| word.count_ones()).sum();
        let edges = (first * BITS..rows.start as usize).chain(rows.end as usize..last * BITS);
        let outside = edges.filter(|row| words[row / BITS] >> (row % BITS) & 1 == 1).count();
        whole - u32::try_from(outside).expect("less than 128")
    }
}

#[cfg(test)]
mod tests {
    use super::{Bitmap, SupersededRoots};

    #[test]
    fn a_range_counts_its_superseded_rows() {
        let rows = SupersededRoots::default();
        assert_eq!(rows.copy().count(0..200), 0);
        for row in [0, 63, 64, 65, 199] {
            rows.set(row, 200);
        }
        let copy = rows.copy();
        rows.set(66, 200);
        assert_eq!(copy.ones().collect::<Vec<_>>(), [0, 63, 64, 65, 199], "a copy does not change");
        for from in 0..200 {
            for until in from..=200 {
                let expected = copy.ones().filter(|row| (from..until).contains(row)).count();
                assert_eq!(copy.count(from..until) as usize, expected, "{from}..{until}");
            }
        }
    }

    #[test]
    fn a_bitmap_returns_the_rows_that_were_set() {
        let bitmap = Bitmap::new(130);
        for row in [129, 0, 64] {
            bitmap.set(row);
        }
        assert_eq!(bitmap.ones().collect::<Vec<_>>(), [0, 64, 129]);
        assert!(bitmap.get(64) && !bitmap.get(65));
    }
}
