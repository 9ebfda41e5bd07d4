//! Limited resources: taken while some are left, given back when the holder is dropped.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::clients::open_connections::OpenConnections;
use crate::clients::shares::Shares;
use crate::clients::slots::{Losing, Slots};
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

/// Bodies that are arriving.
#[derive(Clone, Debug)]
pub(crate) struct Bodies {
    /// Those that have just begun. To count them alone is cheap, and most arrive at once.
    pub(crate) early: Arc<Budget>,
    pub(crate) slots: Arc<Slots>,
}

impl Bodies {
    fn new(max: usize) -> Self {
        let early = max / 2;
        Self { early: Budget::new(early), slots: Slots::new(max - early, Losing::Request) }
    }

    pub(crate) fn count(&self) -> usize {
        self.early.held() + self.slots.count()
    }

    pub(crate) fn max(&self) -> usize {
        self.early.max() + self.slots.max()
    }
}

/// The budgets of one server.
#[derive(Clone, Debug)]
pub(crate) struct Budgets {
    pub(crate) queued_bytes: Arc<Budget>,
    pub(crate) bodies: Bodies,
    /// Batches that are being stored: their bodies have arrived.
    pub(crate) batches: Arc<Shares>,
    /// Queries, until the client has taken the answer.
    pub(crate) queries: Arc<Slots>,
    pub(crate) streams: Arc<Shares>,
    pub(crate) connections: Arc<OpenConnections>,
}

impl Budgets {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            queued_bytes: Budget::new(limits.queued_bytes_max),
            bodies: Bodies::new(limits.bodies_max),
            batches: Shares::new(limits.requests_max),
            queries: Slots::new(limits.requests_max, Losing::Connection),
            streams: Shares::new(limits.streams_max),
            connections: OpenConnections::new(limits.connections_max),
        }
    }
}
