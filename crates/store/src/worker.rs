//! The thread that maintains the store, with or without requests.

use std::sync::Arc;
use std::time::Duration;
use sync::atomic::{AtomicBool, Ordering};
use sync::thread::JoinHandle;

use crate::clock::TrustedClock;
use crate::store::Store;

/// Limit: how long due work may wait if nothing wakes the thread.
const INTERVAL_MAX: Duration = Duration::from_secs(1);
const INTERVAL_WINDOW_PARTS: u32 = 32;
const INTERVAL_MIN: Duration = Duration::from_millis(10);

/// Maintains the store until it is dropped.
pub struct Worker {
    store: Arc<Store>,
    is_stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// # Errors
    /// If the system cannot start a thread.
    pub fn start(store: Arc<Store>, clock: Arc<TrustedClock>) -> std::io::Result<Self> {
        let interval = (store.window_length() / INTERVAL_WINDOW_PARTS).clamp(INTERVAL_MIN, INTERVAL_MAX);
        let is_stopped = Arc::new(AtomicBool::new(false));
        let (of_thread, stopped) = (Arc::clone(&store), Arc::clone(&is_stopped));
        store.signal().worker_starts();
        let spawned = sync::thread::Builder::new().name("maintenance".to_owned()).spawn(move || {
            while !stopped.load(Ordering::Acquire) {
                of_thread.maintain(clock.now());
                of_thread.signal().wait_for_call(interval);
            }
        });
        if spawned.is_err() {
            store.signal().worker_ends();
        }
        Ok(Self { store, is_stopped, thread: Some(spawned?) })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.is_stopped.store(true, Ordering::Release);
        self.store.signal().call();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was reported when it happened.
            drop(thread.join());
        }
        self.store.signal().worker_ends();
    }
}
