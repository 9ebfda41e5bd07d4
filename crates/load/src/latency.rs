//! How long requests took.

use std::time::Duration;

use hdrhistogram::Histogram;

/// Limit: a latency above a minute counts as a minute. Requests time out long before that.
const MICROS_MAX: u64 = 60_000_000;
const DIGITS: u8 = 3;

#[derive(Debug)]
pub(crate) struct Latencies(Histogram<u32>);

impl Latencies {
    pub(crate) fn new() -> Self {
        let micros = Histogram::new_with_bounds(1, MICROS_MAX, DIGITS);
        Self(micros.expect("the bounds are in order and the digits at most five"))
    }

    pub(crate) fn record(&mut self, latency: Duration) {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        self.0.saturating_record(micros);
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.0.add(&other.0).expect("all histograms have equal bounds");
    }

    /// Returns the latency in milliseconds that this share of the requests did not exceed. `quantile` is from 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "at most a minute in microseconds")]
    pub(crate) fn millis(&self, quantile: f64) -> f64 {
        self.0.value_at_quantile(quantile) as f64 / 1e3
    }
}
