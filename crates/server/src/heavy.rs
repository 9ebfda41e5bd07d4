//! Work that takes long enough to stand in the way of other requests.

use tokio::runtime::{Handle, RuntimeFlavor};

/// Limit: up to this many bytes a body is worked through where it is (tens of microseconds); beyond, the
/// runtime moves its other tasks to another thread first.
const INLINE_BYTES_MAX: usize = 256 * 1024;

/// Runs `work` on `bytes` bytes.
pub(crate) fn run<R>(bytes: usize, work: impl FnOnce() -> R) -> R {
    if bytes > INLINE_BYTES_MAX { wait(work) } else { work() }
}

/// Runs `work`, which waits for something.
pub(crate) fn wait<R>(work: impl FnOnce() -> R) -> R {
    // A runtime of one thread has no other to move its tasks to.
    let has_threads = Handle::current().runtime_flavor() == RuntimeFlavor::MultiThread;
    if has_threads { tokio::task::block_in_place(work) } else { work() }
}
