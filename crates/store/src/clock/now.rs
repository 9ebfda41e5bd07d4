//! The instant at which the store is asked something.

use span::Timestamp;

/// A setting of the clock. Within a setting the time goes on; a jump that counts begins another setting.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Setting {
    /// A later setting has a higher number.
    pub number: u64,
    /// How much all jumps so far have moved the time, in nanoseconds.
    pub moved_nanos: i64,
}

/// The instant at which the store is asked something.
///
/// While the clock is doubted there are two times: the trusted one and that of the clock. The window goes by the earlier
/// one, so that nothing leaves it too soon, and the limit for spans ahead of the clock by the later one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Now {
    time: Timestamp,
    latest: Timestamp,
    setting: Setting,
}

impl Now {
    pub(super) fn new(time: Timestamp, latest: Timestamp, setting: Setting) -> Self {
        Self { time, latest, setting }
    }

    /// Returns the time by which the window goes.
    pub fn time(self) -> Timestamp {
        self.time
    }

    /// Returns the latest time that it may be.
    pub fn latest(self) -> Timestamp {
        self.latest
    }

    /// Returns the setting of the clock that the time was read in.
    pub fn setting(self) -> Setting {
        self.setting
    }
}

/// The time of a clock that never jumps.
impl From<Timestamp> for Now {
    fn from(time: Timestamp) -> Self {
        Self { time, latest: time, setting: Setting::default() }
    }
}
