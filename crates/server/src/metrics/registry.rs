//! All metrics of one server, and how handlers count.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::{Registry, Unit};
use store::{Accepted, Store, TrustedClock};
use wire::otlp::{Code, Repairs};

use super::collect::{BudgetCollector, ProcessCollector, StoreCollector};
use super::protocols::{Protocol, ProtocolMetrics};
use super::requests::RequestMetrics;
use crate::budgets::Budgets;
use crate::limits::Limits;
use crate::offload::{Reads, ReadsFull};
use crate::recent_totals::RecentTotals;
use crate::scans::Scans;

/// Why a span is rejected that is larger than a frame of the log.
pub(crate) const SPAN_TOO_LARGE: &str = "span_too_large";
/// Limit: scrapes that are answered at once. They have permits of their own, because metrics are wanted most while
/// all other reads wait.
const SCRAPES_MAX: usize = 2;

/// Where the numbers come from that others hold.
pub(crate) struct Sources<'a> {
    pub(crate) store: &'a Arc<Store>,
    pub(crate) clock: &'a Arc<TrustedClock>,
    pub(crate) rootless_totals: &'a Arc<RecentTotals>,
    pub(crate) budgets: &'a Budgets,
    pub(crate) scans: &'a Arc<Scans>,
    pub(crate) reads: &'a Arc<Reads>,
    pub(crate) limits: &'a Limits,
}

pub(crate) struct Metrics {
    registry: Arc<Registry>,
    scrapes: Arc<Reads>,
    received: Counter<u64, AtomicU64>,
    rejected: Counter<u64, AtomicU64>,
    body_bytes: Counter<u64, AtomicU64>,
    protocols: ProtocolMetrics,
    pub(super) requests: RequestMetrics,
}

impl Metrics {
    pub(crate) fn new(sources: &Sources<'_>) -> Self {
        let mut registry = Registry::with_prefix("traced");
        let (received, rejected, body_bytes) = (Counter::default(), Counter::default(), Counter::default());
        registry.register(
            "spans_received",
            "Spans that came in: stored + repeated + stale + rejected",
            received.clone(),
        );
        registry.register("spans_rejected", "Spans that were refused", rejected.clone());
        let help = "Bytes of bodies whose spans were accepted, after decompression";
        registry.register_with_unit("batch_body", help, Unit::Bytes, body_bytes.clone());
        let protocols = ProtocolMetrics::register(&mut registry);
        let requests = RequestMetrics::register(&mut registry);
        registry.register_collector(Box::new(StoreCollector::new(
            sources.store,
            sources.clock,
            sources.rootless_totals,
        )));
        registry.register_collector(Box::new(BudgetCollector::new(
            sources.budgets,
            sources.reads,
            sources.scans,
        )));
        registry.register_collector(Box::new(ProcessCollector));
        let scrapes = Reads::new(SCRAPES_MAX, sources.limits.read_wait);
        let registry = Arc::new(registry);
        Self { registry, scrapes, received, rejected, body_bytes, protocols, requests }
    }

    /// All metrics as text. How the store stands is a question to it, so this is a read.
    pub(super) async fn encode(&self) -> Result<Result<String, fmt::Error>, ReadsFull> {
        let registry = Arc::clone(&self.registry);
        let scrape = move || {
            let mut text = String::new();
            encode(&mut text, &registry).map(|()| text)
        };
        self.scrapes.run(scrape).await
    }

    /// Counts spans by what became of them in the store; those that are too large count as rejected.
    pub(crate) fn count_judged(&self, protocol: Protocol, accepted: &Accepted) {
        self.received.inc_by(accepted.total() - accepted.too_large);
        self.protocols.count_judged(protocol, accepted);
        self.count_rejected(protocol, SPAN_TOO_LARGE, accepted.too_large);
    }

    /// Counts spans that came in and are refused.
    pub(crate) fn count_rejected(&self, protocol: Protocol, reason: &'static str, spans: u64) {
        if spans > 0 {
            self.received.inc_by(spans);
            self.rejected.inc_by(spans);
            self.protocols.count_rejected(protocol, reason, spans);
        }
    }

    /// Counts a body whose spans went to the store.
    pub(crate) fn count_body(&self, bytes: u64) {
        self.body_bytes.inc_by(bytes);
    }

    /// Counts a request that cannot be parsed.
    pub(crate) fn count_malformed(&self, protocol: Protocol) {
        self.protocols.count_malformed(protocol);
    }

    /// Counts an answer over gRPC by its code; `None` is success.
    pub(crate) fn count_grpc(&self, refused: Option<Code>) {
        self.protocols.count_grpc(refused);
    }

    /// Counts what was wrong in a request and could be put right.
    pub(crate) fn count_repairs(&self, protocol: Protocol, repairs: &Repairs) {
        self.protocols.count_repairs(protocol, repairs);
    }
}
