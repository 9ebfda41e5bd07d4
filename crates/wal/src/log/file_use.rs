//! Who still needs a file: a count of users, and an event for those who wait until there are none.

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

/// Wakes those who wait, whenever some file of the log has one user less.
#[derive(Debug, Default)]
pub(super) struct ReleaseEvent {
    /// How many threads wait. While there are none, an append pays for no lock here.
    waiters: AtomicUsize,
    /// How often a user has let go while somebody waited.
    releases: Mutex<u64>,
    changed: Condvar,
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
        // Order: this thread lowers the count and then looks for waiters; a waiter says that it waits and then looks at
        // the count. Whatever the interleaving, one of the two sees what the other did, so no wake-up is lost.
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

    /// Returns when `is_done` says so. It is asked at once, and again after each release.
    pub(super) fn wait_until(&self, is_done: impl Fn() -> bool) {
        self.waiters.fetch_add(1, Ordering::SeqCst);
        loop {
            // Order: the number of releases is read before the question. A release between the question and the wait
            // changes the number, and the wait ends at once.
            let releases_before = *self.releases.lock();
            // The lock is not held here: `is_done` takes the log's lock, and a thread that holds that one may announce.
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
