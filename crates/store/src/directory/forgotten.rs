//! Segments of which rows are still in the directory, although nobody looks for them any more.

use super::SLOTS_MAX;

pub(super) struct Forgotten {
    /// By slot.
    has: Box<[bool]>,
    rows: usize,
}

impl Default for Forgotten {
    fn default() -> Self {
        Self { has: vec![false; usize::from(SLOTS_MAX) + 1].into(), rows: 0 }
    }
}

impl Forgotten {
    pub(super) fn add(&mut self, slot: u16, rows: u32) {
        self.has[usize::from(slot)] = rows > 0;
        self.rows += rows as usize;
    }

    #[inline]
    pub(super) fn has(&self, slot: u16) -> bool {
        self.has[usize::from(slot)]
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows == 0
    }
}
