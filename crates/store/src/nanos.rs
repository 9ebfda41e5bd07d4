//! Durations as differences of timestamps.

use std::time::Duration;

/// Returns the length in nanoseconds, or the longest that a number holds.
pub(crate) fn nanos(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}
