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
    memory_bytes: usize,
    memory_bytes_max: usize,
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
        memory_bytes: stats.memory_bytes,
        memory_bytes_max: stats.memory_bytes_max,
    };
    Ok(Json(health).into_response())
}
