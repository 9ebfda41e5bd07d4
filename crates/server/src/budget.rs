//! Counted resources: taken while there are some, given back when the holder is dropped.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A number of units that many may hold parts of.
#[derive(Debug)]
pub(crate) struct Budget {
    held: AtomicUsize,
    max: usize,
}

impl Budget {
    pub(crate) fn new(max: usize) -> Arc<Self> {
        Arc::new(Self { held: AtomicUsize::new(0), max })
    }

    pub(crate) fn held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }

    pub(crate) fn max(&self) -> usize {
        self.max
    }

    fn try_take(&self, units: usize) -> bool {
        let taken = self.held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |held| {
            held.checked_add(units).filter(|&held| held <= self.max)
        });
        taken.is_ok()
    }

    /// A holder of nothing yet.
    pub(crate) fn share(self: &Arc<Self>) -> Share {
        Share { budget: Arc::clone(self), units: 0 }
    }

    /// A holder of one unit, if one is left.
    pub(crate) fn one(self: &Arc<Self>) -> Option<Share> {
        let mut share = self.share();
        share.grow(1).then_some(share)
    }
}

/// A part of a budget.
#[derive(Debug)]
pub(crate) struct Share {
    budget: Arc<Budget>,
    units: usize,
}

impl Share {
    /// Takes more. False, and nothing taken, where there is not so much left.
    #[must_use]
    pub(crate) fn grow(&mut self, units: usize) -> bool {
        let taken = self.budget.try_take(units);
        self.units += if taken { units } else { 0 };
        taken
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.budget.held.fetch_sub(self.units, Ordering::Relaxed);
    }
}
