//! `GET /api/v1/traces/{trace_id}/spans/{span_id}` and `POST /api/v1/traces/{trace_id}/spans`: spans with everything
//! that they came with.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use span::SpanId;
use store::TraceSpans;
use wire::api_v1::{self, one_span, parse_span_id, parse_span_ids};
use wire::contract::parse_trace_id;

use super::answer;
use super::api_v1_state::ApiV1State;
use crate::clients::client::Client;
use crate::find_trace::find_trace;
use crate::http::parameters::{PathParameter, path_parameter};
use crate::http::refusal::Refusal;
use crate::http::request_body::{UnreadBody, check_is_json};
use crate::http::span_chunks;
use crate::limits::Limits;

/// Limit: bytes of the question for several spans; `SPAN_IDS_MAX` UUIDs are a third of it.
const QUESTION_BYTES_MAX: usize = 64 * 1024;

pub(super) async fn span(
    State(api): State<Arc<ApiV1State>>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Refusal> {
    let Path((trace_id, span_id)) = path.map_err(|error| Refusal::bad_request(error.body_text()))?;
    let wanted = parse_span_id(&span_id)?;
    let trace_id = parse_trace_id(&trace_id)?;
    let (shared, memory) = (Arc::clone(&api), api.app.answer_memory());
    let body = api.app.read(move |store, now| {
        let spans = find_trace(store, trace_id, now, &memory)?;
        let absent = || Refusal::no_such_span(wanted, spans.left_out());
        let place = spans.span_ids().position(|id| id == wanted).ok_or_else(absent)?;
        memory.grow(spans.answer_bytes_max(place)).map_err(Refusal::no_answer_memory)?;
        let mut body = Vec::new();
        spans.for_each([place], |span| body = one_span(shared.head(now, spans.left_out()), &span));
        Ok((body, memory))
    });
    body.await.map_err(Refusal::from).flatten().map(answer::held_json)
}

pub(super) async fn spans(
    State(api): State<Arc<ApiV1State>>,
    client: Client,
    trace_id: PathParameter,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    check_is_json(&headers)?;
    let limits = Limits { body_bytes_max: QUESTION_BYTES_MAX, ..api.app.limits.clone() };
    let body = UnreadBody { limits: &limits, ..api.app.unread_body(&client, &headers, body) }.read().await?;
    let wanted = parse_span_ids(&body.bytes)?;
    let trace_id = parse_trace_id(&path_parameter(trace_id)?)?;
    let (shared, memory) = (Arc::clone(&api), api.app.answer_memory());
    let body = api.app.read(move |store, now| {
        let spans = find_trace(store, trace_id, now, &memory)?;
        let places = places_of(&wanted, &spans).into_iter();
        let writer = api_v1::spans(shared.head(now, spans.left_out()));
        let written = span_chunks::write(writer, (spans, memory), places, &shared.app.reads);
        written.map_err(Refusal::no_answer_memory)
    });
    body.await.map_err(Refusal::from).flatten().map(answer::json)
}

/// Where the wanted spans are in the trace, in the order in which they were asked for.
fn places_of(wanted: &[SpanId], spans: &TraceSpans) -> Vec<usize> {
    let mut orders: HashMap<SpanId, usize> = HashMap::new();
    for (order, &id) in wanted.iter().enumerate() {
        orders.entry(id).or_insert(order);
    }
    let ids = spans.span_ids().enumerate();
    let mut found: Vec<_> = ids.filter_map(|(place, id)| Some((*orders.get(&id)?, place))).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, place)| place).collect()
}
