//! The thread that gives memory back, whether or not a request comes.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;

use platform::Clock;

use crate::store::Store;

/// Limit: how long memory of an expired span may wait, beside the step of a chunk.
const INTERVAL_MAX: Duration = Duration::from_secs(1);
const INTERVAL_WINDOW_PARTS: u32 = 32;
const INTERVAL_MIN: Duration = Duration::from_millis(10);

/// Evicts until it is dropped.
pub struct Evictor {
    /// Closed to stop the thread.
    stop: Option<mpsc::SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Evictor {
    /// # Errors
    /// Where the system has no thread to give.
    pub fn start(store: Arc<Store>, clock: Arc<dyn Clock>) -> std::io::Result<Self> {
        let interval = (store.settings.window / INTERVAL_WINDOW_PARTS).clamp(INTERVAL_MIN, INTERVAL_MAX);
        let (stop, stopped) = mpsc::sync_channel(0);
        let thread = std::thread::Builder::new().name("evictor".to_owned()).spawn(move || {
            while stopped.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
                store.evict(clock.now());
            }
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Evictor {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was reported when it happened.
            drop(thread.join());
        }
    }
}
