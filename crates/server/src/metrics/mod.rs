//! `GET /metrics`: what the server counts, in the text format of `OpenMetrics`, which Prometheus reads.

mod collect;
mod http;
mod protocols;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use axum::extract::State as Shared;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use platform::Clock;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::{Registry, Unit};
use store::{Accepted, Store};
use wire::otlp::{Code, Repairs};

pub(crate) use http::{Http, count};
pub(crate) use protocols::Protocol;

use crate::budget::Budget;
use crate::metrics::collect::{BudgetCollector, ProcessCollector, StoreCollector};
use crate::metrics::protocols::Protocols;
use crate::refusal::Refusal;
use crate::state::State;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Why a span is rejected that is larger than a frame of the log.
pub(crate) const SPAN_TOO_LARGE: &str = "span_too_large";

pub(crate) struct Metrics {
    registry: Registry,
    received: Counter<u64, AtomicU64>,
    rejected: Counter<u64, AtomicU64>,
    body_bytes: Counter<u64, AtomicU64>,
    protocols: Protocols,
    pub(crate) http: Http,
}

impl Metrics {
    /// `budgets` are those of queued bytes, requests and connections.
    pub(crate) fn new(store: &Arc<Store>, clock: &Arc<dyn Clock>, budgets: &[&Arc<Budget>; 3]) -> Self {
        let mut registry = Registry::with_prefix("traced");
        let (received, rejected, body_bytes) = (Counter::default(), Counter::default(), Counter::default());
        registry.register(
            "spans_received",
            "Spans that came in: stored + repeated + stale + rejected",
            received.clone(),
        );
        registry.register("spans_rejected", "Spans that were refused", rejected.clone());
        let help = "Bodies of batches that were taken, after decompression";
        registry.register_with_unit("batch_body", help, Unit::Bytes, body_bytes.clone());
        let protocols = Protocols::register(&mut registry);
        let http = Http::register(&mut registry);
        registry.register_collector(Box::new(StoreCollector::new(store, clock)));
        registry.register_collector(Box::new(BudgetCollector::new(budgets)));
        registry.register_collector(Box::new(ProcessCollector));
        Self { registry, received, rejected, body_bytes, protocols, http }
    }

    /// Spans of which the store says what became; those that are too large are counted as rejected.
    pub(crate) fn count_judged(&self, protocol: Protocol, accepted: &Accepted) {
        self.received.inc_by(accepted.total() - accepted.too_large);
        self.protocols.count_judged(protocol, accepted);
        self.count_rejected(protocol, SPAN_TOO_LARGE, accepted.too_large);
    }

    /// Spans that came in and are refused; none is no news.
    pub(crate) fn count_rejected(&self, protocol: Protocol, reason: &'static str, spans: u64) {
        if spans > 0 {
            self.received.inc_by(spans);
            self.rejected.inc_by(spans);
            self.protocols.count_rejected(protocol, reason, spans);
        }
    }

    /// A body whose spans went to the store.
    pub(crate) fn count_body(&self, bytes: u64) {
        self.body_bytes.inc_by(bytes);
    }

    pub(crate) fn count_malformed(&self, protocol: Protocol) {
        self.protocols.count_malformed(protocol);
    }

    /// An answer over gRPC, and with which code where it is a refusal.
    pub(crate) fn count_grpc(&self, refused: Option<Code>) {
        self.protocols.count_grpc(refused);
    }

    pub(crate) fn count_repairs(&self, protocol: Protocol, repairs: &Repairs) {
        self.protocols.count_repairs(protocol, repairs);
    }
}

pub(crate) async fn metrics(Shared(state): Shared<Arc<State>>) -> Result<Response, Refusal> {
    let mut text = String::new();
    encode(&mut text, &state.metrics.registry)
        .map_err(|_| Refusal::overload("the metrics could not be written"))?;
    Ok(([(CONTENT_TYPE, OPEN_METRICS)], text).into_response())
}
