//! What the handlers share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use platform::Clock;
use span::Timestamp;
use store::Store;

use crate::api_v1::ApiV1State;
use crate::budget::{Budget, Share};
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::refusal::Refusal;

pub(crate) struct State {
    pub(crate) store: Arc<Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) limits: Limits,
    pub(crate) metrics: Metrics,
    pub(crate) queued_bytes: Arc<Budget>,
    pub(crate) requests: Arc<Budget>,
    pub(crate) connections: Arc<Budget>,
    pub(crate) streams: Arc<Budget>,
    pub(crate) api_v1: ApiV1State,
    /// Batches that the store did not take, and that are to come again.
    pub(crate) refused_batches: AtomicU64,
    /// Requests are taken: from the first connection until the stop.
    ready: AtomicBool,
}

impl State {
    pub(crate) fn new(store: Arc<Store>, clock: Arc<dyn Clock>, limits: Limits) -> Self {
        let queued_bytes = Budget::new(limits.queued_bytes_max);
        let requests = Budget::new(limits.requests_max);
        let connections = Budget::new(limits.connections_max);
        let streams = Budget::new(limits.streams_max);
        let metrics = Metrics::new(&store, &clock, &[&queued_bytes, &requests, &connections]);
        Self {
            store,
            clock,
            limits,
            metrics,
            queued_bytes,
            requests,
            connections,
            streams,
            api_v1: ApiV1State::new(),
            refused_batches: AtomicU64::new(0),
            ready: AtomicBool::new(false),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// From here on requests are taken.
    pub(crate) fn begin(&self) {
        self.ready.store(true, Ordering::Relaxed);
    }

    /// From here on new requests are refused.
    pub(crate) fn stop(&self) {
        self.ready.store(false, Ordering::Relaxed);
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }

    /// A share of the requests that are answered at once, or why there is none.
    pub(crate) fn one_request(&self) -> Result<Share, Refusal> {
        if !self.is_ready() {
            return Err(Refusal::overload("the server is starting or stopping"));
        }
        let sentence = "too many requests are being answered; try again in a second";
        self.requests.one().ok_or_else(|| Refusal::overload(sentence))
    }
}
