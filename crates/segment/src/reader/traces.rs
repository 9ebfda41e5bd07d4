//! Reads single properties of a trace, without putting its spans together.

use std::ops::Range;

use record::Reader;
use span::{SpanId, Status, Timestamp, TraceId, TraceSummary};

use super::segment::Segment;
use crate::bits::BitReader;
use crate::encoding::BLOCK_VALUES;
use crate::encoding::{Monotone, ordered, signed};
use crate::error::Damaged;
use crate::layout::size;
use crate::stream::{Base, Items, skip};
use crate::writer::TRACES_PER_PLACE;
use crate::{Carryover, Root};

const GONE_ROOT_BYTES: usize = 24;
const _: () =
    assert!(BLOCK_VALUES.is_multiple_of(TRACES_PER_PLACE), "rows between two stream places are in one block");

/// Where the spans of a trace are in the columns. Invariant: all of them are inside the columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct TraceRows {
    pub(super) row: usize,
    /// The span row of its root or, without one, of its first span.
    pub(super) first: usize,
    pub(super) count: usize,
    pub(super) is_rooted: bool,
    /// The index of its first span among all spans that are not roots, and how many there are.
    pub(super) other_first: usize,
    pub(super) other_count: usize,
}

impl Segment {
    pub fn trace_id(&self, row: u32) -> Result<TraceId, Damaged> {
        self.trace_ids.get(&self.data, row as usize).map(|id| TraceId::from_bytes(id.to_be_bytes()))
    }

    /// Calls `each` with every row of the range and its trace id, in order.
    pub fn for_each_trace_id(
        &self,
        rows: Range<u32>,
        mut each: impl FnMut(u32, TraceId),
    ) -> Result<(), Damaged> {
        let (first, count) = (rows.start as usize, rows.len());
        let mut rows = rows;
        self.trace_ids.for_each(&self.data, first, count, |id| {
            if let Some(row) = rows.next() {
                each(row, TraceId::from_bytes(id.to_be_bytes()));
            }
        })
    }

    /// Returns the start of the root of a row that is less than `rooted`.
    pub fn root_start(&self, row: u32) -> Result<Timestamp, Damaged> {
        self.root_starts.get(&self.data, row as usize).map(|start| Timestamp(signed(start)))
    }

    /// Returns how many rows have a root that starts before `start`. Rows are sorted by root start, so these are the
    /// rows from 0 on.
    pub fn root_rank(&self, start: Timestamp) -> Result<u32, Damaged> {
        let rank = self.root_starts.rank(&self.data, ordered(start.0))?;
        Ok(u32::try_from(rank).unwrap_or(self.meta.rooted))
    }

    /// Returns the root of a row that is less than `rooted`.
    pub fn root(&self, row: u32) -> Result<Root<'_>, Damaged> {
        let trace = self.trace_rows(row)?;
        let operation = self.roots.get(&self.data, self.roots.codes.get(&self.data, trace.row)?)?;
        Ok(Root {
            start: self.root_start(row)?,
            span_id: self.span_id(trace.first)?,
            duration: self.root_durations.get(&self.data, trace.row)?,
            service: self.names.get_text(&self.data, operation.service as usize)?,
            name: self.names.get_text(&self.data, operation.name as usize)?,
        })
    }

    /// Returns the summary of a row that is less than `rooted`, as the list shows it.
    pub fn summary(&self, row: u32) -> Result<TraceSummary<'_>, Damaged> {
        let trace = self.trace_rows(row)?;
        let code = self.roots.codes.get(&self.data, trace.row)?;
        let operation = self.roots.get(&self.data, code)?;
        let root_failed = self.roots.failed(code);
        let failed = root_failed || self.others_failed(trace)?;
        Ok(TraceSummary {
            trace_id: self.trace_id(row)?,
            is_rootless: false,
            root_service: self.names.get_text(&self.data, operation.service as usize)?,
            root_name: self.names.get_text(&self.data, operation.name as usize)?,
            spans: trace.count as u64,
            start: self.root_start(row)?,
            duration: self.root_durations.get(&self.data, trace.row)?,
            root_failed,
            status: if failed { Status::Error } else { Status::Ok },
        })
    }

    pub fn span_count(&self, row: u32) -> Result<u32, Damaged> {
        let count = self.trace_rows(row)?.count;
        u32::try_from(count).map_err(|_| self.stream.damaged("a trace has too many spans"))
    }

    /// Whether a span of the trace failed.
    pub fn has_error(&self, row: u32) -> Result<bool, Damaged> {
        let trace = self.trace_rows(row)?;
        if trace.is_rooted && self.roots.failed(self.roots.codes.get(&self.data, trace.row)?) {
            return Ok(true);
        }
        self.others_failed(trace)
    }

    pub(super) fn others_failed(&self, trace: TraceRows) -> Result<bool, Damaged> {
        let mut codes = self.others.codes.run(&self.data, trace.other_first, trace.other_count)?;
        Ok(codes.any(|code| self.others.failed(code)))
    }

    /// Calls `each` with the start of every span, and whether the span failed. The root comes first, then the others
    /// by start.
    pub fn for_each_start(&self, row: u32, mut each: impl FnMut(Timestamp, bool)) -> Result<(), Damaged> {
        let trace = self.trace_rows(row)?;
        if trace.is_rooted {
            let failed = self.roots.failed(self.roots.codes.get(&self.data, trace.row)?);
            each(self.root_start(row)?, failed);
        }
        let codes = self.others.codes.run(&self.data, trace.other_first, trace.other_count)?;
        let mut items = self.items(trace)?;
        for code in codes {
            let item = items.as_mut().and_then(Items::next);
            let item = item.ok_or_else(|| self.stream.damaged("the times of a trace are cut off"))?;
            each(Timestamp(item.start), self.others.failed(code));
        }
        Ok(())
    }

    /// Calls `each` with the id of every span; the root comes first.
    pub fn for_each_span_id(&self, row: u32, mut each: impl FnMut(SpanId)) -> Result<(), Damaged> {
        let trace = self.trace_rows(row)?;
        let each_id = |id: u128| each(SpanId::from_bytes(id.to_be_bytes()));
        self.span_ids.for_each(&self.data, trace.first, trace.count, each_id)
    }

    pub fn carryover(&self, row: u32) -> Result<Carryover, Damaged> {
        if row >= self.meta.traces {
            return Err(self.stream.damaged("a row number is outside of the segment"));
        }
        let is_unusual = self.find(&self.unusual_begins, row)?.is_some();
        let gone_root = match self.find(&self.gone_rows, row)? {
            Some(index) => Some(self.gone_root(index)?),
            None => None,
        };
        Ok(Carryover { begins: is_unusual != self.footer.usually_begins, gone_root })
    }

    /// Returns the rows whose carryover has an evicted root, in ascending order.
    pub fn rows_with_gone_root(&self) -> Result<Vec<u32>, Damaged> {
        let row = |index| Ok(u32::try_from(self.gone_rows.get(&self.data, index)?).unwrap_or(u32::MAX));
        (0..self.gone_rows.len()).map(row).collect()
    }

    fn gone_root(&self, index: usize) -> Result<(Timestamp, SpanId), Damaged> {
        let bytes = self.gone_roots.slice(&self.data, index * GONE_ROOT_BYTES, GONE_ROOT_BYTES)?;
        let mut reader = Reader::new(bytes);
        let mut take = || Ok((Timestamp(reader.take_i64()?), SpanId::from_bytes(reader.take_array()?)));
        take().map_err(|_: record::Malformed| self.gone_roots.damaged("an evicted root is cut off"))
    }

    /// Returns the index of a row in a list of rows.
    fn find(&self, rows: &Monotone, row: u32) -> Result<Option<usize>, Damaged> {
        let rank = rows.rank(&self.data, row.into())?;
        let is_there = rank < rows.len() && rows.get(&self.data, rank)? == u64::from(row);
        Ok(is_there.then_some(rank))
    }

    pub(super) fn span_id(&self, row: usize) -> Result<SpanId, Damaged> {
        self.span_ids.get(&self.data, row).map(|id| SpanId::from_bytes(id.to_be_bytes()))
    }

    #[inline]
    pub(super) fn trace_rows(&self, row: u32) -> Result<TraceRows, Damaged> {
        let mut rows = self.span_rows.walk(&self.data, row as usize)?;
        let first = size(rows.next()?);
        self.trace_rows_between(row as usize, first, size(rows.next()?))
    }

    #[inline]
    fn trace_rows_between(&self, row: usize, first: usize, next: usize) -> Result<TraceRows, Damaged> {
        let damaged = || self.stream.damaged("the spans of a trace are outside of the file");
        let is_rooted = row < self.meta.rooted as usize;
        let roots_before = row.min(self.meta.rooted as usize);
        let count = next.checked_sub(first).ok_or_else(damaged)?;
        let other_first = first.checked_sub(roots_before).ok_or_else(damaged)?;
        let other_count = count.checked_sub(usize::from(is_rooted)).ok_or_else(damaged)?;
        if next > size(self.meta.spans) || other_first + other_count > self.others.codes.len() {
            return Err(damaged());
        }
        Ok(TraceRows { row, first, count, is_rooted, other_first, other_count })
    }

    fn base(&self, trace: TraceRows) -> Result<Base, Damaged> {
        if !trace.is_rooted {
            return Ok(Base::Rootless { start: self.footer.rootless_base });
        }
        let start = signed(self.root_starts.get(&self.data, trace.row)?);
        Ok(Base::Root { start, duration: self.root_durations.get(&self.data, trace.row)? })
    }

    /// Skips the items of the traces in these rows, which `bits` is at the beginning of, and returns where they end.
    #[inline]
    fn skip_rows<'d>(&self, mut bits: BitReader<'d>, traces: Range<usize>) -> Result<BitReader<'d>, Damaged> {
        if traces.is_empty() {
            return Ok(bits);
        }
        let damaged = || self.stream.damaged("the times of a trace are cut off");
        let has_roots = traces.start < self.meta.rooted as usize;
        // Rows between two stream places are always in one block.
        let durations =
            if has_roots { Some(self.root_durations.block_of(&self.data, traces.start)?) } else { None };
        let mut rows = self.span_rows.walk(&self.data, traces.start)?;
        let mut first = size(rows.next()?);
        for row in traces {
            let next = size(rows.next()?);
            let trace = self.trace_rows_between(row, first, next)?;
            first = next;
            if trace.other_count == 0 {
                continue;
            }
            let base = match &durations {
                Some(durations) if trace.is_rooted => {
                    Base::Root { start: 0, duration: durations.get(row).ok_or_else(damaged)? }
                }
                _ => Base::Rootless { start: 0 },
            };
            bits = skip(bits, base, trace.other_count, trace.count).ok_or_else(damaged)?;
        }
        Ok(bits)
    }

    /// Returns times and parents of all spans but the root, or `None` if there are none.
    pub(super) fn items(&self, trace: TraceRows) -> Result<Option<Items<'_>>, Damaged> {
        if trace.other_count == 0 {
            return Ok(None);
        }
        let damaged = || self.stream.damaged("the times of a trace are cut off");
        let block = trace.row / TRACES_PER_PLACE;
        let start = size(self.stream_places.get(&self.data, block)?);
        let end = if block + 1 < self.stream_places.len() {
            size(self.stream_places.get(&self.data, block + 1)?).div_ceil(8)
        } else {
            self.stream.len()
        };
        let first = start / 8;
        let length = end.checked_sub(first).ok_or_else(damaged)?;
        // Eight more bytes, if the column has them, so that the last bits can be loaded as words, too.
        let bytes = self.stream.slice_up_to(&self.data, first, length.saturating_add(8))?;
        let bits = BitReader::new(bytes, start % 8);
        let bits = self.skip_rows(bits, block * TRACES_PER_PLACE..trace.row)?;
        let items = Items::new(bits, self.base(trace)?, trace.other_count, trace.count);
        items.ok_or_else(damaged).map(Some)
    }
}
