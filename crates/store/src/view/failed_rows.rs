//! Which rooted rows of a segment have a span that failed, so that traces with errors are found without reading all.

use std::ops::Range;

use segment::{Damaged, Segment};

const BITS: usize = u64::BITS as usize;

/// One bit for each row with a root.
pub(crate) struct FailedRows(Box<[u64]>);

impl FailedRows {
    /// Reads all roots of a segment, column by column.
    pub(super) fn read(segment: &Segment) -> Result<Self, Damaged> {
        let rooted = segment.meta().rooted;
        let mut words = vec![0; (rooted as usize).div_ceil(BITS)];
        segment.for_each_root(0..rooted, |row, root| {
            let (word, bit) = (row as usize / BITS, row as usize % BITS);
            words[word] |= u64::from(root.has_error) << bit;
        })?;
        Ok(Self(words.into()))
    }

    /// Returns the memory that these rows take once they were read.
    pub(super) fn bytes_of(segment: &Segment) -> usize {
        (segment.meta().rooted as usize).div_ceil(8)
    }

    pub(crate) fn contains(&self, row: u32) -> bool {
        self.0[row as usize / BITS] >> (row as usize % BITS) & 1 == 1
    }

    /// Returns how many of these rows have a span that failed.
    pub(crate) fn count(&self, rows: Range<u32>) -> u32 {
        let (from, until) = (rows.start as usize, rows.end as usize);
        let words = from / BITS..until.div_ceil(BITS);
        let inside = |number: usize| {
            let first = number * BITS;
            let above = u64::MAX << from.saturating_sub(first).min(BITS - 1);
            let below = u64::MAX >> (first + BITS).saturating_sub(until).min(BITS - 1);
            self.0[number] & above & below
        };
        if from >= until { 0 } else { words.map(|number| inside(number).count_ones()).sum() }
    }
}

#[cfg(test)]
mod tests {
    use super::FailedRows;

    #[test]
    fn a_range_counts_its_rows() {
        let rows = FailedRows(Box::new([1 | 1 << 63, 0b11, 0, 1 << 7]));
        let all: Vec<u32> = (0..200).filter(|&row| rows.contains(row)).collect();
        assert_eq!(all, [0, 63, 64, 65, 199]);
        for from in 0..200 {
            for until in from..=200 {
                let expected = all.iter().filter(|&&row| (from..until).contains(&row)).count();
                assert_eq!(rows.count(from..until) as usize, expected, "{from}..{until}");
            }
        }
    }
}
