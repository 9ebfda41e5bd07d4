//! The thread that keeps the store, whether or not a request comes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use platform::Clock;

use crate::store::Store;

/// Limit: how long what is due may wait, if nobody wakes the thread.
const INTERVAL_MAX: Duration = Duration::from_secs(1);
const INTERVAL_WINDOW_PARTS: u32 = 32;
const INTERVAL_MIN: Duration = Duration::from_millis(10);

/// Wakes the worker.
#[derive(Default)]
pub(crate) struct Wake {
    is_called: AtomicBool,
    called: Mutex<bool>,
    changed: Condvar,
}

impl Wake {
    pub(crate) fn call(&self) {
        // Whoever writes a batch looks here: mostly somebody has called already.
        if !self.is_called.swap(true, Ordering::Relaxed) {
            *self.called.lock() = true;
            self.changed.notify_all();
        }
    }

    fn wait(&self, timeout: Duration) {
        let mut called = self.called.lock();
        if !*called {
            self.changed.wait_for(&mut called, timeout);
        }
        *called = false;
        self.is_called.store(false, Ordering::Relaxed);
    }
}

impl Store {
    /// Wakes the worker when the open generation is large, or memory is short.
    pub(crate) fn wake_if_due(&self) {
        let is_large = self.views.current().open.bytes() >= self.settings.generation_bytes_max();
        if is_large || self.is_memory_short() {
            self.wake.call();
        }
    }
}

/// Maintains the store until it is dropped.
pub struct Worker {
    store: Arc<Store>,
    is_stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// # Errors
    /// Where the system has no thread to give.
    pub fn start(store: Arc<Store>, clock: Arc<dyn Clock>) -> std::io::Result<Self> {
        let interval = (store.settings.window / INTERVAL_WINDOW_PARTS).clamp(INTERVAL_MIN, INTERVAL_MAX);
        let is_stopped = Arc::new(AtomicBool::new(false));
        let (of_thread, stopped) = (Arc::clone(&store), Arc::clone(&is_stopped));
        let thread = std::thread::Builder::new().name("upkeep".to_owned()).spawn(move || {
            while !stopped.load(Ordering::Acquire) {
                of_thread.maintain(clock.now());
                of_thread.wake.wait(interval);
            }
        })?;
        Ok(Self { store, is_stopped, thread: Some(thread) })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.is_stopped.store(true, Ordering::Release);
        self.store.wake.call();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was reported when it happened.
            drop(thread.join());
        }
    }
}
