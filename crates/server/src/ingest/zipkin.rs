//! `POST /api/v2/spans`: Zipkin's JSON.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bumpalo::Bump;
use wire::zipkin;

use super::accept::{self, Batch};
use crate::app_state::AppState;
use crate::clients::client::Client;
use crate::http::media_type;
use crate::http::refusal::Refusal;
use crate::http::request_body::QueuedBody;
use crate::metrics::Protocol;

pub(super) async fn post_spans(
    State(state): State<Arc<AppState>>,
    client: Client,
    headers: HeaderMap,
    body: Body,
) -> Response {
    match take(&state, &client, &headers, body).await {
        // Zipkin's own server answers with an empty body, too.
        Ok(()) => StatusCode::ACCEPTED.into_response(),
        Err(refusal) => refusal.into_text(),
    }
}

/// Another method on the path of the protocol.
pub(super) async fn wrong_method() -> Response {
    Refusal::method_not_allowed().into_text()
}

/// Another path at the address of the protocol.
pub(super) async fn no_such_path() -> Response {
    Refusal::not_found("there is nothing at this path; send spans to /api/v2/spans").into_text()
}

async fn take(state: &AppState, client: &Client, headers: &HeaderMap, body: Body) -> Result<(), Refusal> {
    state.check_is_ready()?;
    check_is_not_binary(headers)?;
    let body = state.unread_body(client, headers, body).read().await?;
    accept::run(state, client, &body, |arena| store(state, &body, arena)).await
}

/// Refuses Zipkin's other encodings. Everything else is read as JSON, whatever its media type: a browser's beacon is
/// `text/plain`.
fn check_is_not_binary(headers: &HeaderMap) -> Result<(), Refusal> {
    let is_binary = |media_type: String| media_type.contains("protobuf") || media_type.contains("thrift");
    let is_refused = media_type::of_body(headers).is_some_and(is_binary);
    if is_refused { Err(Refusal::media_type("application/json")) } else { Ok(()) }
}

/// Stores all spans or none. Those outside the window are dropped and counted; the protocol has no way to say so.
fn store(state: &AppState, body: &QueuedBody, arena: &Bump) -> Result<(), Refusal> {
    let batch =
        zipkin::decode(&body.bytes, arena, state.now().time(), Some(body.memory())).map_err(|malformed| {
            state.metrics.count_malformed(Protocol::Zipkin);
            Refusal::from(malformed)
        })?;
    let repairs = batch.repairs;
    let batch = Batch { spans: batch.spans, protocol: Protocol::Zipkin, body_bytes: body.bytes.len() };
    batch.check_all_fit(state)?;
    batch.accept(state)?;
    state.metrics.count_repairs(Protocol::Zipkin, &repairs);
    Ok(())
}
