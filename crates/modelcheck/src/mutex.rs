//! `parking_lot::Mutex`, as far as it is used.

use std::ops::{Deref, DerefMut};
use std::sync::PoisonError;

use shuttle::sync;

#[derive(Default, Debug)]
pub struct Mutex<T>(sync::Mutex<T>);

#[derive(Debug)]
#[must_use = "the lock is held as long as this lives"]
pub struct MutexGuard<'a, T> {
    mutex: &'a Mutex<T>,
    /// None only while the lock is let go, which takes the guard by `&mut`.
    pub(crate) held: Option<sync::MutexGuard<'a, T>>,
}

impl<T> Mutex<T> {
    pub const fn new(value: T) -> Self {
        Self(sync::Mutex::new(value))
    }

    pub fn lock(&self) -> MutexGuard<'_, T> {
        MutexGuard { mutex: self, held: Some(self.hold()) }
    }

    /// A thread that panicked fails the check by itself: the lock has no say in it.
    fn hold(&self) -> sync::MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn get_mut(&mut self) -> &mut T {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> MutexGuard<'_, T> {
    /// Lets the lock go while `work` runs.
    pub fn unlocked<R>(this: &mut Self, work: impl FnOnce() -> R) -> R {
        this.held = None;
        let result = work();
        this.held = Some(this.mutex.hold());
        result
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.held.as_ref().expect("the lock is held")
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.held.as_mut().expect("the lock is held")
    }
}
