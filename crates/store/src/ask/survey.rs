//! Numbers of all traces of a range, in no order: what a statistic is made of.

use std::ops::Range;
use std::sync::Arc;

use span::{Status, TimeRange, Timestamp};

use super::hot_trace::Root;
use super::moment::{Again, Moment, Rows, counted};
use super::piece::row_count;
use super::selection::Selection;
use crate::fault::Fault;
use crate::store::Store;
use crate::view::Unit;

/// What is counted of one trace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Numbers {
    /// The root's.
    pub(super) start: Timestamp,
    /// The root's, in nanoseconds.
    pub(super) duration: u64,
    pub(super) spans: u64,
    pub(super) status: Status,
}

impl Store {
    /// How many traces are meant.
    pub(super) fn count_at(&self, moment: &Moment, selection: Selection) -> Result<usize, Again> {
        let mut count = 0;
        self.survey(moment, selection.range, |trace| {
            count += usize::from(selection.outcome.is_of(trace.status));
        })?;
        Ok(count)
    }

    /// Calls `each` with every trace of the range. The moment has all of its hot roots.
    pub(super) fn survey(
        &self,
        moment: &Moment,
        range: TimeRange,
        mut each: impl FnMut(Numbers),
    ) -> Result<(), Again> {
        for root in &moment.hot {
            let (Root { start, duration, .. }, (spans, status)) =
                self.root_and_counts(moment, &moment.hot_trace(root))?;
            each(Numbers { start, duration, spans, status });
        }
        for rows in moment.matching_rows(range, &mut 0)? {
            self.survey_rows(moment, &rows, &mut each)?;
        }
        Ok(())
    }

    fn survey_rows(&self, moment: &Moment, rows: &Rows, each: &mut impl FnMut(Numbers)) -> Result<(), Fault> {
        let unit = &rows.unit;
        let is_whole = unit.segment.meta().start_min >= moment.cutoff;
        // What the columns say is not all there is to say of these.
        let mut special = Vec::new();
        each_row(unit, rows.left.clone(), |row, numbers| {
            if rows.superseded.contains(row) {
                return;
            }
            if unit.split.get(row) || !is_whole {
                special.push((row, numbers));
            } else {
                each(numbers);
            }
        })?;
        for (row, numbers) in special {
            let (spans, status) = if unit.split.get(row) {
                let id = unit.segment.trace_id(row).map_err(Fault::of(unit))?;
                self.count_pieces(moment, id)?
            } else {
                counted(row_count(unit, row, moment.cutoff).map_err(Fault::of(unit))?)
            };
            each(Numbers { spans, status, ..numbers });
        }
        Ok(())
    }
}

fn each_row(unit: &Arc<Unit>, rows: Range<u32>, mut each: impl FnMut(u32, Numbers)) -> Result<(), Fault> {
    let numbers = |row, root: segment::RootNumbers| {
        let (spans, status) = counted((root.spans, root.has_error));
        each(row, Numbers { start: root.start, duration: root.duration, spans, status });
    };
    unit.segment.for_each_root(rows, numbers).map_err(Fault::of(unit))
}
