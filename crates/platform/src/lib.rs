//! The outside world behind traits. Only this crate asks the system for the time, so every test can own it.

mod clock;
pub mod file;
pub mod process;

pub use clock::{Clock, SystemClock};
