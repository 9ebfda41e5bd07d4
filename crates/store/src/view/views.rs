//! The current view, and the past views that are still read.

use std::collections::VecDeque;
use std::sync::Arc;

use hot::{Generation, WriteGuard};
use sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use sync::{Condvar, Mutex, RwLock};

use super::live_segment::LiveSegment;
use super::view::View;

/// The epoch of a shard that takes no more spans.
const FROZEN: u64 = u64::MAX;

/// A past view, and the segments that the next view does not have.
struct Past {
    view: Arc<View>,
    removed: Vec<Arc<LiveSegment>>,
}

/// The current view and its predecessors.
///
/// A change holds every shard of the open generation. So a writer or a reader that holds one shard, and finds the
/// epoch of its view there, has the current view.
pub(crate) struct Views {
    current: RwLock<Arc<View>>,
    /// Held while a view is replaced, which takes a few pointers and no I/O. Otherwise two changes could start from
    /// the same view, and one would be lost.
    changing: Mutex<()>,
    /// The oldest first.
    past: Mutex<VecDeque<Past>>,
    /// The memory of generations that only past views have.
    past_bytes: AtomicUsize,
    /// The bytes of segments that only past views have.
    past_segment_bytes: AtomicU64,
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
            past_bytes: AtomicUsize::new(0),
            past_segment_bytes: AtomicU64::new(0),
            opened,
            has_opened: Condvar::new(),
        }
    }

    #[inline]
    pub(crate) fn current(&self) -> Arc<View> {
        Arc::clone(&self.current.read())
    }

    /// Returns the current view, after waiting until its open generation is this one or a later one.
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

    /// Replaces the current view by the one that `next` returns. Returns false if `next` returns none. While `next`
    /// runs, every shard of the open generation is held, so marks change only in `next` itself. It must do no I/O.
    pub(crate) fn change(&self, next: impl FnOnce(&View) -> Option<View>) -> bool {
        let changing = self.changing.lock();
        let view = self.current();
        let mut shards = view.open().write_all();
        let Some(changed) = next(&view) else { return false };
        let changed = changed.with_epoch(view.epoch() + 1);
        let stays_open = Arc::ptr_eq(changed.open(), view.open());
        // The epochs change while every old shard is held. A thread that gets one of these shards afterwards finds
        // another epoch than that of its view, and takes the current view.
        set_epoch(&mut shards, if stays_open { changed.epoch() } else { FROZEN });
        if !stays_open {
            // Order: before the view is in place, so that a thread that takes the new view finds its epoch in the
            // shards.
            set_epoch(&mut changed.open().write_all(), changed.epoch());
        }
        let removed = view.segments().iter().filter(|segment| !changed.contains(segment)).cloned().collect();
        let number = changed.open().number();
        // Order: before the new view is in place. A segment that is in neither could lose its number to another one,
        // while the directory has its rows. The past view is in use until this function returns.
        let mut past = self.past.lock();
        past.push_back(Past { view: Arc::clone(&view), removed });
        self.count_past(&past, &changed);
        drop(past);
        // Order: before the shards are released. A thread that waits for one then finds the new view, and not the old
        // one again.
        *self.current.write() = Arc::new(changed);
        drop(shards);
        if !stays_open {
            // Order: after the view is in place, because a thread that waits in `with_open` takes the current view
            // next.
            *self.opened.lock() = number;
            self.has_opened.notify_all();
        }
        // Order: last, so that past views are in the order of their epochs.
        drop(changing);
        true
    }

    /// Returns the removed segments that are no longer read.
    pub(crate) fn take_unused(&self) -> Vec<Arc<LiveSegment>> {
        let mut past = self.past.lock();
        let mut unused = Vec::new();
        // Order: from the oldest on, because a reader of an old view also needs segments that later views have
        // removed.
        while past.front().is_some_and(|past| Arc::strong_count(&past.view) == 1) {
            unused.extend(past.pop_front().into_iter().flat_map(|past| past.removed));
        }
        self.count_past(&past, &self.current());
        unused
    }

    /// Returns the memory of generations that only past views have. It is freed when their last reader is done.
    pub(crate) fn past_bytes(&self) -> usize {
        self.past_bytes.load(Ordering::Relaxed)
    }

    /// Returns the bytes of segments that only past views have. Their files have no name any more, and the disk gets the
    /// space back when their last reader is done.
    pub(crate) fn past_segment_bytes(&self) -> u64 {
        self.past_segment_bytes.load(Ordering::Relaxed)
    }

    /// Sums the memory up once for each change, because every batch asks for it.
    fn count_past(&self, past: &VecDeque<Past>, current: &View) {
        let mut only_past: Vec<&Arc<Generation>> =
            past.iter().flat_map(|past| past.view.generations()).collect();
        only_past.sort_unstable_by_key(|generation| generation.number());
        only_past.dedup_by_key(|generation| generation.number());
        let oldest = current.oldest_unsealed().number();
        let bytes = only_past.iter().filter(|generation| generation.number() < oldest);
        self.past_bytes.store(bytes.map(|generation| generation.bytes()).sum(), Ordering::Relaxed);
        let removed = past.iter().flat_map(|past| &past.removed);
        let removed = removed.map(|segment| segment.file().meta().bytes).sum();
        self.past_segment_bytes.store(removed, Ordering::Relaxed);
    }

    /// Whether a past view is still read.
    pub(crate) fn is_past_read(&self) -> bool {
        !self.past.lock().is_empty()
    }

    /// Whether a removed segment with this number still has rows in the directory, because it is still read.
    pub(crate) fn is_past_segment(&self, number: u16) -> bool {
        self.past.lock().iter().any(|past| past.removed.iter().any(|segment| segment.number() == number))
    }
}

fn set_epoch(shards: &mut [WriteGuard<'_>], epoch: u64) {
    for shard in shards {
        shard.epoch = epoch;
    }
}
