//! `POST /spans`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bumpalo::Bump;
use wire::contract::{self, Accepted};

use crate::app_state::AppState;
use crate::clients::client::Client;
use crate::http::refusal::Refusal;
use crate::http::request_body::{QueuedBody, check_is_json};
use crate::ingest::accept::{self, Batch};
use crate::metrics::Protocol;

/// What parsed spans take of the arena, beside their texts: at most this many times their body, and for 500 spans with
/// 50 tags each at most `SPANS_BYTES_MAX`.
const SPAN_COPIES: usize = 16;
const SPANS_BYTES_MAX: usize = 4 * 1024 * 1024;

pub(crate) async fn post_spans(
    State(state): State<Arc<AppState>>,
    client: Client,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    state.check_is_ready()?;
    check_is_json(&headers)?;
    let body = state.unread_body(&client, &headers, body).read().await?;
    let spans_bytes = body.bytes.len().saturating_mul(SPAN_COPIES).min(SPANS_BYTES_MAX);
    body.memory().grow(spans_bytes).map_err(Refusal::no_body_memory)?;
    let accepted = accept::run(&state, &client, &body, |arena| accept(&state, &body, arena)).await?;
    let answer = contract::accepted(accepted);
    Ok((StatusCode::ACCEPTED, [(CONTENT_TYPE, "application/json")], answer).into_response())
}

fn accept(state: &AppState, body: &QueuedBody, arena: &Bump) -> Result<Accepted, Refusal> {
    let spans = contract::parse_batch(&body.bytes, arena).map_err(|rejection| {
        state.metrics.count_rejected(Protocol::Contract, "batch", rejection.spans_read as u64);
        Refusal::from(rejection)
    })?;
    let batch = Batch { spans, protocol: Protocol::Contract, body_bytes: body.bytes.len() };
    batch.check_all_fit(state)?;
    let accepted = batch.accept(state)?;
    let stale = accepted.stale + accepted.ahead;
    let received = spans.len() as u64;
    Ok(Accepted { received, stored: accepted.stored, repeated: accepted.repeated, stale })
}
