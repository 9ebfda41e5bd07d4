//! The rolling window: which spans the answers may have.

use std::time::Duration;
use sync::atomic::{AtomicBool, AtomicI64, Ordering};

use record::WindowStart;
use span::Timestamp;

/// Limit: how far the system's clock may be set back without moving the cutoff, so that expired spans stay expired.
/// If it is set back further, the clock is believed.
const SETBACK_MAX: Duration = Duration::from_secs(2);

/// What decides how far back the store reaches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LimitedBy {
    Time,
    Memory,
    Disk,
}

pub(crate) struct Window {
    length_nanos: i64,
    ahead_nanos: i64,
    /// The latest cutoff by time.
    by_time: AtomicI64,
    /// All spans that start before this were evicted for space. It only rises.
    floor: AtomicI64,
    /// Whether the disk was full when the floor was raised last; otherwise the memory was.
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
            by_time: AtomicI64::new(Timestamp::MIN.0),
            floor: AtomicI64::new(Timestamp::MIN.0),
            is_disk_full: AtomicBool::new(false),
        }
    }

    /// Returns the start time from which a span is inside the window.
    pub(crate) fn cutoff(&self, now: Timestamp) -> Timestamp {
        self.start(now).cutoff
    }

    /// Returns where the window begins, and how far space has forced it.
    pub(crate) fn start(&self, now: Timestamp) -> WindowStart {
        let (by_time, floor) = (self.cutoff_by_time(now), self.floor());
        WindowStart { cutoff: by_time.max(floor), floor }
    }

    fn cutoff_by_time(&self, now: Timestamp) -> Timestamp {
        let by_clock = now.saturating_sub(self.length_nanos);
        let latest = Timestamp(self.by_time.load(Ordering::Acquire));
        if by_clock > latest {
            return Timestamp(self.by_time.fetch_max(by_clock.0, Ordering::AcqRel).max(by_clock.0));
        }
        if latest.nanos_since(by_clock) <= u64::try_from(SETBACK_MAX.as_nanos()).expect("seconds fit") {
            return latest;
        }
        self.by_time.store(by_clock.0, Ordering::Release);
        by_clock
    }

    /// Returns what decides where the window begins.
    pub(crate) fn limited_by(&self, now: Timestamp) -> LimitedBy {
        if self.floor() <= self.cutoff_by_time(now) {
            LimitedBy::Time
        } else if self.is_disk_full.load(Ordering::Relaxed) {
            LimitedBy::Disk
        } else {
            LimitedBy::Memory
        }
    }

    /// Returns the latest start that is accepted. A later one comes from a wrong clock.
    pub(crate) fn latest_accepted(&self, now: Timestamp) -> Timestamp {
        now.saturating_add(self.ahead_nanos)
    }

    /// Returns when a span with this start leaves the window, unless it is evicted for space before.
    pub(crate) fn leaves_at(&self, start: Timestamp) -> Timestamp {
        start.saturating_add(self.length_nanos)
    }

    /// Returns the earliest cutoff that later batches are checked against, unless their request takes very long.
    pub(crate) fn oldest_cutoff(&self) -> Timestamp {
        let latest = Timestamp(self.by_time.load(Ordering::Acquire));
        latest.saturating_sub(nanos(SETBACK_MAX)).max(self.floor())
    }

    /// Returns the latest start that any span was checked against.
    pub(crate) fn latest_start(&self) -> WindowStart {
        let (by_time, floor) = (Timestamp(self.by_time.load(Ordering::Acquire)), self.floor());
        WindowStart { cutoff: by_time.max(floor), floor }
    }

    /// Returns the start before which all spans have left the window by time, for good.
    pub(crate) fn expired_before(&self, now: Timestamp) -> Timestamp {
        now.saturating_sub(self.length_nanos).saturating_sub(nanos(SETBACK_MAX))
    }

    fn floor(&self) -> Timestamp {
        Timestamp(self.floor.load(Ordering::Acquire))
    }

    /// Order: called before any span above the old floor is removed, so that no answer shows a part of a trace.
    pub(crate) fn raise_floor(&self, floor: Timestamp, limited_by: LimitedBy) {
        self.is_disk_full.store(limited_by == LimitedBy::Disk, Ordering::Relaxed);
        self.floor.fetch_max(floor.0, Ordering::AcqRel);
    }
}
