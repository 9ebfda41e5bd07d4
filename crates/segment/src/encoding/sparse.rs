//! Values that only few rows have. Format: a `monotone` column with these rows, and a `blob` with one value for each.

use bumpalo::Bump;

use crate::data::Data;
use crate::encoding::{Blob, BlobCursor, Encoded, Monotone, blob, monotone};
use crate::error::Damaged;

#[derive(Debug, Default)]
pub(crate) struct SparseWriter {
    rows: Vec<u64>,
    pub(crate) values: blob::BlobWriter,
}

impl SparseWriter {
    /// Adds the value of a row. The caller adds rows in ascending order.
    pub(crate) fn push(&mut self, row: u64, value: &[u8]) {
        self.rows.push(row);
        self.values.push(value);
    }

    /// Encodes two columns: the rows that have a value, and their values in the same order.
    pub(crate) fn finish(self) -> [Encoded; 2] {
        [monotone::encode(&self.rows), self.values.finish()]
    }
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sparse {
    pub(crate) rows: Monotone,
    pub(crate) values: Blob,
}

/// Reads the values of rows in ascending order.
#[derive(Debug)]
pub(crate) struct SparseCursor {
    sparse: Sparse,
    /// The index, among the rows with a value, of the next one. `next` is that row, or `None` after the last.
    rank: usize,
    next: Option<u64>,
}

impl SparseCursor {
    /// Makes a cursor whose first row is `row`.
    pub(crate) fn new(sparse: Sparse, data: &Data, row: u64) -> Result<Self, Damaged> {
        let rank = if sparse.rows.len() == 0 { 0 } else { sparse.rows.rank(data, row)? };
        let mut cursor = Self { sparse, rank, next: None };
        cursor.look(data)?;
        Ok(cursor)
    }

    fn look(&mut self, data: &Data) -> Result<(), Damaged> {
        let is_there = self.rank < self.sparse.rows.len();
        self.next = if is_there { Some(self.sparse.rows.get(data, self.rank)?) } else { None };
        Ok(())
    }

    /// Returns the value of `row`, if it has one. The caller passes every row from the first one on, one by one: a
    /// skipped row that has a value would hide all later values. `values` must belong to this column.
    #[inline]
    pub(crate) fn take<'a>(
        &mut self,
        data: &'a Data,
        arena: &'a Bump,
        row: u64,
        values: &mut BlobCursor<'a>,
    ) -> Result<Option<&'a [u8]>, Damaged> {
        if self.next != Some(row) {
            return Ok(None);
        }
        let value = values.get(self.sparse.values, data, self.rank, arena)?;
        self.rank += 1;
        self.look(data)?;
        Ok(Some(value))
    }
}
