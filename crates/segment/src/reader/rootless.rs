//! Reads the earliest span of a trace without a root. It stands for the root.

use span::{Reporter, SpanId, Status, Timestamp, TraceSummary};

use super::reporters::Reporters;
use super::segment::Segment;
use super::traces::TraceRows;
use crate::error::Damaged;
use crate::stream::Items;

/// The earliest span of a row.
#[derive(Clone, Copy)]
struct Earliest {
    trace: TraceRows,
    /// Its index among the spans of the trace.
    index: usize,
    start: Timestamp,
    duration: u64,
}

impl Segment {
    /// Returns the start of the earliest span of a row without a root, of those that start at or after `from`.
    pub fn earliest_start(&self, row: u32, from: Timestamp) -> Result<Option<Timestamp>, Damaged> {
        Ok(self.find_earliest(row, from)?.map(|earliest| earliest.start))
    }

    /// Returns start, id and reporter of the earliest span of a row without a root, of those that start at or after `from`.
    pub fn earliest(
        &self,
        row: u32,
        from: Timestamp,
    ) -> Result<Option<(Timestamp, SpanId, Reporter)>, Damaged> {
        let Some(Earliest { trace, index, start, .. }) = self.find_earliest(row, from)? else {
            return Ok(None);
        };
        let code = self.others.codes.get(&self.data, trace.other_first + index)?;
        let reporter = Reporters::new(self).of(self.others.get(&self.data, code)?)?;
        Ok(Some((start, self.span_id(trace.first + index)?, reporter)))
    }

    /// Returns the summary of a row without a root, or `None` if none of its spans starts at or after `from`. The counts
    /// are those of all spans.
    pub fn rootless_summary(&self, row: u32, from: Timestamp) -> Result<Option<TraceSummary<'_>>, Damaged> {
        let Some(Earliest { trace, index, start, duration }) = self.find_earliest(row, from)? else {
            return Ok(None);
        };
        let code = self.others.codes.get(&self.data, trace.other_first + index)?;
        let operation = self.others.get(&self.data, code)?;
        let failed = self.others_failed(trace)?;
        Ok(Some(TraceSummary {
            trace_id: self.trace_id(row)?,
            root_service: self.names.get_text(&self.data, operation.service as usize)?,
            root_name: self.names.get_text(&self.data, operation.name as usize)?,
            spans: trace.count as u64,
            is_rootless: true,
            start,
            duration,
            root_failed: self.others.failed(code),
            status: if failed { Status::Error } else { Status::Ok },
        }))
    }

    /// Finds it by going over the spans, which are in that order.
    fn find_earliest(&self, row: u32, from: Timestamp) -> Result<Option<Earliest>, Damaged> {
        let trace = self.trace_rows(row)?;
        if trace.is_rooted {
            return Ok(None);
        }
        let mut items = self.items(trace)?;
        for index in 0..trace.other_count {
            let item = items.as_mut().and_then(Items::next);
            let item = item.ok_or_else(|| self.stream.damaged("the times of a trace are cut off"))?;
            let start = Timestamp(item.start);
            if start >= from {
                return Ok(Some(Earliest { trace, index, start, duration: item.duration }));
            }
        }
        Ok(None)
    }
}
