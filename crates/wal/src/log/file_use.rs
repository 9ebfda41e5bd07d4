//! Counts the users of a file, and wakes threads that wait until there are none.

use std::ops::Deref;
use std::sync::Arc;

use sync::atomic::{AtomicUsize, Ordering};
use sync::{Condvar, Mutex};

/// Marks a file as used, by its number. A file is in use while a clone exists besides the one in the log's table.
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

/// Wakes the waiting threads whenever a file of the log has one user less.
#[derive(Debug, Default)]
pub(super) struct ReleaseEvent {
    /// How many threads wait. While there are none, releasing a file takes no lock here.
    waiters: AtomicUsize,
    /// How often a user released a file while a thread waited.
    releases: Mutex<u64>,
    changed: Condvar,
}

impl FileUse {
    pub(super) fn new(number: u64, released: &Arc<ReleaseEvent>) -> Self {
        Self { number, users: Arc::new(Users { count: AtomicUsize::new(1), released: Arc::clone(released) }) }
    }

    /// Whether there is no other clone. If so, everything that the others did before they were dropped is visible.
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
        // Order: this thread lowers the count and then looks for waiters; a waiter registers and then reads the
        // count. In every interleaving at least one of the two sees what the other did, so no wake-up is lost.
        self.users.count.fetch_sub(1, Ordering::SeqCst);
        self.users.released.announce();
    }
}

impl ReleaseEvent {
    fn announce(&self) {
        if self.waiters.load(Ordering::SeqCst) > 0 {
            *self.releases.lock() += 1;
            self.changed.notify_all();
        }
    }

    /// Returns when `is_done` returns true. It is called at once, and again after each release.
    pub(super) fn wait_until(&self, is_done: impl Fn() -> bool) {
        self.waiters.fetch_add(1, Ordering::SeqCst);
        loop {
            // Order: the number of releases is read before `is_done` is called. A release in between changes the
            // number, and the wait ends at once.
            let releases_before = *self.releases.lock();
            // The lock is not held here: `is_done` takes the log's lock, and a thread that holds the log's lock may
            // announce.
            if is_done() {
                break;
            }
            let mut releases = self.releases.lock();
            while *releases == releases_before {
                self.changed.wait(&mut releases);
            }
        }
        self.waiters.fetch_sub(1, Ordering::SeqCst);
    }
}
