//! Checks of concurrency: the names of `sync` with the types of a model checker, and what runs a check with them.
//!
//! The model checker is `shuttle`. It runs the threads of a check as coroutines on one thread and chooses at each lock,
//! wait, notification and atomic which thread runs next, by a seed, so that a failing interleaving can be run again.
//! For that reason hash tables have a fixed key here. If no thread can run, the check fails and names the waiting
//! threads: a lost wake-up is found without a timeout.
//!
//! A crate is checked by a package beside this one, such as `crates/modelcheck/wal`: it compiles the sources of the
//! crate once more, with this library in the place of `sync`. Types that wait must all come from here, also those of
//! crates below, if they hold a lock while another one is waited for.
//!
//! It has three limits. No time passes, so no timeout expires. Every atomic is as strong as `SeqCst`, whatever the code
//! asks for. And not all interleavings are run: what is found depends on how many are.

mod condvar;
mod explore;
mod mutex;
mod rwlock;
mod slow_disk;

pub use condvar::Condvar;
pub use explore::explore;
pub use mutex::{Mutex, MutexGuard};
pub use rwlock::{RwLock, RwLockReadGuard, RwLockWriteGuard};
pub use slow_disk::SlowDisk;

pub use foldhash::quality::FixedState as RandomState;
pub use shuttle::thread;

pub mod atomic {
    //! Atomics at which another thread may go on.

    pub use shuttle::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, AtomicUsize, Ordering};
}
