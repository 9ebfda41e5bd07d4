//! `GET /health` and `GET /ready`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use store::{Doubt, Store};

use crate::app_state::AppState;
use crate::http::refusal::Refusal;
use crate::limited_by;

#[derive(Serialize)]
struct Health {
    status: &'static str,
    /// Whether batches are taken. The status is 200 all the same: a probe that restarts the server would end the only
    /// copy that can be read.
    writes: &'static str,
    window: Window,
    clock: Clock,
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
    /// Bytes at the end of log files that were no complete batch at the start.
    log_bytes_cut: u64,
}

#[derive(Serialize)]
struct Ready {
    status: &'static str,
}

#[derive(Serialize)]
struct Window {
    requested_seconds: f64,
    effective_seconds: f64,
    limited_by: &'static str,
}

#[derive(Serialize)]
struct Clock {
    status: &'static str,
    /// How far the clock is ahead of the time that was trusted; negative if it was set back. Absent while it is trusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    ahead_seconds: Option<f64>,
    /// When the clock is trusted if it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    trusted_in_seconds: Option<f64>,
}

impl Clock {
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    fn of(doubt: Option<Doubt>) -> Self {
        Self {
            status: if doubt.is_some() { "doubted" } else { "trusted" },
            ahead_seconds: doubt.map(|doubt| doubt.ahead_nanos as f64 / 1e9),
            trusted_in_seconds: doubt.map(|doubt| doubt.trusted_in.as_secs_f64()),
        }
    }
}

pub(crate) async fn health(State(state): State<Arc<AppState>>) -> Result<Response, Refusal> {
    if !state.is_ready() {
        return Err(Refusal::starting_or_stopping());
    }
    let stats = state.read_health(Store::stats).await?;
    let health = Health {
        status: "ok",
        writes: if stats.takes_writes { "accepted" } else { "refused" },
        window: Window {
            requested_seconds: stats.window.as_secs_f64(),
            effective_seconds: stats.effective_window.as_secs_f64(),
            limited_by: limited_by::name(stats.limited_by),
        },
        clock: Clock::of(state.clock_status().doubt),
        spans: stats.spans,
        traces: stats.traces,
        segments: stats.segments,
        memory_bytes: stats.memory_bytes,
        memory_bytes_max: stats.memory_bytes_max,
        disk_bytes: stats.disk_bytes,
        disk_bytes_max: stats.disk_bytes_max,
        trouble: stats.health.log_trouble.or(stats.health.segment_trouble),
        damaged_files: stats.health.damaged_files,
        log_bytes_cut: stats.health.log_bytes_cut,
    };
    Ok(Json(health).into_response())
}

/// For what sends batches on: a load balancer, or Kubernetes' readiness probe.
pub(crate) async fn ready(State(state): State<Arc<AppState>>) -> Result<Response, Refusal> {
    state.check_is_ready()?;
    if !state.takes_writes() {
        return Err(Refusal::overload(
            "batches are refused, while queries are answered; `trouble` in /health says why",
        ));
    }
    Ok(Json(Ready { status: "ready" }).into_response())
}
