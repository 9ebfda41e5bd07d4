//! The current view, and those that were.

use std::collections::VecDeque;
use std::sync::Arc;

use hot::{Generation, WriteGuard};
use parking_lot::{Condvar, Mutex, RwLock};

use super::{FROZEN, Unit, View};

/// A view that was, and what is no longer in the next.
struct Past {
    view: Arc<View>,
    gone: Vec<Arc<Unit>>,
}

/// Changes are made by one thread at a time (the store's upkeep), while it holds every shard of the open
/// generation: so a writer or a reader that holds a shard of which the epoch is its view's has the current view.
pub(crate) struct Views {
    current: RwLock<Arc<View>>,
    /// The oldest first.
    past: Mutex<VecDeque<Past>>,
    /// Rings when a generation was opened; the number of the last one.
    opened: Mutex<u64>,
    is_open: Condvar,
}

impl Views {
    pub(crate) fn new(first: View) -> Self {
        let opened = Mutex::new(first.open.number());
        Self {
            current: RwLock::new(Arc::new(first)),
            past: Mutex::default(),
            opened,
            is_open: Condvar::new(),
        }
    }

    #[inline]
    pub(crate) fn current(&self) -> Arc<View> {
        Arc::clone(&self.current.read())
    }

    /// The current view, as soon as its open generation is this one or a later one.
    pub(crate) fn with_open(&self, generation: u64) -> Arc<View> {
        let view = self.current();
        if view.open.number() >= generation {
            return view;
        }
        let mut opened = self.opened.lock();
        while *opened < generation {
            self.is_open.wait(&mut opened);
        }
        drop(opened);
        self.current()
    }

    /// Puts another view in the place of the current one. `next` sees it with all shards held; it may make
    /// marks, too. The number of the new view is taken care of.
    pub(crate) fn change(&self, next: impl FnOnce(&View) -> View) {
        let view = self.current();
        let mut shards = view.open.write_all();
        let mut changed = next(&view);
        changed.epoch = view.epoch + 1;
        let goes_on = Arc::ptr_eq(&changed.open, &view.open);
        set_epoch(&mut shards, if goes_on { changed.epoch } else { FROZEN });
        if !goes_on {
            set_epoch(&mut changed.open.write_all(), changed.epoch);
        }
        let is_gone = |unit: &&Arc<Unit>| !changed.units.iter().any(|kept| Arc::ptr_eq(kept, unit));
        let gone = view.units.iter().filter(is_gone).cloned().collect();
        let number = changed.open.number();
        *self.current.write() = Arc::new(changed);
        drop(shards);
        if !goes_on {
            *self.opened.lock() = number;
            self.is_open.notify_all();
        }
        self.past.lock().push_back(Past { view, gone });
    }

    /// The units of past views that nobody reads any more.
    pub(crate) fn take_unused(&self) -> Vec<Arc<Unit>> {
        let mut past = self.past.lock();
        let mut unused = Vec::new();
        // Order: from the oldest on, because a reader of an old view also needs what later ones have dropped.
        while past.front().is_some_and(|past| Arc::strong_count(&past.view) == 1) {
            unused.extend(past.pop_front().into_iter().flat_map(|past| past.gone));
        }
        unused
    }

    /// Whether somebody still reads a view that is not the current one.
    pub(crate) fn is_past_read(&self) -> bool {
        !self.past.lock().is_empty()
    }

    /// Whether a unit with this slot is no longer in the view, but its rows are still in the directory.
    pub(crate) fn is_past(&self, slot: u16) -> bool {
        self.past.lock().iter().any(|past| past.gone.iter().any(|unit| unit.slot == slot))
    }

    pub(crate) fn open(&self) -> Arc<Generation> {
        Arc::clone(&self.current.read().open)
    }
}

fn set_epoch(shards: &mut [WriteGuard<'_>], epoch: u64) {
    for shard in shards {
        shard.epoch = epoch;
    }
}
