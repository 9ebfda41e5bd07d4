//! `GET /api/v1/info`.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::State as Shared;
use axum::response::Response;
use wire::api_v1::{Info, POINTS_MAX, SPAN_IDS_MAX};

use super::answer;
use crate::health::limit_name;
use crate::state::State;

const FEATURES: [&str; 6] = ["points", "stats", "tree", "span", "search", "stream"];

pub(crate) async fn info(Shared(state): Shared<Arc<State>>) -> Response {
    let now = state.now();
    let (stats, ledger) = (state.store.stats(now), state.store.ledger());
    let bounds = state.store.bounds(now);
    let services = state.api_v1.services.lock().names().to_vec();
    let info = Info {
        head: state.api_v1.head(now),
        version: env!("CARGO_PKG_VERSION"),
        features: &FEATURES,
        window: nanos(stats.window),
        effective_window: nanos(stats.effective_window),
        limited_by: limit_name(stats.limited_by),
        oldest: bounds.map(|(oldest, _)| oldest),
        newest: bounds.map(|(_, newest)| newest),
        traces: stats.traces as u64,
        spans: stats.spans,
        stale_spans: ledger.stale + ledger.ahead,
        repeated_spans: ledger.repeated,
        refused_batches: state.refused_batches.load(Ordering::Relaxed),
        memory_bytes: stats.memory_bytes as u64,
        memory_bytes_max: stats.memory_bytes_max as u64,
        disk_bytes: stats.disk_bytes,
        disk_bytes_max: stats.disk_bytes_max,
        points_max: POINTS_MAX,
        spans_max: SPAN_IDS_MAX,
        services: &services,
    };
    answer(info.write())
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
