//! The locks, condition variables and atomics of the engine.
//!
//! These are `parking_lot`'s and the standard library's own, under their own names. What is checked by the model
//! checker takes them from here, because `crates/modelcheck` has the same names for its own types: a package there
//! compiles the same sources with those instead. So nothing in the sources says which of the two they are compiled
//! with, and what ships knows no model checker.

pub use parking_lot::{Condvar, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};

pub mod atomic {
    //! Atomics of the standard library.

    pub use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
}
