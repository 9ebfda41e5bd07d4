//! The damaged segments that one answer does without.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;

use super::live_segment::LiveSegment;

/// Belongs to one snapshot: a segment that is left out of one question to it is left out of all that follow.
#[derive(Default)]
pub(crate) struct LeftOut {
    /// Looked at for every row; the lock is taken only where there are any.
    has_any: AtomicBool,
    segments: Mutex<Vec<Arc<LiveSegment>>>,
}

impl LeftOut {
    /// True where it was not left out already.
    pub(crate) fn add(&self, segment: &Arc<LiveSegment>) -> bool {
        let mut segments = self.segments.lock();
        if segments.iter().any(|known| Arc::ptr_eq(known, segment)) {
            return false;
        }
        segments.push(Arc::clone(segment));
        self.has_any.store(true, Ordering::Release);
        true
    }

    #[inline]
    pub(crate) fn contains(&self, segment: &Arc<LiveSegment>) -> bool {
        self.has_any.load(Ordering::Acquire)
            && self.segments.lock().iter().any(|known| Arc::ptr_eq(known, segment))
    }

    pub(crate) fn count(&self) -> usize {
        self.segments.lock().len()
    }
}
