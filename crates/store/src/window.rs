//! Which spans the store answers for.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use span::Timestamp;

/// Limit: how long the eviction stays behind the edge of the window, so that a question that is being
/// answered still finds all that it may show.
const EVICTION_LAG: Duration = Duration::from_secs(2);

/// The rolling window, and the floor below which memory ran out.
pub(crate) struct Window {
    length_nanos: i64,
    ahead_nanos: i64,
    /// Everything before it is gone for want of room. Only rises.
    floor: AtomicI64,
}

pub(crate) fn nanos(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}

impl Window {
    pub(crate) fn new(length: Duration, ahead: Duration) -> Self {
        Self {
            length_nanos: nanos(length),
            ahead_nanos: nanos(ahead),
            floor: AtomicI64::new(Timestamp::MIN.0),
        }
    }

    /// The start time from which on a span is inside the window by time alone.
    pub(crate) fn cutoff_by_time(&self, now: Timestamp) -> Timestamp {
        now.saturating_sub(self.length_nanos)
    }

    /// The start time from which on a span is inside the window.
    pub(crate) fn cutoff(&self, now: Timestamp) -> Timestamp {
        self.cutoff_by_time(now).max(self.floor())
    }

    /// The last start time that is taken; later ones are from a clock that is wrong.
    pub(crate) fn latest_accepted(&self, now: Timestamp) -> Timestamp {
        now.saturating_add(self.ahead_nanos)
    }

    /// What the eviction may remove.
    pub(crate) fn eviction_cutoff(&self, now: Timestamp) -> Timestamp {
        self.cutoff_by_time(now).saturating_sub(nanos(EVICTION_LAG))
    }

    pub(crate) fn floor(&self) -> Timestamp {
        Timestamp(self.floor.load(Ordering::Acquire))
    }

    /// Order: before anything above the old floor is removed, so that no answer shows half of it.
    pub(crate) fn raise_floor(&self, floor: Timestamp) {
        self.floor.fetch_max(floor.0, Ordering::AcqRel);
    }
}
