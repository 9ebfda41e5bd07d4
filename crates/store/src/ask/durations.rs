//! Percentiles of durations: exact for many, and within a bound for any number.

/// Limit: so many durations are kept as they are, 8 MiB of them; more are counted in buckets.
const EXACT_MAX: usize = 1 << 20;
/// A bucket is at most one part in so many of its values wide, so its middle is off by less than 0.4 %.
const PARTS_BITS: u32 = 7;
const PARTS: u64 = 1 << PARTS_BITS;
/// Each value below `PARTS`, and then as many for each power of two.
const BUCKETS: usize = ((u64::BITS - PARTS_BITS + 1) as usize) << PARTS_BITS;

/// Durations in nanoseconds.
pub(super) struct Durations {
    exact: Vec<u64>,
    /// Made when there are too many.
    buckets: Vec<u64>,
    sum: u128,
    count: u64,
}

impl Durations {
    pub(super) fn new() -> Self {
        Self { exact: Vec::new(), buckets: Vec::new(), sum: 0, count: 0 }
    }

    pub(super) fn push(&mut self, duration: u64) {
        self.sum += u128::from(duration);
        self.count += 1;
        if !self.buckets.is_empty() {
            self.buckets[bucket_of(duration)] += 1;
        } else if self.exact.len() < EXACT_MAX {
            self.exact.push(duration);
        } else {
            self.buckets = vec![0; BUCKETS];
            for known in std::mem::take(&mut self.exact).into_iter().chain([duration]) {
                self.buckets[bucket_of(known)] += 1;
            }
        }
    }

    /// Rounded down; 0 where there are none.
    pub(super) fn average(&self) -> u64 {
        u64::try_from(self.sum.checked_div(self.count.into()).unwrap_or(0)).expect("at most the largest")
    }

    pub(super) fn is_approximate(&self) -> bool {
        !self.buckets.is_empty()
    }

    /// The values at place ⌈p·n⌉ of the ascending order, counted from 1, for percentages in ascending order;
    /// 0 where there are none.
    pub(super) fn percentiles<const COUNT: usize>(mut self, percents: [u64; COUNT]) -> [u64; COUNT] {
        self.exact.sort_unstable();
        percents.map(|percent| {
            let place = (self.count * percent).div_ceil(100);
            if self.is_approximate() {
                self.bucket_at(place)
            } else {
                let at = usize::try_from(place).ok().and_then(|place| place.checked_sub(1));
                at.and_then(|at| self.exact.get(at)).copied().unwrap_or(0)
            }
        })
    }

    fn bucket_at(&self, place: u64) -> u64 {
        let mut before = 0;
        let found = self.buckets.iter().position(|count| {
            before += count;
            before >= place
        });
        found.map_or(0, middle_of)
    }
}

fn bucket_of(duration: u64) -> usize {
    if duration < PARTS {
        return usize::try_from(duration).expect("it is small");
    }
    let power = u64::BITS - 1 - PARTS_BITS - duration.leading_zeros();
    let part = (duration >> power) - PARTS;
    usize::try_from((u64::from(power) + 1) * PARTS + part).expect("below BUCKETS")
}

fn middle_of(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    let Some(power) = (bucket / PARTS).checked_sub(1) else { return bucket };
    let first = (bucket % PARTS + PARTS) << power;
    first + (1u64 << power) / 2
}

#[cfg(test)]
mod tests {
    use super::{BUCKETS, Durations, EXACT_MAX, PARTS, bucket_of, middle_of};

    #[test]
    fn the_middle_of_a_bucket_is_near_all_of_its_values() {
        let around =
            |power: u32| [(1u64 << power) - 1, 1 << power, (1 << power) + 1, (1u64 << power) / 3 * 4];
        for duration in (0..64).flat_map(around).chain([u64::MAX, 213_000_000, 999_999_999]) {
            let bucket = bucket_of(duration);
            assert!(bucket < BUCKETS, "{duration} is in bucket {bucket}");
            let error = middle_of(bucket).abs_diff(duration);
            assert!(error <= duration / (2 * PARTS) + 1, "{duration} is off by {error}");
        }
    }

    #[test]
    fn percentiles_are_exact_for_some_and_near_for_many() {
        let mut durations = Durations::new();
        assert_eq!(Durations::new().percentiles([50, 100]), [0, 0]);
        // In an order that is not theirs.
        let some = 1000;
        (0..some).for_each(|n| durations.push(n * 7919 % some + 1));
        assert_eq!(durations.average(), 500);
        assert!(!durations.is_approximate());
        assert_eq!(durations.percentiles([50, 95, 99, 100]), [500, 950, 990, 1000]);
        let many = EXACT_MAX as u64 + 1;
        let mut durations = Durations::new();
        (1..=many).for_each(|n| durations.push(n * 1000));
        assert!(durations.is_approximate());
        assert_eq!(durations.average(), (many + 1) * 1000 / 2);
        for (found, percent) in durations.percentiles([1, 50, 99]).into_iter().zip([1, 50, 99]) {
            let expected = (many * percent).div_ceil(100) * 1000;
            assert!(found.abs_diff(expected) * 100 < expected, "{percent} %: {found}, not {expected}");
        }
    }
}
