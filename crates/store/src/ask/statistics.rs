//! Statistics over all traces of a range.

use span::{Status, TimeRange, Timestamp};

use super::durations::Durations;
use super::selection::{Outcome, Selection};
use super::survey::Numbers;
use crate::store::Store;

/// How many traces there are, how they ended, and how long they took.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Statistics {
    /// Traces of the range by outcome, whichever was asked for.
    pub ok: u64,
    pub error: u64,
    /// Spans of the traces that are meant.
    pub spans: u64,
    /// Of the roots of those, in nanoseconds, rounded down; 0 where there are none.
    pub average: u64,
    /// The same: the values that 50, 95 and 99 of 100 do not exceed.
    pub percentiles: [u64; 3],
    /// The percentiles are off by up to 0.4 %.
    pub is_approximate: bool,
    /// The range in equal parts, as far as traces may be there.
    pub series: Option<Series>,
}

/// Traces that are meant by when they start.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Series {
    pub from: Timestamp,
    /// Nanoseconds.
    pub step: u64,
    pub traces: Vec<u64>,
    /// Those of them with an error.
    pub errors: Vec<u64>,
}

impl Store {
    /// Statistics over the traces that are meant, with a series of so many parts.
    pub fn statistics(&self, selection: Selection, parts: usize, now: Timestamp) -> Statistics {
        self.ask(|| {
            let moment = self.moment(selection.range, usize::MAX, now);
            let mut tally = Tally::new(selection, Series::over(selection.range, parts, (moment.cutoff, now)));
            self.survey(&moment, selection.range, |trace| tally.add(&trace))?;
            Ok(tally.finish())
        })
    }
}

struct Tally {
    outcome: Outcome,
    durations: Durations,
    statistics: Statistics,
}

impl Tally {
    fn new(selection: Selection, series: Option<Series>) -> Self {
        let statistics = Statistics { series, ..Statistics::default() };
        Self { outcome: selection.outcome, durations: Durations::new(), statistics }
    }

    fn add(&mut self, trace: &Numbers) {
        let failed = trace.status == Status::Error;
        self.statistics.ok += u64::from(!failed);
        self.statistics.error += u64::from(failed);
        if !self.outcome.is_of(trace.status) {
            return;
        }
        self.statistics.spans += trace.spans;
        self.durations.push(trace.duration);
        if let Some(series) = &mut self.statistics.series {
            series.add(trace);
        }
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

impl Series {
    /// `parts` equal parts of what the range has of the window; none where that is nothing.
    fn over(range: TimeRange, parts: usize, (cutoff, now): (Timestamp, Timestamp)) -> Option<Self> {
        let from = range.from.max(cutoff);
        // Without an end, it is now; what starts ahead of the clock is in the last part.
        let until = if range.until == Timestamp::MAX { now } else { range.until };
        if parts == 0 || until <= from {
            return None;
        }
        let step = until.nanos_since(from).div_ceil(parts as u64);
        Some(Self { from, step, traces: vec![0; parts], errors: vec![0; parts] })
    }

    fn add(&mut self, trace: &Numbers) {
        let part = usize::try_from(trace.start.nanos_since(self.from) / self.step).unwrap_or(usize::MAX);
        let part = part.min(self.traces.len() - 1);
        self.traces[part] += 1;
        self.errors[part] += u64::from(trace.status == Status::Error);
    }
}
