//! A clock that stands still until a test moves it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use platform::{Clock, Reading};
use span::Timestamp;

/// How long the system had been up when the clock was made.
const UP: i64 = 1_000_000_000_000;

/// A clock whose time changes only by [`SimClock::advance`] and [`SimClock::jump`].
#[derive(Debug)]
pub struct SimClock {
    /// Since the system was started.
    since_boot: AtomicI64,
    /// How much the wall clock is ahead of the time since the start.
    offset: AtomicI64,
}

impl SimClock {
    pub fn at(now: Timestamp) -> Self {
        Self { since_boot: AtomicI64::new(UP), offset: AtomicI64::new(now.0 - UP) }
    }

    /// Lets time pass.
    pub fn advance(&self, nanos: i64) {
        self.since_boot.fetch_add(nanos, Ordering::SeqCst);
    }

    /// Sets the wall clock ahead, or back, while no time passes.
    pub fn jump(&self, nanos: i64) {
        self.offset.fetch_add(nanos, Ordering::SeqCst);
    }
}

impl Clock for SimClock {
    fn read(&self) -> Reading {
        let since_boot = self.since_boot.load(Ordering::SeqCst);
        Reading {
            wall: Timestamp(self.offset.load(Ordering::SeqCst) + since_boot),
            since_boot: Duration::from_nanos(since_boot.unsigned_abs()),
        }
    }
}
