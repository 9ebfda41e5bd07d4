//! Who still needs a file: a count, and a released for those who wait until nobody does.

use std::ops::Deref;
use std::sync::Arc;

use sync::atomic::{AtomicUsize, Ordering};
use sync::{Condvar, Mutex};

/// Stands for a file, by its number. A file is in use while somebody else than the log's table has a clone.
#[derive(Debug)]
pub(super) struct FileUse {
    number: u64,
    users: Arc<Users>,
}

#[derive(Debug)]
struct Users {
    count: AtomicUsize,
    released: Arc<ReleaseEvent>,
}

/// Rings whenever a file has one user less, if somebody listens.
#[derive(Debug, Default)]
pub(super) struct ReleaseEvent {
    listeners: AtomicUsize,
    /// How often.
    rung: Mutex<u64>,
    rings: Condvar,
}

impl FileUse {
    pub(super) fn new(number: u64, released: &Arc<ReleaseEvent>) -> Self {
        Self { number, users: Arc::new(Users { count: AtomicUsize::new(1), released: Arc::clone(released) }) }
    }

    /// Whether this one is the only one. What the others did before they let go has happened then.
    pub(super) fn is_only(&self) -> bool {
        self.users.count.load(Ordering::SeqCst) == 1
    }
}

impl Deref for FileUse {
    type Target = u64;

    fn deref(&self) -> &u64 {
        &self.number
    }
}

impl Clone for FileUse {
    fn clone(&self) -> Self {
        self.users.count.fetch_add(1, Ordering::SeqCst);
        Self { number: self.number, users: Arc::clone(&self.users) }
    }
}

impl Drop for FileUse {
    fn drop(&mut self) {
        // Order: the count before the look at who listens; who listens says so before it looks at the count. So
        // one of the two sees the other.
        self.users.count.fetch_sub(1, Ordering::SeqCst);
        if self.users.released.listeners.load(Ordering::SeqCst) > 0 {
            *self.users.released.rung.lock() += 1;
            self.users.released.rings.notify_all();
        }
    }
}

impl ReleaseEvent {
    /// Returns when `is_done`, which is asked again whenever it rings.
    pub(super) fn wait_until(&self, is_done: impl Fn() -> bool) {
        self.listeners.fetch_add(1, Ordering::SeqCst);
        loop {
            let before = *self.rung.lock();
            // Order: asked without the lock, because who rings may hold another one that the question needs.
            if is_done() {
                break;
            }
            let mut rung = self.rung.lock();
            while *rung == before {
                self.rings.wait(&mut rung);
            }
        }
        self.listeners.fetch_sub(1, Ordering::SeqCst);
    }
}
