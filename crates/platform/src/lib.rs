//! The outside world: the clock and the disk behind traits, what this process uses, and the processor's cache.
//!
//! Only this crate asks the system for the time or touches the file system, so every test can own both.

mod clock;
pub mod disk;
pub mod file;
mod prefetch;
pub mod process;

pub use clock::{Clock, SystemClock};
pub use prefetch::prefetch;
