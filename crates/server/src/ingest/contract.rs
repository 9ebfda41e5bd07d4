//! `POST /spans`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State as Shared;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bumpalo::Bump;
use wire::contract::{self, Accepted};

use crate::body::{self, QueuedBody};
use crate::metrics::Protocol;
use crate::refusal::Refusal;
use crate::state::State;

pub(crate) async fn post_spans(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    body::check_is_json(&headers)?;
    let work = |body: &QueuedBody, arena: &Bump| accept(&state, body, arena);
    let accepted = super::take_body(&state, (&headers, body), work).await?;
    let answer = contract::accepted(accepted);
    Ok((StatusCode::ACCEPTED, [(CONTENT_TYPE, "application/json")], answer).into_response())
}

fn accept(state: &State, body: &QueuedBody, arena: &Bump) -> Result<Accepted, Refusal> {
    let batch = contract::parse_batch(&body.bytes, arena).map_err(|rejection| {
        state.metrics.count_rejected(Protocol::Contract, "batch", rejection.spans_read as u64);
        Refusal::from(rejection)
    })?;
    super::check_all_fit(state, batch, (Protocol::Contract, body.bytes.len()))?;
    let accepted = super::accept(state, batch, Protocol::Contract)?;
    state.metrics.count_body(body.bytes.len() as u64);
    let stale = accepted.stale + accepted.ahead;
    let received = batch.len() as u64;
    Ok(Accepted { received, stored: accepted.stored, repeated: accepted.repeated, stale })
}
