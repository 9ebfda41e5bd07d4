//! The time by which the store judges: the wall clock, unless it has just jumped.

mod now;
mod trusted_clock;
mod trusted_time;

pub use now::{Now, Setting};
pub use trusted_clock::{ClockStatus, TrustedClock};
pub use trusted_time::{Doubt, TrustedTime};
