//! The budgets of one server.

use std::sync::Arc;

use budget::Budget;

use crate::clients::open_connections::OpenConnections;
use crate::clients::shares::Shares;
use crate::clients::slots::{Losing, Slots};
use crate::limits::Limits;

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
    /// Memory of request bodies, and of what is decoded from them.
    pub(crate) queued_bytes: Arc<Budget>,
    /// Memory of answers, from the first byte that is read of the store until the client has taken them.
    pub(crate) answer_bytes: Arc<Budget>,
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
            answer_bytes: Budget::new(limits.answer_bytes_max),
            bodies: Bodies::new(limits.bodies_max),
            batches: Shares::new(limits.requests_max),
            queries: Slots::new(limits.requests_max, Losing::Connection),
            streams: Shares::new(limits.streams_max),
            connections: OpenConnections::new(limits.connections_max),
        }
    }
}
