//! Reads the numbers of many traces at once, column by column.

use std::ops::Range;

use span::Timestamp;

use super::segment::Segment;
use crate::encoding::BLOCK_VALUES;
use crate::encoding::signed;
use crate::error::Damaged;
use crate::meta::RootNumbers;

impl Segment {
    /// Calls `each` with every row of `rows` and the numbers of its trace, in ascending order. The range must end at
    /// [`SegmentMeta::rooted`](crate::SegmentMeta::rooted) or before, because later rows have no root.
    pub fn for_each_root(
        &self,
        rows: Range<u32>,
        mut each: impl FnMut(u32, RootNumbers),
    ) -> Result<(), Damaged> {
        if rows.is_empty() {
            return Ok(());
        }
        let damaged = || self.stream.damaged("the numbers of a trace are cut off");
        let (data, first, count) = (&self.data, rows.start as usize, rows.len());
        let mut starts = self.root_starts.walk(data, first)?;
        let mut durations = self.root_durations.block_of(data, first)?;
        let mut root_codes = self.roots.codes.run(data, first, count)?;
        let last = self.trace_rows(rows.end - 1)?;
        let others = self.trace_rows(rows.start)?.other_first;
        let other_count = (last.other_first + last.other_count).checked_sub(others).ok_or_else(damaged)?;
        let mut other_codes = self.others.codes.run(data, others, other_count)?;
        let mut span_rows = self.span_rows.walk(data, first)?;
        let mut span_row = span_rows.next()?;
        for row in rows {
            let index = row as usize;
            if index.is_multiple_of(BLOCK_VALUES) {
                durations = self.root_durations.block_of(data, index)?;
            }
            let next = span_rows.next()?;
            let spans = next.checked_sub(span_row).filter(|&spans| spans > 0).ok_or_else(damaged)?;
            span_row = next;
            let mut has_error = self.roots.failed(root_codes.next().ok_or_else(damaged)?);
            for _ in 1..spans {
                has_error |= self.others.failed(other_codes.next().ok_or_else(damaged)?);
            }
            let start = Timestamp(signed(starts.next()?));
            let duration = durations.get(index).ok_or_else(damaged)?;
            each(row, RootNumbers { start, duration, spans, has_error });
        }
        Ok(())
    }
}
