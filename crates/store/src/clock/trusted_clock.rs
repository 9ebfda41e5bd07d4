//! The clock that all of a server shares.

use std::sync::Arc;
use std::time::Duration;

use platform::Clock;
use sync::Mutex;

use super::now::Now;
use super::trusted_time::{Doubt, TrustedTime};

/// Reads the system's clocks, and tells the time as far as it is trusted.
pub struct TrustedClock {
    clock: Arc<dyn Clock>,
    time: Mutex<TrustedTime>,
}

/// Whether the clock is trusted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ClockStatus {
    pub doubt: Option<Doubt>,
    /// How often the clock has jumped since the start.
    pub jumps: u64,
}

impl TrustedClock {
    /// Trusts what the clock says at first.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let time = TrustedTime::new(clock.read());
        Self { clock, time: Mutex::new(time) }
    }

    pub fn now(&self) -> Now {
        // No lock is held while the clock is read.
        let reading = self.clock.read();
        let mut time = self.time.lock();
        let before = status_of(&time);
        let now = time.read(reading);
        let after = status_of(&time);
        drop(time);
        report(before, after);
        now
    }

    pub fn status(&self) -> ClockStatus {
        self.now();
        status_of(&self.time.lock())
    }
}

fn status_of(time: &TrustedTime) -> ClockStatus {
    ClockStatus { doubt: time.doubt(), jumps: time.jumps() }
}

/// Writes one line when the clock begins to be doubted, and one when it is trusted again.
fn report(before: ClockStatus, after: ClockStatus) {
    match after.doubt {
        Some(doubt) if after.jumps > before.jumps => {
            let way = if doubt.ahead_nanos < 0 { "back" } else { "ahead" };
            let jump = Duration::from_nanos(doubt.ahead_nanos.unsigned_abs());
            tracing::warn!(
                "the system's clock was set {way} by {jump:.1?}; nothing is evicted by the new time until it has held for \
                 {:?}",
                doubt.trusted_in
            );
        }
        None if before.doubt.is_some() => tracing::info!("the system's clock is trusted again"),
        _ => {}
    }
}
