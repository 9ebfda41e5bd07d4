//! Counts and durations of requests, by route.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// From 100 µs, which a batch takes, over what a list takes under load, to 10 s, which only a timeout takes.
const BUCKETS_SECONDS: [f64; 11] =
    [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25, 1.0, 10.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct RequestLabels {
    pub(super) route: String,
    pub(super) method: String,
    pub(super) status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

pub(super) struct RequestMetrics {
    requests: Family<RequestLabels, Counter>,
    durations: Family<RouteLabels, Histogram, fn() -> Histogram>,
}

impl RequestMetrics {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let requests = Family::default();
        let durations: Family<_, _, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(BUCKETS_SECONDS));
        registry.register(
            "http_requests",
            "Requests that were answered, by route, method and status",
            requests.clone(),
        );
        let help = "Time from the head of a request to the head of its answer, by route";
        registry.register_with_unit("http_request_duration", help, Unit::Seconds, durations.clone());
        Self { requests, durations }
    }

    pub(super) fn observe(&self, labels: &RequestLabels, took: Duration) {
        let route = RouteLabels { route: labels.route.clone() };
        self.durations.get_or_create(&route).observe(took.as_secs_f64());
        self.requests.get_or_create(labels).inc();
    }
}
