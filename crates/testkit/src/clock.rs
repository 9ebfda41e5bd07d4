//! A clock that stands still until a test moves it.

use std::sync::atomic::{AtomicI64, Ordering};

use platform::Clock;
use span::Timestamp;

/// A clock whose time changes only by [`SimClock::advance`].
#[derive(Debug)]
pub struct SimClock(AtomicI64);

impl SimClock {
    pub fn at(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.0))
    }

    pub fn advance(&self, nanos: i64) {
        self.0.fetch_add(nanos, Ordering::SeqCst);
    }
}

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}
