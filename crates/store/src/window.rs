//! The rolling window: which spans the answers may have.

use std::time::Duration;

use record::WindowStart;
use span::Timestamp;
use sync::Mutex;

use crate::clock::{Now, Setting};
use crate::nanos::nanos;

/// Limit: how long a batch or question may use a cutoff that it has read. The cutoff moves on meanwhile.
const CUTOFF_AGE_MAX: Duration = Duration::from_secs(2);

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
    edge: Mutex<Edge>,
}

/// Where the window begins. Within a setting of the clock it only moves on; with the clock it is set ahead or back.
#[derive(Clone, Copy, Debug)]
struct Edge {
    setting: Setting,
    /// The cutoff by time, from the latest time that anybody has told. `MIN` if nobody has yet.
    by_time: Timestamp,
    /// The highest cutoff by time so far, also in earlier settings.
    by_time_max: Timestamp,
    /// The cutoff by space.
    floor: Timestamp,
    /// The highest floor so far, also in earlier settings. All spans that started before it were evicted.
    floor_max: Timestamp,
    /// What the floor was raised for last.
    raised_for: LimitedBy,
}

impl Edge {
    fn start(&self) -> WindowStart {
        WindowStart { cutoff: self.by_time.max(self.floor), floor: self.floor }
    }

    /// Moves on to a cutoff by time. One from an earlier setting of the clock, or from before the latest, says nothing.
    fn advance(&mut self, by_time: Timestamp, setting: Setting) {
        if setting.number == self.setting.number {
            self.by_time = self.by_time.max(by_time);
        } else if setting.number > self.setting.number {
            let moved = setting.moved_nanos.saturating_sub(self.setting.moved_nanos);
            // Set back, the clock gives new spans earlier starts than evicted spans had. They belong into the window.
            self.floor = self.floor.saturating_add(moved).min(self.floor_max);
            (self.by_time, self.setting) = (by_time, setting);
        }
        self.by_time_max = self.by_time_max.max(self.by_time);
    }
}

impl Window {
    pub(crate) fn new(length: Duration, ahead: Duration) -> Self {
        let edge = Edge {
            setting: Setting::default(),
            by_time: Timestamp::MIN,
            by_time_max: Timestamp::MIN,
            floor: Timestamp::MIN,
            floor_max: Timestamp::MIN,
            raised_for: LimitedBy::Memory,
        };
        Self { length_nanos: nanos(length), ahead_nanos: nanos(ahead), edge: Mutex::new(edge) }
    }

    /// Moves the window on.
    pub(crate) fn advance(&self, now: Now) {
        self.start(now);
    }

    /// Returns the start time from which a span is inside the window.
    pub(crate) fn cutoff(&self, now: Now) -> Timestamp {
        self.start(now).cutoff
    }

    /// Returns where the window begins, and how far space has forced it.
    pub(crate) fn start(&self, now: Now) -> WindowStart {
        let mut edge = self.edge.lock();
        edge.advance(now.time().saturating_sub(self.length_nanos), now.setting());
        edge.start()
    }

    /// Returns what decides where the window begins.
    pub(crate) fn limited_by(&self, now: Now) -> LimitedBy {
        self.advance(now);
        let edge = self.edge.lock();
        if edge.floor <= edge.by_time { LimitedBy::Time } else { edge.raised_for }
    }

    /// Returns the latest start that is accepted. A later one comes from a wrong clock.
    pub(crate) fn latest_accepted(&self, now: Now) -> Timestamp {
        now.latest().saturating_add(self.ahead_nanos)
    }

    /// Returns when a span with this start leaves the window, unless it is evicted for space before.
    pub(crate) fn leaves_at(&self, start: Timestamp) -> Timestamp {
        start.saturating_add(self.length_nanos)
    }

    /// Returns the earliest cutoff that later batches are checked against, unless their request takes very long or the
    /// clock is set back.
    pub(crate) fn oldest_cutoff(&self) -> Timestamp {
        let edge = self.edge.lock();
        edge.by_time.saturating_sub(nanos(CUTOFF_AGE_MAX)).max(edge.floor)
    }

    /// Returns where the window began when anybody asked last.
    pub(crate) fn latest_start(&self) -> WindowStart {
        self.edge.lock().start()
    }

    /// Returns the latest time that anybody has told in this setting of the clock, or `now` if nobody has.
    pub(crate) fn latest_time(&self, now: Timestamp) -> Timestamp {
        let by_time = self.edge.lock().by_time;
        if by_time == Timestamp::MIN { now } else { by_time.saturating_add(self.length_nanos) }
    }

    /// Returns the latest start of spans that were sent while the clock was set as it is now. After it was set back, and
    /// until the time has caught up, everything ahead of the clock was sent before.
    pub(crate) fn latest_of_setting(&self, now: Timestamp) -> Timestamp {
        let edge = *self.edge.lock();
        let time = self.latest_time(now);
        if edge.by_time < edge.by_time_max { time } else { time.saturating_add(self.ahead_nanos) }
    }

    /// Returns the start before which all spans have left the window by time, for good.
    pub(crate) fn expired_before(&self, now: Timestamp) -> Timestamp {
        let now = self.latest_time(now).min(now);
        now.saturating_sub(self.length_nanos).saturating_sub(nanos(CUTOFF_AGE_MAX))
    }

    /// Raises the floor, at most to just above the time.
    ///
    /// Order: called before any span above the old floor is removed, so that no answer shows a part of a trace.
    pub(crate) fn raise_floor(&self, floor: Timestamp, limited_by: LimitedBy) {
        // The clock may have been set back since the floor was chosen.
        let floor = floor.min(self.latest_time(Timestamp::MAX).saturating_add(1));
        let mut edge = self.edge.lock();
        edge.floor = edge.floor.max(floor);
        edge.floor_max = edge.floor_max.max(floor);
        edge.raised_for = limited_by;
    }
}
