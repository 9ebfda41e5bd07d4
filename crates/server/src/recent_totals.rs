//! How many traces the streams' filters select, and how many rootless ones.
//!
//! To count the traces with errors takes milliseconds for each million, and a stream wants the number twice a second. So
//! all who ask the same share a count, and all counts together take a part of one core's time: a total may be
//! older than the traces of its answer.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use store::Selection;
use tokio::time::Instant;

/// How long a total is used at least.
const AGE_MIN: Duration = Duration::from_millis(500);
/// Limit: the time between two counts of one filter is at least so many times what all filters' counts take.
const PAUSES: u32 = 16;
/// Limit: filters whose totals are kept: those of the last minute's streams.
const KEPT_MAX: Duration = Duration::from_mins(1);

#[derive(Default)]
pub(crate) struct RecentTotals {
    known: Mutex<HashMap<Selection, Known>>,
}

struct Known {
    total: u64,
    counted_at: Instant,
    took: Duration,
    is_being_counted: bool,
}

impl RecentTotals {
    /// Returns the last total, or that of `count` if it is time for another one.
    pub(crate) fn get(&self, selection: Selection, count: impl FnOnce() -> u64) -> u64 {
        let began = Instant::now();
        if let Some(total) = self.still_good(selection, began) {
            return total;
        }
        let total = count();
        let known = Known { total, counted_at: began, took: began.elapsed(), is_being_counted: false };
        self.known.lock().insert(selection, known);
        total
    }

    /// Returns `None` if the caller is to count.
    fn still_good(&self, selection: Selection, now: Instant) -> Option<u64> {
        let mut known = self.known.lock();
        known.retain(|_, one| now.duration_since(one.counted_at) < KEPT_MAX);
        let all: Duration = known.values().map(|one| one.took).sum();
        let one = known.get_mut(&selection)?;
        if one.is_being_counted || now.duration_since(one.counted_at) < AGE_MIN.max(all * PAUSES) {
            return Some(one.total);
        }
        one.is_being_counted = true;
        None
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use span::TimeRange;
    use store::{Outcome, Selection};

    use super::RecentTotals;

    #[tokio::test(start_paused = true)]
    async fn a_count_that_takes_long_is_repeated_seldom() {
        let totals = RecentTotals::default();
        let errors = Selection { range: TimeRange::ALL, outcome: Outcome::Error };
        let other = Selection { outcome: Outcome::Ok, ..errors };
        let known = || panic!("the total is known");
        assert_eq!(totals.get(errors, || 5), 5);
        assert_eq!((totals.get(errors, known), totals.get(other, || 7)), (5, 7));
        tokio::time::advance(Duration::from_millis(501)).await;
        assert_eq!(totals.get(errors, || 6), 6, "nothing takes time here, so half a second is enough");
        totals.known.lock().values_mut().for_each(|one| one.took = Duration::from_millis(100));
        tokio::time::advance(Duration::from_secs(3)).await;
        assert_eq!(totals.get(errors, known), 6, "two counts of 100 ms, sixteen times");
        tokio::time::advance(Duration::from_millis(300)).await;
        assert_eq!(totals.get(errors, || 8), 8);
    }
}
