//! `GET /api/v1/info`.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use span::TimeRange;
use wire::api_v1::{Info, POINTS_MAX, SPAN_IDS_MAX};

use super::answer;
use super::api_v1_state::ApiV1State;
use crate::http::refusal::Refusal;
use crate::limited_by;

const FEATURES: [&str; 6] = ["points", "stats", "tree", "span", "search", "stream"];

/// What the answer takes beside the services.
const FIELDS_BYTES_MAX: usize = 2048;
/// The names are in a list and in the text, where a character may be escaped.
const NAME_COPIES: usize = 7;

pub(super) async fn info(State(api): State<Arc<ApiV1State>>) -> Result<Response, Refusal> {
    let shared = Arc::clone(&api);
    let memory = api.app.answer_memory();
    let asked = api.app.read(move |store, now| {
        let services = shared.services_since(store.cutoff(now));
        let rootless = shared.app.rootless(&store.snapshot(now), TimeRange::ALL.into());
        (now, (store.stats(now), rootless), store.bounds(now), services)
    });
    let (now, (stats, rootless_traces), bounds, services) = asked.await?;
    let ledger = api.app.ledger();
    let info = Info {
        head: api.head(now, 0),
        version: env!("CARGO_PKG_VERSION"),
        features: &FEATURES,
        window: nanos(stats.window),
        effective_window: nanos(stats.effective_window),
        limited_by: limited_by::name(stats.limited_by),
        oldest: bounds.map(|(oldest, _)| oldest),
        newest: bounds.map(|(_, newest)| newest),
        traces: stats.traces as u64,
        rootless_traces,
        spans: stats.spans,
        stale_spans: ledger.stale + ledger.ahead,
        repeated_spans: ledger.repeated,
        refused_batches: api.app.refused_batches(),
        damaged_files: stats.health.damaged_files,
        memory_bytes: stats.memory_bytes as u64,
        memory_bytes_max: stats.memory_bytes_max as u64,
        disk_bytes: stats.disk_bytes,
        disk_bytes_max: stats.disk_bytes_max,
        points_max: POINTS_MAX,
        spans_max: SPAN_IDS_MAX,
        services: &services,
    };
    let names: usize = services.iter().map(String::len).sum();
    memory.grow(FIELDS_BYTES_MAX + names * NAME_COPIES).map_err(Refusal::no_answer_memory)?;
    Ok(answer::held_json((info.write(), memory)))
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
