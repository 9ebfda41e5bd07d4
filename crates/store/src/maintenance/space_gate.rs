//! Holds a batch back while the memory or the disk is full.

use std::sync::Arc;
use std::time::Duration;

use span::Timestamp;
use sync::Mutex;

use super::maintainer::Maintainer;
use crate::disk_space::DiskSpace;
use crate::error::Overload;
use crate::signal::Signal;
use crate::space::Space;

/// Limit: how long a batch waits for the worker to make space. After that it is refused, and the client sends it
/// again later.
const WAIT_MAX: Duration = Duration::from_millis(50);

pub(crate) struct SpaceGate {
    space: Arc<Space>,
    disk: Arc<DiskSpace>,
    signal: Arc<Signal>,
    /// Used only in a store without a worker.
    maintainer: Arc<Mutex<Maintainer>>,
}

impl SpaceGate {
    pub(crate) fn new(
        space: &Arc<Space>,
        disk: &Arc<DiskSpace>,
        signal: &Arc<Signal>,
        maintainer: &Arc<Mutex<Maintainer>>,
    ) -> Self {
        let (space, disk, signal) = (Arc::clone(space), Arc::clone(disk), Arc::clone(signal));
        Self { space, disk, signal, maintainer: Arc::clone(maintainer) }
    }

    /// Waits until neither the memory nor the disk is full. The worker makes space: the batch does no I/O for that, and
    /// waits for no lock that is held during I/O. Only in a store without a worker does the batch make space itself.
    ///
    /// # Errors
    /// If there is still no space after [`WAIT_MAX`].
    pub(crate) fn wait(&self, now: Timestamp) -> Result<(), Overload> {
        if !self.is_full() {
            return Ok(());
        }
        if self.signal.has_worker() {
            self.signal.call();
            if self.signal.wait_for_step(WAIT_MAX, || !self.is_full()) {
                // Another batch may have taken the space since. It was there for this one as well.
                return Ok(());
            }
        } else {
            self.maintainer.lock().free_space(now);
        }
        if self.space.is_memory_full() {
            let (held, limit) = (self.space.memory_bytes(), self.space.memory_bytes_max());
            return Err(Overload::MemoryFull { held, limit });
        }
        if self.disk.is_full() {
            let (held, limit) = (self.disk.bytes(), self.disk.bytes_max());
            return Err(Overload::DiskFull { held, limit });
        }
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.space.is_memory_full() || self.disk.is_full()
    }

    /// Wakes the worker if little memory or disk is left.
    pub(crate) fn wake_if_short(&self) {
        if self.space.is_memory_short() || self.disk.is_short() {
            self.signal.call();
        }
    }
}
