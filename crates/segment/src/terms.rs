//! How long a checksum that was verified is trusted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Counts terms of verification. In each term a block is verified when it is first read, so what changes in a file that
/// is open is noticed in the term after. Clones count the same terms, so that many segments have them in common.
#[derive(Clone, Debug)]
pub struct Terms(Arc<AtomicU32>);

impl Default for Terms {
    fn default() -> Self {
        // The number 0 is that of blocks that were never verified.
        Self(Arc::new(AtomicU32::new(1)))
    }
}

impl Terms {
    /// Begins the next term.
    pub fn advance(&self) {
        // Release: a thread that is in this term reads the bytes anew that made somebody begin it.
        if self.0.fetch_add(1, Ordering::Release) == u32::MAX {
            self.0.store(1, Ordering::Release);
        }
    }

    #[inline]
    pub(crate) fn current(&self) -> u32 {
        self.0.load(Ordering::Acquire)
    }
}
