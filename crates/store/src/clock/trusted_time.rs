//! Tells jumps of the wall clock from the time that passes.
//!
//! The wall clock is compared with the time since the system was started, which nobody sets. If both go on alike, the wall
//! clock is trusted. If it jumps, it is doubted until it has held for [`HOLD`]: jumps are often put right soon, and what
//! has been evicted by a wrong clock does not come back.

use std::time::Duration;

use platform::Reading;
use span::Timestamp;

use super::now::{Now, Setting};
use crate::nanos::nanos;

/// Limit: how far the wall clock may move against the time since the start, between two readings, without being doubted.
/// The system may be correcting its clock gradually.
const JUMP_MIN: Duration = Duration::from_secs(2);
/// Limit: how long a clock that has jumped is doubted. Then the new time is trusted.
const HOLD: Duration = Duration::from_mins(5);

/// A jump of the clock that is not trusted yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Doubt {
    /// How far the clock is ahead of the trusted time, in nanoseconds; negative if it was set back.
    pub ahead_nanos: i64,
    /// When the clock is trusted if it holds.
    pub trusted_in: Duration,
}

/// The time of the wall clock, as far as it is trusted. A pure state machine: it is told what the clocks say.
#[derive(Clone, Debug)]
pub struct TrustedTime {
    /// How far the trusted time is ahead of the time since the start, in nanoseconds. So are all offsets.
    trusted: i64,
    jumped: Option<Jumped>,
    jumps: u64,
    /// The time since the start at the latest reading.
    since_boot: Duration,
    setting: Setting,
    /// The highest offset of the time in this setting.
    highest: i64,
}

#[derive(Clone, Copy, Debug)]
struct Jumped {
    offset: i64,
    /// The time since the start at the first reading with about this offset.
    since: Duration,
}

fn offset_of(reading: Reading) -> i64 {
    reading.wall.0.saturating_sub(nanos(reading.since_boot))
}

fn is_near(one: i64, other: i64) -> bool {
    one.abs_diff(other) <= u64::try_from(nanos(JUMP_MIN)).expect("seconds fit")
}

impl TrustedTime {
    /// Trusts a first reading.
    pub fn new(reading: Reading) -> Self {
        let offset = offset_of(reading);
        Self {
            trusted: offset,
            jumped: None,
            jumps: 0,
            since_boot: reading.since_boot,
            setting: Setting::default(),
            highest: offset,
        }
    }

    /// Judges a reading, and returns the time. A reading that comes after a later one is not judged.
    pub fn read(&mut self, reading: Reading) -> Now {
        if reading.since_boot >= self.since_boot {
            self.since_boot = reading.since_boot;
            self.judge(offset_of(reading));
            self.note_setting();
        }
        let at = |offset: i64| Timestamp(nanos(reading.since_boot)).saturating_add(offset);
        let latest = self.jumped.map_or(self.trusted, |jumped| jumped.offset.max(self.trusted));
        Now::new(at(self.earliest()), at(latest), self.setting)
    }

    /// Returns how often the clock has jumped. A clock that is put right has not jumped.
    pub fn jumps(&self) -> u64 {
        self.jumps
    }

    /// Returns what is doubted.
    pub fn doubt(&self) -> Option<Doubt> {
        self.jumped.map(|jumped| Doubt {
            ahead_nanos: jumped.offset.saturating_sub(self.trusted),
            trusted_in: HOLD.saturating_sub(self.since_boot.saturating_sub(jumped.since)),
        })
    }

    fn judge(&mut self, offset: i64) {
        if is_near(offset, self.trusted) {
            (self.trusted, self.jumped) = (offset, None);
            return;
        }
        let since = self.jumped.filter(|jumped| is_near(offset, jumped.offset)).map(|jumped| jumped.since);
        match since {
            Some(since) if self.since_boot.saturating_sub(since) >= HOLD => {
                (self.trusted, self.jumped) = (offset, None);
            }
            _ => {
                self.jumps += u64::from(since.is_none());
                self.jumped = Some(Jumped { offset, since: since.unwrap_or(self.since_boot) });
            }
        }
    }

    /// Begins another setting when the time itself jumps. Small steps back count when they add up.
    fn note_setting(&mut self) {
        let earliest = self.earliest();
        if is_near(earliest, self.highest) {
            self.highest = self.highest.max(earliest);
            return;
        }
        let moved_nanos = self.setting.moved_nanos.saturating_add(earliest.saturating_sub(self.highest));
        self.setting = Setting { number: self.setting.number + 1, moved_nanos };
        self.highest = earliest;
    }

    fn earliest(&self) -> i64 {
        self.jumped.map_or(self.trusted, |jumped| jumped.offset.min(self.trusted))
    }
}
