//! What makes one run of the engine differ from another: locks, condition variables, atomics, threads, and the keys of
//! hash tables.
//!
//! These are the types of `parking_lot`, the standard library and `foldhash`, under their own names. Crates that are
//! checked by the model checker take them from here, because `crates/modelcheck` has the same names for its own types:
//! a package there compiles the same sources with those instead. So the sources do not say which of the two they are
//! compiled with, and the binary has no part of the model checker.

pub use foldhash::quality::RandomState;
pub use parking_lot::{Condvar, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};
pub use std::thread;

pub mod atomic {
    //! Atomics of the standard library.

    pub use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, AtomicUsize, Ordering};
}
