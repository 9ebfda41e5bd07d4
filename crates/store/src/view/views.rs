//! The current view, and the past ones that somebody still reads.

use std::collections::VecDeque;
use std::sync::Arc;

use hot::WriteGuard;
use parking_lot::{Condvar, Mutex, RwLock};

use super::live_segment::LiveSegment;
use super::view::View;

/// The epoch of a shard that takes no more spans.
const FROZEN: u64 = u64::MAX;

/// A past view, and the segments that the view after it does not have.
struct Past {
    view: Arc<View>,
    removed: Vec<Arc<LiveSegment>>,
}

/// A change holds every shard of the open generation. So a writer or a reader that holds one shard, and finds the epoch
/// of its view there, has the current view.
pub(crate) struct Views {
    current: RwLock<Arc<View>>,
    /// Held while a view takes the place of another: for some pointers, and never during I/O.
    changing: Mutex<()>,
    /// The oldest first.
    past: Mutex<VecDeque<Past>>,
    /// The number of the last generation that was opened.
    opened: Mutex<u64>,
    has_opened: Condvar,
}

impl Views {
    pub(crate) fn new(first: View) -> Self {
        let opened = Mutex::new(first.open().number());
        Self {
            current: RwLock::new(Arc::new(first)),
            changing: Mutex::new(()),
            past: Mutex::default(),
            opened,
            has_opened: Condvar::new(),
        }
    }

    #[inline]
    pub(crate) fn current(&self) -> Arc<View> {
        Arc::clone(&self.current.read())
    }

    /// The current view, as soon as its open generation is this one or a later one.
    pub(crate) fn with_open(&self, generation: u64) -> Arc<View> {
        let view = self.current();
        if view.open().number() >= generation {
            return view;
        }
        let mut opened = self.opened.lock();
        while *opened < generation {
            self.has_opened.wait(&mut opened);
        }
        drop(opened);
        self.current()
    }

    /// Replaces the current view by the one that `next` makes of it; false where `next` makes none. While `next` runs,
    /// every shard of the open generation is held: no mark changes but those that `next` makes itself. It must do no
    /// I/O.
    pub(crate) fn change(&self, next: impl FnOnce(&View) -> Option<View>) -> bool {
        let changing = self.changing.lock();
        let view = self.current();
        let mut shards = view.open().write_all();
        let Some(changed) = next(&view) else { return false };
        let changed = changed.with_epoch(view.epoch() + 1);
        let stays_open = Arc::ptr_eq(changed.open(), view.open());
        set_epoch(&mut shards, if stays_open { changed.epoch() } else { FROZEN });
        if !stays_open {
            set_epoch(&mut changed.open().write_all(), changed.epoch());
        }
        let removed = view.segments().iter().filter(|segment| !changed.contains(segment)).cloned().collect();
        let number = changed.open().number();
        *self.current.write() = Arc::new(changed);
        drop(shards);
        if !stays_open {
            *self.opened.lock() = number;
            self.has_opened.notify_all();
        }
        // Order: while no other change can come between, so that past views are in the order of their epochs.
        self.past.lock().push_back(Past { view, removed });
        drop(changing);
        true
    }

    /// The removed segments that nobody reads any more.
    pub(crate) fn take_unused(&self) -> Vec<Arc<LiveSegment>> {
        let mut past = self.past.lock();
        let mut unused = Vec::new();
        // Order: from the oldest on, because a reader of an old view also needs what later views have removed.
        while past.front().is_some_and(|past| Arc::strong_count(&past.view) == 1) {
            unused.extend(past.pop_front().into_iter().flat_map(|past| past.removed));
        }
        unused
    }

    /// Whether somebody still reads a past view.
    pub(crate) fn is_past_read(&self) -> bool {
        !self.past.lock().is_empty()
    }

    /// Whether a removed segment with this number still has rows in the directory because somebody reads it.
    pub(crate) fn is_past_segment(&self, number: u16) -> bool {
        self.past.lock().iter().any(|past| past.removed.iter().any(|segment| segment.number() == number))
    }
}

fn set_epoch(shards: &mut [WriteGuard<'_>], epoch: u64) {
    for shard in shards {
        shard.epoch = epoch;
    }
}
