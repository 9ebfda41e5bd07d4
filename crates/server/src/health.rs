//! `GET /health`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use store::LimitedBy;

use crate::refusal::Refusal;
use crate::state::State;

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
    /// Why batches are refused, or segments cannot be written.
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

pub(crate) fn limit_name(limited_by: LimitedBy) -> &'static str {
    match limited_by {
        LimitedBy::Time => "time",
        LimitedBy::Memory => "memory",
        LimitedBy::Disk => "disk",
    }
}

pub(crate) async fn health(Shared(state): Shared<Arc<State>>) -> Result<Response, Refusal> {
    if !state.is_ready() {
        return Err(Refusal::overload("the server is starting or stopping"));
    }
    let stats = state.store.stats(state.now());
    let health = Health {
        status: "ok",
        window: Window {
            requested_seconds: stats.window.as_secs_f64(),
            effective_seconds: stats.effective_window.as_secs_f64(),
            limited_by: limit_name(stats.limited_by),
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
