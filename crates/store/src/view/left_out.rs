//! The damaged segments that an answer does without.

use std::sync::Arc;
use sync::atomic::{AtomicBool, Ordering};

use sync::Mutex;

use super::live_segment::LiveSegment;

/// The segments that one snapshot leaves out. A segment that is left out of one answer is left out of all later ones.
#[derive(Default)]
pub(crate) struct LeftOut {
    /// Read for every row. The lock is taken only if a segment was left out.
    has_any: AtomicBool,
    segments: Mutex<Vec<Arc<LiveSegment>>>,
}

impl LeftOut {
    /// Leaves a segment out. Returns false if it was left out already.
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
        // Asked for each listed trace, and almost always 0.
        if self.has_any.load(Ordering::Acquire) { self.segments.lock().len() } else { 0 }
    }
}
