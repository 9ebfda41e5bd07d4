//! Statistics over all traces of a range.

use span::{Status, TimeRange, Timestamp};

use super::durations::Durations;
use super::scan_roots::{ScannedTrace, Tally};
use super::selection::Selection;
use super::snapshot::Snapshot;

/// How many traces there are, their outcomes, and their durations.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Statistics {
    /// Traces of the range without an error, whatever the outcome of the selection.
    pub ok: u64,
    pub error: u64,
    /// Spans of the selected traces.
    pub spans: u64,
    /// The average duration of the roots in nanoseconds, rounded down; 0 if there are none.
    pub average: u64,
    /// The durations that 50, 95 and 99 of 100 roots do not exceed.
    pub percentiles: [u64; 3],
    /// The percentiles are off by up to 0.1 %, because there are too many traces to keep each duration.
    pub is_approximate: bool,
    /// The range in equal parts, as far as the window reaches.
    pub series: Option<Series>,
    /// How many damaged segments the answer does without.
    pub left_out: usize,
}

/// The selected traces by start.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Series {
    pub from: Timestamp,
    /// The length of a part in nanoseconds.
    pub step: u64,
    pub traces: Vec<u64>,
    /// How many of `traces` have an error.
    pub errors: Vec<u64>,
}

impl Snapshot {
    /// Returns statistics over a selection, with a series of `parts` parts.
    pub fn statistics(&self, selection: Selection, parts: usize) -> Statistics {
        let range = selection.range;
        // A range without an end ends now; traces that start ahead of the clock are in the last part.
        let until = if range.until == Timestamp::MAX { self.taken_at() } else { range.until };
        let series = Series::over(TimeRange { from: range.from.max(self.cutoff()), until }, parts);
        let statistics = self.ask_until_settled(|| {
            let mut tally = StatisticsTally::new(selection, series.clone());
            self.scan_roots(range, &mut tally);
            tally.finish()
        });
        Statistics { left_out: self.left_out(), ..statistics }
    }
}

struct StatisticsTally {
    selection: Selection,
    durations: Durations,
    statistics: Statistics,
}

impl StatisticsTally {
    fn new(selection: Selection, series: Option<Series>) -> Self {
        let statistics = Statistics { series, ..Statistics::default() };
        Self { selection, durations: Durations::new(), statistics }
    }

    fn finish(self) -> Statistics {
        Statistics {
            average: self.durations.average(),
            is_approximate: self.durations.is_approximate(),
            percentiles: self.durations.percentiles([50, 95, 99]),
            ..self.statistics
        }
    }
}

impl Tally for StatisticsTally {
    fn add(&mut self, trace: ScannedTrace) {
        let failed = trace.status == Status::Error;
        self.statistics.ok += u64::from(!failed);
        self.statistics.error += u64::from(failed);
        if !self.selection.outcome.is_of(trace.status) {
            return;
        }
        self.statistics.spans += trace.spans;
        self.durations.push(trace.duration);
        if let Some(series) = &mut self.statistics.series {
            series.add(trace);
        }
    }
}

impl Series {
    /// Makes a series of `parts` equal parts of the range. Returns `None` if the range is empty.
    fn over(range: TimeRange, parts: usize) -> Option<Self> {
        if parts == 0 || range.until <= range.from {
            return None;
        }
        let step = range.until.nanos_since(range.from).div_ceil(parts as u64);
        Some(Self { from: range.from, step, traces: vec![0; parts], errors: vec![0; parts] })
    }

    fn add(&mut self, trace: ScannedTrace) {
        let part = usize::try_from(trace.start.nanos_since(self.from) / self.step).unwrap_or(usize::MAX);
        let part = part.min(self.traces.len() - 1);
        self.traces[part] += 1;
        self.errors[part] += u64::from(trace.status == Status::Error);
    }
}
