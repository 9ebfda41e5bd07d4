//! `GET /health`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use store::Store;

use crate::app_state::AppState;
use crate::http::refusal::Refusal;
use crate::limited_by;

#[derive(Serialize)]
struct Health {
    status: &'static str,
    window: Window,
    spans: u64,
    traces: usize,
    segments: usize,
    memory_bytes: usize,
    memory_bytes_max: usize,
    disk_bytes: u64,
    disk_bytes_max: u64,
    /// Why the log or a segment cannot be written; absent while both can.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
    damaged_files: u64,
}

#[derive(Serialize)]
struct Window {
    requested_seconds: f64,
    effective_seconds: f64,
    limited_by: &'static str,
}

pub(crate) async fn health(State(state): State<Arc<AppState>>) -> Result<Response, Refusal> {
    if !state.is_ready() {
        return Err(Refusal::starting_or_stopping());
    }
    let stats = state.read_health(Store::stats).await?;
    let health = Health {
        status: "ok",
        window: Window {
            requested_seconds: stats.window.as_secs_f64(),
            effective_seconds: stats.effective_window.as_secs_f64(),
            limited_by: limited_by::name(stats.limited_by),
        },
        spans: stats.spans,
        traces: stats.traces,
        segments: stats.segments,
        memory_bytes: stats.memory_bytes,
        memory_bytes_max: stats.memory_bytes_max,
        disk_bytes: stats.disk_bytes,
        disk_bytes_max: stats.disk_bytes_max,
        trouble: stats.health.log_trouble.or(stats.health.segment_trouble),
        damaged_files: stats.health.damaged_files,
    };
    Ok(Json(health).into_response())
}
