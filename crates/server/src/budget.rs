//! Limited resources: taken while some are left, given back when the holder is dropped.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::limits::Limits;

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

    /// A permit for nothing yet, which can grow.
    pub(crate) fn empty_permit(self: &Arc<Self>) -> Permit {
        Permit { budget: Arc::clone(self), units: 0 }
    }

    /// A permit for one unit, if one is left.
    pub(crate) fn try_one(self: &Arc<Self>) -> Option<Permit> {
        let mut permit = self.empty_permit();
        permit.grow(1).then_some(permit)
    }
}

/// A part of a budget, held until it is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    budget: Arc<Budget>,
    units: usize,
}

impl Permit {
    /// Takes more. False, and nothing taken, where fewer units are left.
    #[must_use]
    pub(crate) fn grow(&mut self, units: usize) -> bool {
        let taken = self.budget.try_take(units);
        self.units += if taken { units } else { 0 };
        taken
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.budget.held.fetch_sub(self.units, Ordering::Relaxed);
    }
}

/// The budgets of one server.
#[derive(Clone, Debug)]
pub(crate) struct Budgets {
    pub(crate) queued_bytes: Arc<Budget>,
    pub(crate) requests: Arc<Budget>,
    pub(crate) connections: Arc<Budget>,
    pub(crate) streams: Arc<Budget>,
}

impl Budgets {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            queued_bytes: Budget::new(limits.queued_bytes_max),
            requests: Budget::new(limits.requests_max),
            connections: Budget::new(limits.connections_max),
            streams: Budget::new(limits.streams_max),
        }
    }
}
