//! Start and end of requests, and their latencies.

use std::time::Duration;

use tokio::time::Instant;

#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    /// When the request was sent; if the answer before it was late, when it should have been sent.
    pub(super) began: Instant,
    pub(super) ended: Instant,
}

#[derive(Debug, Default)]
pub(super) struct Samples(Vec<Sample>);

impl Samples {
    /// Adds a request that began at `began` and has just ended.
    pub(super) fn record(&mut self, began: Instant) {
        self.0.push(Sample { began, ended: Instant::now() });
    }

    pub(super) fn add(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the samples for which `is_one` returns true, and the others.
    pub(super) fn split(self, is_one: impl Fn(&Sample) -> bool) -> (Self, Self) {
        let (one, other) = self.0.into_iter().partition(is_one);
        (Self(one), Self(other))
    }

    /// Returns the cell of a table: the median and the 99th percentile, in milliseconds.
    pub(super) fn cell(&self) -> String {
        let mut took: Vec<Duration> = self.0.iter().map(|sample| sample.ended - sample.began).collect();
        took.sort_unstable();
        let millis = |hundredths: usize| {
            // The smallest latency that this percentage of all requests does not exceed.
            let index = (took.len() * hundredths).div_ceil(100).max(1) - 1;
            took.get(index).map_or_else(|| "–".to_owned(), |took| format!("{:.2}", took.as_secs_f64() * 1e3))
        };
        format!("{} / {}", millis(50), millis(99))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::{Sample, Samples};

    #[test]
    fn quantiles_are_samples_and_none_is_a_dash() {
        let began = Instant::now();
        let sample = |millis| Sample { began, ended: began + Duration::from_millis(millis) };
        assert_eq!(Samples((1..=200).map(sample).collect()).cell(), "100.00 / 198.00");
        assert_eq!(Samples(vec![sample(7)]).cell(), "7.00 / 7.00");
        assert_eq!(Samples::default().cell(), "– / –");
    }
}
