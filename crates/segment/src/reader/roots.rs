//! Reads the numbers of many traces at once, column by column.

use std::ops::Range;

use span::Timestamp;

use super::segment::Segment;
use crate::encoding::BLOCK_VALUES;
use crate::encoding::signed;
use crate::error::Damaged;
use crate::meta::{RootNumbers, RowNumbers};

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

    /// Calls `each` with every row of `rows` and its numbers, in ascending order. A row need not have a root, nor spans.
    pub fn for_each_row(
        &self,
        rows: Range<u32>,
        mut each: impl FnMut(u32, RowNumbers),
    ) -> Result<(), Damaged> {
        let rooted = self.meta.rooted.clamp(rows.start, rows.end.max(rows.start));
        let mut begins = Begins::new(self, rows.start)?;
        for rows in [rows.start..rooted, rooted..rows.end] {
            self.for_each_alike(rows, &mut begins, &mut each)?;
        }
        Ok(())
    }

    /// Goes over rows that all have a root, or all have none.
    fn for_each_alike(
        &self,
        rows: Range<u32>,
        begins: &mut Begins<'_>,
        each: &mut impl FnMut(u32, RowNumbers),
    ) -> Result<(), Damaged> {
        if rows.is_empty() {
            return Ok(());
        }
        let damaged = || self.stream.damaged("the numbers of a trace are cut off");
        let (data, first) = (&self.data, rows.start as usize);
        let (start, last) = (self.trace_rows(rows.start)?, self.trace_rows(rows.end - 1)?);
        let root_count = if start.is_rooted { rows.len() } else { 0 };
        let mut root_codes =
            self.roots.codes.run(data, if start.is_rooted { first } else { 0 }, root_count)?;
        let other_count =
            (last.other_first + last.other_count).checked_sub(start.other_first).ok_or_else(damaged)?;
        let mut other_codes = self.others.codes.run(data, start.other_first, other_count)?;
        let mut span_rows = self.span_rows.walk(data, first)?;
        let mut span_row = span_rows.next()?;
        for row in rows {
            let next = span_rows.next()?;
            let spans = next.checked_sub(span_row).ok_or_else(damaged)?;
            span_row = next;
            let root_failed = root_codes.next().map(|code| self.roots.failed(code));
            let mut has_error = root_failed.unwrap_or(false);
            for _ in u64::from(root_failed.is_some())..spans {
                has_error |= self.others.failed(other_codes.next().ok_or_else(damaged)?);
            }
            each(row, RowNumbers { spans, has_error, begins: begins.of(row)? });
        }
        Ok(())
    }
}

/// Says of ascending rows whether their trace begins there.
struct Begins<'s> {
    segment: &'s Segment,
    /// The index of the next unusual row in its list, and the row.
    index: usize,
    next: Option<u64>,
}

impl<'s> Begins<'s> {
    fn new(segment: &'s Segment, first: u32) -> Result<Self, Damaged> {
        let unusual = &segment.unusual_begins;
        let index = if unusual.len() == 0 { 0 } else { unusual.rank(&segment.data, first.into())? };
        let mut begins = Self { segment, index, next: None };
        begins.look()?;
        Ok(begins)
    }

    fn look(&mut self) -> Result<(), Damaged> {
        let unusual = &self.segment.unusual_begins;
        let is_there = self.index < unusual.len();
        self.next = if is_there { Some(unusual.get(&self.segment.data, self.index)?) } else { None };
        Ok(())
    }

    fn of(&mut self, row: u32) -> Result<bool, Damaged> {
        let is_unusual = self.next == Some(row.into());
        if is_unusual {
            self.index += 1;
            self.look()?;
        }
        Ok(is_unusual != self.segment.footer.usually_begins)
    }
}
