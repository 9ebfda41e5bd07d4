//! The source of the time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use span::Timestamp;

/// Limit: how often both clocks are read until nothing comes between.
const ATTEMPTS_MAX: usize = 8;
/// Both clocks were read together if this much time passed at most.
const TOGETHER_MAX: Duration = Duration::from_millis(1);

/// What two clocks say at one moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reading {
    /// The wall clock. It jumps in either direction when somebody sets the system's clock.
    pub wall: Timestamp,
    /// The time since the system was started. It counts while the system sleeps, and nobody can set it.
    pub since_boot: Duration,
}

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// Reads both clocks at one moment.
    fn read(&self) -> Reading;

    /// Returns the time of the wall clock.
    fn now(&self) -> Timestamp {
        self.read().wall
    }
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn read(&self) -> Reading {
        let mut reading = Reading { wall: self.now(), since_boot: since_boot() };
        // The thread may stand still between the clocks. That would look like a jump of the wall clock.
        for _ in 0..ATTEMPTS_MAX {
            let before = reading.since_boot;
            reading = Reading { wall: self.now(), since_boot: since_boot() };
            if reading.since_boot.saturating_sub(before) <= TOGETHER_MAX {
                break;
            }
        }
        reading
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system for the time")]
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Timestamp(i64::try_from(since_epoch.as_nanos()).unwrap_or(i64::MAX))
    }
}

#[cfg(target_os = "linux")]
const SINCE_BOOT: rustix::time::ClockId = rustix::time::ClockId::Boottime;
/// Elsewhere the monotonic clock counts while the system sleeps.
#[cfg(not(target_os = "linux"))]
const SINCE_BOOT: rustix::time::ClockId = rustix::time::ClockId::Monotonic;

fn since_boot() -> Duration {
    let time = rustix::time::clock_gettime(SINCE_BOOT);
    let seconds = Duration::from_secs(u64::try_from(time.tv_sec).unwrap_or(0));
    seconds + Duration::from_nanos(u64::try_from(time.tv_nsec).unwrap_or(0))
}
