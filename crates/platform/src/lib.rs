//! The outside world behind traits. Only this crate asks the system for the time or touches the file system, so
//! every test can own both.

mod clock;
pub mod disk;
pub mod file;
pub mod process;

pub use clock::{Clock, SystemClock};
