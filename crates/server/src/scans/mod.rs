//! Questions that go over all roots of the window, or over a hundred thousand of them: statistics, and the points of a
//! chart.
//!
//! Such a question takes as long as hundreds of batches. So scans have few threads of their own, which rest while batches
//! come; they end when nobody waits for them any more; and everybody who asks the same gets one answer.

mod pace;
mod pool;
mod shared;

pub(crate) use pace::{Batches, Pace};
pub(crate) use pool::{ScanError, Scans};
pub(crate) use shared::SharedScans;
