//! Statistics, computed as plainly as possible.

use span::Status;
use store::Statistics;
use testkit::model::ModelSummary;

/// Returns statistics without a series, over the traces in `meant`; `all` has the traces of any outcome.
pub(super) fn naive(all: &[ModelSummary], meant: &[ModelSummary]) -> Statistics {
    let error = all.iter().filter(|summary| summary.status == Status::Error).count() as u64;
    let mut durations: Vec<u64> = meant.iter().map(|summary| summary.duration).collect();
    durations.sort_unstable();
    let percentile = |percent: usize| match (durations.len() * percent).div_ceil(100) {
        0 => 0,
        place => durations[place - 1],
    };
    let sum: u128 = durations.iter().map(|&duration| u128::from(duration)).sum();
    Statistics {
        ok: all.len() as u64 - error,
        error,
        spans: meant.iter().map(|summary| summary.spans).sum(),
        average: u64::try_from(sum / (durations.len().max(1) as u128)).expect("at most the largest"),
        percentiles: [50, 95, 99].map(percentile),
        is_approximate: false,
        left_out: 0,
        series: None,
    }
}
