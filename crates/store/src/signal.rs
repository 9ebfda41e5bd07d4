//! Lets requests wake the maintenance thread, and wait for its next step.

use std::cell::Cell;
use std::time::Duration;
use sync::atomic::{AtomicBool, Ordering};

use sync::{Condvar, Mutex};

#[derive(Default)]
pub(crate) struct Signal {
    has_worker: AtomicBool,
    /// A copy of `state` that a batch reads without the lock, because mostly the worker was called already.
    is_called: AtomicBool,
    state: Mutex<bool>,
    called: Condvar,
    /// Counts the steps of maintenance that may have freed memory.
    steps: Mutex<u64>,
    stepped: Condvar,
}

impl Signal {
    /// Notes that a thread maintains the store from here on.
    pub(crate) fn worker_starts(&self) {
        self.has_worker.store(true, Ordering::Release);
    }

    /// Notes that no thread does any more, and wakes those that wait for it.
    pub(crate) fn worker_ends(&self) {
        self.has_worker.store(false, Ordering::Release);
        self.step_done();
    }

    pub(crate) fn has_worker(&self) -> bool {
        self.has_worker.load(Ordering::Acquire)
    }

    /// Wakes the worker.
    pub(crate) fn call(&self) {
        // Release: the worker that clears the flag sees what this call is for, even if another call has set it before.
        if !self.is_called.swap(true, Ordering::AcqRel) {
            *self.state.lock() = true;
            self.called.notify_all();
        }
    }

    /// Waits for a call, at most for `timeout`.
    pub(crate) fn wait_for_call(&self, timeout: Duration) {
        let mut state = self.state.lock();
        if !*state {
            self.called.wait_for(&mut state, timeout);
        }
        *state = false;
        self.is_called.swap(false, Ordering::AcqRel);
    }

    /// Notes that a step of maintenance is done, and wakes those that wait for space.
    pub(crate) fn step_done(&self) {
        *self.steps.lock() += 1;
        self.stepped.notify_all();
    }

    /// Waits until `is_done` holds after a step of maintenance, at most for `timeout`. Returns whether it held then; others
    /// may have changed it since.
    pub(crate) fn wait_for_step(&self, timeout: Duration, is_done: impl Fn() -> bool) -> bool {
        let has_held = Cell::new(false);
        let waits = || {
            has_held.set(is_done());
            self.has_worker() && !has_held.get()
        };
        let mut steps = self.steps.lock();
        self.stepped.wait_while_for(&mut steps, |_| waits(), timeout);
        has_held.get()
    }
}
