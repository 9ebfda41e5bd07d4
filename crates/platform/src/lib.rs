//! The outside world: clock and disk behind traits, the resources of this process, and the processor's cache.
//!
//! Only this crate asks the system for the time or accesses the file system, so a test can replace both.

mod clock;
pub mod disk;
pub mod file;
mod prefetch;
pub mod process;

pub use clock::{Clock, Reading, SystemClock};
pub use prefetch::prefetch;
