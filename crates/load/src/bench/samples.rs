//! When requests began and ended.

use std::time::Duration;

use tokio::time::Instant;

#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    /// When the request was sent, or should have been, had the one before it been answered in time.
    pub(super) began: Instant,
    pub(super) ended: Instant,
}

#[derive(Debug, Default)]
pub(super) struct Samples(Vec<Sample>);

impl Samples {
    /// Notes a request that began then and has ended now.
    pub(super) fn record(&mut self, began: Instant) {
        self.0.push(Sample { began, ended: Instant::now() });
    }

    pub(super) fn add(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Those that fit `is_one`, and the others.
    pub(super) fn split(self, is_one: impl Fn(&Sample) -> bool) -> (Self, Self) {
        let (one, other) = self.0.into_iter().partition(is_one);
        (Self(one), Self(other))
    }

    /// Two quantiles, and the number of samples where that makes the second one a mere maximum.
    pub(super) fn cell(&self) -> String {
        let mut took: Vec<Duration> = self.0.iter().map(|sample| sample.ended - sample.began).collect();
        took.sort_unstable();
        let millis = |hundredths: usize| {
            // The smallest that so many hundredths of all do not exceed.
            let place = (took.len() * hundredths).div_ceil(100).max(1) - 1;
            took.get(place).map_or_else(|| "–".to_owned(), |took| format!("{:.2}", took.as_secs_f64() * 1e3))
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
