//! Percentiles of durations: exact up to a limit, and approximate beyond it.

use hdrhistogram::Histogram;

/// Limit: this many durations are kept, in 8 MiB; more are counted in a histogram.
const EXACT_MAX: usize = 1 << 20;
/// Decimal digits of the histogram: its values are off by at most 0.1 %.
const HISTOGRAM_DIGITS: u8 = 3;

/// Durations in nanoseconds.
pub(super) struct Durations {
    exact: Vec<u64>,
    /// Made when there are too many durations to keep; then it has all of them.
    histogram: Option<Histogram<u64>>,
    sum: u128,
    count: u64,
}

impl Durations {
    pub(super) fn new() -> Self {
        Self { exact: Vec::new(), histogram: None, sum: 0, count: 0 }
    }

    pub(super) fn push(&mut self, duration: u64) {
        self.sum += u128::from(duration);
        self.count += 1;
        match &mut self.histogram {
            Some(histogram) => histogram.saturating_record(duration),
            None if self.exact.len() < EXACT_MAX => self.exact.push(duration),
            None => self.histogram().saturating_record(duration),
        }
    }

    /// Returns the histogram, with all durations so far.
    fn histogram(&mut self) -> &mut Histogram<u64> {
        let exact = std::mem::take(&mut self.exact);
        self.histogram.get_or_insert_with(|| {
            // Its range covers every duration, in some 450 KB, so recording never fails.
            let histogram = Histogram::new_with_bounds(1, u64::MAX, HISTOGRAM_DIGITS);
            let mut histogram = histogram.expect("the bounds and three digits are supported");
            for duration in exact {
                histogram.saturating_record(duration);
            }
            histogram
        })
    }

    /// Returns the average, rounded down; 0 if there are no durations.
    pub(super) fn average(&self) -> u64 {
        u64::try_from(self.sum.checked_div(self.count.into()).unwrap_or(0)).expect("at most the largest")
    }

    pub(super) fn is_approximate(&self) -> bool {
        self.histogram.is_some()
    }

    /// Returns the values at position ⌈p·n⌉ of the ascending order, counted from 1; 0 if there are no durations.
    pub(super) fn percentiles<const COUNT: usize>(mut self, percents: [u32; COUNT]) -> [u64; COUNT] {
        if let Some(histogram) = self.histogram {
            return percents.map(|percent| histogram.value_at_quantile(f64::from(percent) / 100.0));
        }
        self.exact.sort_unstable();
        percents.map(|percent| {
            let place = (self.count * u64::from(percent)).div_ceil(100);
            let at = usize::try_from(place).ok().and_then(|place| place.checked_sub(1));
            at.and_then(|at| self.exact.get(at)).copied().unwrap_or(0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Durations, EXACT_MAX};

    fn of(durations: impl IntoIterator<Item = u64>) -> Durations {
        let mut all = Durations::new();
        durations.into_iter().for_each(|duration| all.push(duration));
        all
    }

    fn check_near(found: u64, expected: u64, told: &str) {
        assert!(found.abs_diff(expected) * 1000 <= expected + 1, "{told}: {found}, not {expected}");
    }

    #[test]
    fn percentiles_are_exact_for_few_and_approximate_for_many() {
        assert_eq!(Durations::new().percentiles([50, 100]), [0, 0]);
        // The durations are not in ascending order.
        let durations = of((0..1000).map(|n| n * 7919 % 1000 + 1));
        assert_eq!(durations.average(), 500);
        assert!(!durations.is_approximate());
        assert_eq!(durations.percentiles([50, 95, 99, 100]), [500, 950, 990, 1000]);
        let many = EXACT_MAX as u64 + 1;
        let durations = of((1..=many).map(|n| n * 1000));
        assert!(durations.is_approximate());
        assert_eq!(durations.average(), (many + 1) * 1000 / 2);
        for (found, percent) in durations.percentiles([1, 50, 99]).into_iter().zip([1, 50, 99]) {
            check_near(found, (many * percent).div_ceil(100) * 1000, &format!("{percent} %"));
        }
    }

    #[test]
    fn the_largest_and_the_smallest_durations_are_counted() {
        let durations = of((0..=EXACT_MAX as u64).map(|n| if n % 2 == 0 { 0 } else { u64::MAX }));
        let [least, most] = durations.percentiles([1, 99]);
        assert!(least <= 1 && most >= u64::MAX - u64::MAX / 1000, "{least} {most}");
    }
}
