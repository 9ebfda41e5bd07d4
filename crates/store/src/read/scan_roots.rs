//! Goes over all roots of a range, in any order, for statistics.

use std::ops::Range;
use std::sync::Arc;

use span::{Status, TimeRange, Timestamp, TraceId};

use super::hot_roots::HotRoots;
use super::hot_trace::{Forgotten, HotTrace, HotTraceRoot};
use super::segment_roots::SegmentRoots;
use super::selection::{Outcome, Selection};
use super::snapshot::Snapshot;
use crate::view::{Counts, DamagedSegment, LiveSegment, spans_since};

/// After this many hot roots, or rows of a segment, a scan may rest or end. Both take some hundred microseconds.
const HOT_ROOTS_BETWEEN: usize = 512;
const ROWS_BETWEEN: u32 = 8192;

/// What is read of one trace: all but its names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ScannedTrace {
    /// The root's start.
    pub(super) start: Timestamp,
    /// The root's duration, in nanoseconds.
    pub(super) duration: u64,
    pub(super) spans: u64,
    pub(super) status: Status,
}

/// A sum over traces.
pub(super) trait Tally {
    fn add(&mut self, trace: ScannedTrace);
}

/// Split traces, and what is known of each; their counts are summed up together.
type SplitTraces = Vec<(TraceId, ScannedTrace)>;

impl Snapshot {
    /// Adds every trace of the range to the tally. If the scan meets damage, the tally may have a part of a segment; the
    /// caller asks again (`ask_until_settled`).
    pub(super) fn scan_roots(&self, range: TimeRange, tally: &mut impl Tally) {
        let mut split = SplitTraces::new();
        for (number, root) in self.hot_roots(range, usize::MAX).latest.iter().enumerate() {
            if number.is_multiple_of(HOT_ROOTS_BETWEEN) && self.is_stopped() {
                return;
            }
            let trace = self.hot_trace(root);
            // A trace that was forgotten since the snapshot is outside of the window by now.
            let Ok((root, counts)) = trace.root_and_counts(self.cutoff()) else { continue };
            match counts {
                Some(counts) => tally.add(ScannedTrace::new(root.start, root.duration, counts)),
                None => {
                    split.push((trace.id, ScannedTrace::new(root.start, root.duration, Counts::default())));
                }
            }
        }
        for roots in self.segment_roots(range) {
            if self.is_stopped() {
                return;
            }
            self.reader().read_segment(roots.segment(), || self.scan_segment(&roots, tally, &mut split));
        }
        self.for_each_split(&split, |trace, counts| {
            tally.add(ScannedTrace::new(trace.start, trace.duration, counts));
        });
    }

    /// Returns how many traces the selection includes.
    pub fn count_selected(&self, selection: Selection) -> usize {
        if selection.outcome == Outcome::Any {
            return self.count(selection.range);
        }
        self.ask_until_settled(|| self.count_outcome(selection))
    }

    fn count_outcome(&self, selection: Selection) -> usize {
        let mut errors = 0;
        let mut split = Vec::new();
        let HotRoots { total, latest } = self.hot_roots(selection.range, usize::MAX);
        let mut listed = total;
        for (number, root) in latest.iter().enumerate() {
            if number.is_multiple_of(HOT_ROOTS_BETWEEN) && self.is_stopped() {
                break;
            }
            let trace = self.hot_trace(root);
            match trace.root_and_counts(self.cutoff()) {
                Ok((_, Some(counts))) => errors += usize::from(counts.has_error),
                Ok((_, None)) => split.push((trace.id, ())),
                // It was forgotten, so it is outside of the window.
                Err(Forgotten) => listed -= 1,
            }
        }
        for roots in self.segment_roots(selection.range) {
            if self.is_stopped() {
                break;
            }
            listed += roots.listed();
            let read = || self.count_errors(&roots, &mut split);
            errors += self.reader().read_segment(roots.segment(), read).unwrap_or(0);
        }
        self.for_each_split(&split, |(), counts| errors += usize::from(counts.has_error));
        if selection.outcome == Outcome::Error { errors } else { listed - errors }
    }

    /// Returns how many listed traces of a segment have a failed span, without the split ones, which are added to a list.
    /// Most of them are counted without being looked at.
    fn count_errors(
        &self,
        roots: &SegmentRoots,
        split: &mut Vec<(TraceId, ())>,
    ) -> Result<usize, DamagedSegment> {
        let segment = roots.segment();
        let named = DamagedSegment::named(segment);
        let failed = segment.failed_rows().map_err(&named)?;
        let is_whole = segment.file().meta().start_min >= self.cutoff();
        // In the whole segment the bits say it, but for split traces; else a failed span may have left the window.
        let is_doubtful = |row: u32| segment.is_split(row) || !is_whole && failed.contains(row);
        let mut errors = if is_whole { failed.count(roots.rows()) as usize } else { 0 };
        for row in roots.rows().filter(|&row| is_doubtful(row) || !roots.is_listed(row)) {
            errors -= usize::from(is_whole && failed.contains(row));
            if !roots.is_listed(row) {
                continue;
            }
            if segment.is_split(row) {
                split.push((segment.file().trace_id(row).map_err(&named)?, ()));
            } else {
                errors += usize::from(spans_since(segment, row, self.cutoff()).map_err(&named)?.has_error);
            }
        }
        Ok(errors)
    }

    /// Returns the root of a hot trace, and the counts of all its pieces inside the window.
    pub(super) fn root_and_counts(&self, trace: &HotTrace<'_>) -> Result<(HotTraceRoot, Counts), Forgotten> {
        let (root, counts) = trace.root_and_counts(self.cutoff())?;
        Ok((root, counts.unwrap_or_else(|| self.counts_of(trace.id))))
    }

    fn scan_segment(
        &self,
        roots: &SegmentRoots,
        tally: &mut impl Tally,
        split: &mut SplitTraces,
    ) -> Result<(), DamagedSegment> {
        let segment = roots.segment();
        let named = DamagedSegment::named(segment);
        let is_whole = segment.file().meta().start_min >= self.cutoff();
        // The columns do not have the counts of these traces: they are split, or partly outside of the window.
        let mut special = Vec::new();
        let mut each = |row, trace| {
            if !roots.is_listed(row) {
                return;
            }
            if segment.is_split(row) || !is_whole {
                special.push((row, trace));
            } else {
                tally.add(trace);
            }
        };
        let rows = roots.rows();
        for first in rows.clone().step_by(ROWS_BETWEEN as usize) {
            if self.is_stopped() {
                break;
            }
            each_root(segment, first..rows.end.min(first.saturating_add(ROWS_BETWEEN)), &mut each)?;
        }
        for (row, trace) in special {
            if segment.is_split(row) {
                split.push((segment.file().trace_id(row).map_err(&named)?, trace));
            } else {
                let counts = spans_since(segment, row, self.cutoff()).map_err(&named)?;
                tally.add(ScannedTrace::new(trace.start, trace.duration, counts));
            }
        }
        Ok(())
    }
}

fn each_root(
    segment: &Arc<LiveSegment>,
    rows: Range<u32>,
    each: &mut impl FnMut(u32, ScannedTrace),
) -> Result<(), DamagedSegment> {
    let numbers = |row, root: segment::RootNumbers| {
        let counts = Counts { spans: root.spans, has_error: root.has_error };
        each(row, ScannedTrace::new(root.start, root.duration, counts));
    };
    segment.file().for_each_root(rows, numbers).map_err(DamagedSegment::named(segment))
}

impl ScannedTrace {
    fn new(start: Timestamp, duration: u64, counts: Counts) -> Self {
        Self { start, duration, spans: counts.spans, status: counts.status() }
    }
}
