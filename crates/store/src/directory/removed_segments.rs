//! Removed segments that still have rows in the directory.

use super::row_ref::SEGMENTS_MAX;

pub(super) struct RemovedSegments {
    /// By the number of the segment.
    has_rows: Box<[bool]>,
    rows: usize,
}

impl Default for RemovedSegments {
    fn default() -> Self {
        Self { has_rows: vec![false; usize::from(SEGMENTS_MAX) + 1].into(), rows: 0 }
    }
}

impl RemovedSegments {
    pub(super) fn add(&mut self, segment: u16, rows: u32) {
        self.has_rows[usize::from(segment)] = rows > 0;
        self.rows += rows as usize;
    }

    #[inline]
    pub(super) fn contains(&self, segment: u16) -> bool {
        self.has_rows[usize::from(segment)]
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows == 0
    }
}
