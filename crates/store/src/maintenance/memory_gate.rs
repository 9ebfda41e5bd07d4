//! Holds a batch back while the memory is full.

use std::sync::Arc;
use std::time::Duration;

use span::Timestamp;
use sync::Mutex;

use super::maintainer::Maintainer;
use crate::error::Overload;
use crate::signal::Signal;
use crate::space::Space;

/// Limit: how long a batch waits for the worker to make space. After that it is refused, and the client sends it
/// again later.
const WAIT_MAX: Duration = Duration::from_millis(50);

pub(crate) struct MemoryGate {
    space: Arc<Space>,
    signal: Arc<Signal>,
    /// Used only in a store without a worker.
    maintainer: Arc<Mutex<Maintainer>>,
}

impl MemoryGate {
    pub(crate) fn new(space: &Arc<Space>, signal: &Arc<Signal>, maintainer: &Arc<Mutex<Maintainer>>) -> Self {
        let (space, signal) = (Arc::clone(space), Arc::clone(signal));
        Self { space, signal, maintainer: Arc::clone(maintainer) }
    }

    /// Waits until the memory is no longer full. The worker frees memory: the batch does no I/O itself and waits for no
    /// lock that is held during I/O. Only in a store without a worker does the batch free memory itself.
    ///
    /// # Errors
    /// If the memory is still full after [`WAIT_MAX`].
    pub(crate) fn wait(&self, now: Timestamp) -> Result<(), Overload> {
        if !self.space.is_memory_full() {
            return Ok(());
        }
        if self.signal.has_worker() {
            self.signal.call();
            self.signal.wait_for_step(WAIT_MAX, || !self.space.is_memory_full());
        } else {
            self.maintainer.lock().free_memory(now);
        }
        if self.space.is_memory_full() {
            let (held, limit) = (self.space.memory_bytes(), self.space.memory_bytes_max());
            return Err(Overload::MemoryFull { held, limit });
        }
        Ok(())
    }

    /// Wakes the worker if little memory is left.
    pub(crate) fn wake_if_short(&self) {
        if self.space.is_memory_short() {
            self.signal.call();
        }
    }
}
