//! Which spans the store answers for.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use span::Timestamp;

use crate::stats::LimitedBy;

/// Limit: how far the system's clock may be set back without moving the edge of the window, so that what has
/// left stays away. A clock that is set back further is believed.
const SETBACK_MAX: Duration = Duration::from_secs(2);

/// The rolling window, and the floor below which there was no room.
pub(crate) struct Window {
    length_nanos: i64,
    ahead_nanos: i64,
    /// The latest edge by time.
    edge: AtomicI64,
    /// Everything before it is gone for want of room. Only rises.
    floor: AtomicI64,
    /// What was full when the floor was raised last.
    is_disk_full: AtomicBool,
}

pub(crate) fn nanos(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}

impl Window {
    pub(crate) fn new(length: Duration, ahead: Duration) -> Self {
        Self {
            length_nanos: nanos(length),
            ahead_nanos: nanos(ahead),
            edge: AtomicI64::new(Timestamp::MIN.0),
            floor: AtomicI64::new(Timestamp::MIN.0),
            is_disk_full: AtomicBool::new(false),
        }
    }

    /// The start time from which on a span is inside the window by time alone.
    pub(crate) fn cutoff_by_time(&self, now: Timestamp) -> Timestamp {
        let by_clock = now.saturating_sub(self.length_nanos);
        let edge = Timestamp(self.edge.load(Ordering::Acquire));
        if by_clock > edge {
            return Timestamp(self.edge.fetch_max(by_clock.0, Ordering::AcqRel).max(by_clock.0));
        }
        if edge.nanos_since(by_clock) <= u64::try_from(SETBACK_MAX.as_nanos()).expect("seconds fit") {
            return edge;
        }
        self.edge.store(by_clock.0, Ordering::Release);
        by_clock
    }

    /// The start time from which on a span is inside the window.
    pub(crate) fn cutoff(&self, now: Timestamp) -> Timestamp {
        self.cutoff_by_time(now).max(self.floor())
    }

    /// What decides where the window begins.
    pub(crate) fn limited_by(&self, now: Timestamp) -> LimitedBy {
        if self.floor() <= self.cutoff_by_time(now) {
            LimitedBy::Time
        } else if self.is_disk_full.load(Ordering::Relaxed) {
            LimitedBy::Disk
        } else {
            LimitedBy::Memory
        }
    }

    /// The last start time that is taken; later ones are from a clock that is wrong.
    pub(crate) fn latest_accepted(&self, now: Timestamp) -> Timestamp {
        now.saturating_add(self.ahead_nanos)
    }

    /// No batch that comes from now on is judged by an earlier edge, but for those that were very long on the way.
    pub(crate) fn oldest_cutoff(&self) -> Timestamp {
        let edge = Timestamp(self.edge.load(Ordering::Acquire));
        edge.saturating_sub(nanos(SETBACK_MAX)).max(self.floor())
    }

    /// The latest edge that was answered by.
    pub(crate) fn edge(&self) -> Timestamp {
        Timestamp(self.edge.load(Ordering::Acquire)).max(self.floor())
    }

    pub(crate) fn floor(&self) -> Timestamp {
        Timestamp(self.floor.load(Ordering::Acquire))
    }

    /// Order: before anything above the old floor is removed, so that no answer shows half of it.
    pub(crate) fn raise_floor(&self, floor: Timestamp, limited_by: LimitedBy) {
        self.is_disk_full.store(limited_by == LimitedBy::Disk, Ordering::Relaxed);
        self.floor.fetch_max(floor.0, Ordering::AcqRel);
    }
}
