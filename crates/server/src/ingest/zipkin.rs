//! `POST /api/v2/spans`: Zipkin's JSON.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bumpalo::Bump;
use wire::zipkin;

use crate::body::{self, QueuedBody};
use crate::metrics::Protocol;
use crate::refusal::Refusal;
use crate::state::State;

pub(crate) async fn post_spans(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    match take(&state, &headers, body).await {
        // As Zipkin's own server answers: there is nothing to say.
        Ok(()) => StatusCode::ACCEPTED.into_response(),
        Err(refusal) => refusal.into_text(),
    }
}

/// Another method on the path of the protocol.
pub(crate) async fn wrong_method() -> Response {
    Refusal::method_not_allowed().into_text()
}

/// Another path at the address of the protocol.
pub(crate) async fn no_such_path() -> Response {
    Refusal::not_found("spans are taken at /api/v2/spans").into_text()
}

async fn take(state: &State, headers: &HeaderMap, body: Body) -> Result<(), Refusal> {
    let _share = state.one_request()?;
    check_is_not_binary(headers)?;
    super::take_body(state, (headers, body), |body, arena| accept(state, body, arena)).await
}

/// Refuses Zipkin's other encodings. Everything else is read as JSON, whatever it is called: in a browser a beacon of text
/// is `text/plain`.
fn check_is_not_binary(headers: &HeaderMap) -> Result<(), Refusal> {
    let is_binary = |media_type: String| media_type.contains("protobuf") || media_type.contains("thrift");
    let is_refused = body::media_type(headers).is_some_and(is_binary);
    if is_refused { Err(Refusal::media_type("application/json")) } else { Ok(()) }
}

/// All or nothing. Spans outside the window are dropped: the protocol has no word for them, so they are only counted.
fn accept(state: &State, body: &QueuedBody, arena: &Bump) -> Result<(), Refusal> {
    let batch = zipkin::decode(&body.bytes, arena, state.now()).map_err(|malformed| {
        state.metrics.count_malformed(Protocol::Zipkin);
        Refusal::from(malformed)
    })?;
    super::check_all_fit(state, batch.spans, (Protocol::Zipkin, body.bytes.len()))?;
    super::accept(state, batch.spans, Protocol::Zipkin)?;
    state.metrics.count_body(body.bytes.len() as u64);
    state.metrics.count_repairs(Protocol::Zipkin, &batch.repairs);
    Ok(())
}
