//! Points in time, and half-open ranges of them.

use std::fmt;

/// A point in time, in Unix nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    pub const MIN: Self = Self(i64::MIN);
    pub const MAX: Self = Self(i64::MAX);

    /// Returns the nanoseconds from `earlier` to `self`. The difference of any two times fits in the result, but
    /// `earlier` must not be after `self`.
    pub const fn nanos_since(self, earlier: Self) -> u64 {
        self.0.wrapping_sub(earlier.0).cast_unsigned()
    }

    pub const fn saturating_add(self, nanos: i64) -> Self {
        Self(self.0.saturating_add(nanos))
    }

    pub const fn saturating_sub(self, nanos: i64) -> Self {
        Self(self.0.saturating_sub(nanos))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The times from `from` to `until`, without `until` itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct TimeRange {
    pub from: Timestamp,
    pub until: Timestamp,
}

impl TimeRange {
    pub const ALL: Self = Self { from: Timestamp::MIN, until: Timestamp::MAX };

    pub fn contains(self, time: Timestamp) -> bool {
        self.from <= time && time < self.until
    }
}
