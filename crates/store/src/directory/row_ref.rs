//! The value of a directory entry: segment and row.

/// Limit: segments at one time.
pub(crate) const SEGMENTS_MAX: u16 = (1 << SEGMENT_BITS) - 1;
/// Limit: traces in a segment.
pub(crate) const ROWS_MAX: u32 = (1 << ROW_BITS) - 1;
const SEGMENT_BITS: u32 = 11;
const ROW_BITS: u32 = 21;
const _: () = assert!(SEGMENT_BITS + ROW_BITS == u32::BITS, "a row is half of an entry");

/// A row of a segment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct RowRef {
    /// The number of the segment, counted from 1.
    pub(crate) segment: u16,
    pub(crate) row: u32,
}

impl RowRef {
    pub(super) fn to_raw(self) -> u32 {
        debug_assert!(self.segment != 0 && self.segment <= SEGMENTS_MAX && self.row <= ROWS_MAX, "{self:?}");
        (u32::from(self.segment) << ROW_BITS) | self.row
    }

    pub(super) fn from_raw(raw: u32) -> Self {
        let segment = u16::try_from(raw >> ROW_BITS).expect("11 bits fit");
        Self { segment, row: raw & ROWS_MAX }
    }
}
