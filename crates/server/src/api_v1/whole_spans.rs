//! `GET /api/v1/traces/{trace_id}/spans/{span_id}` and `POST /api/v1/traces/{trace_id}/spans`.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State as Shared};
use axum::http::HeaderMap;
use axum::response::Response;
use span::SpanId;
use wire::api_v1::{self, one_span, parse_span_id, parse_span_ids};

use super::answer;
use crate::body;
use crate::heavy;
use crate::limits::Limits;
use crate::pieces;
use crate::refusal::Refusal;
use crate::state::State;
use crate::traces::{Id, find, find_named};

/// Limit: of the question for several spans; `SPAN_IDS_MAX` UUIDs are a third of it.
const QUESTION_BYTES_MAX: usize = 64 * 1024;

pub(crate) async fn span(
    Shared(state): Shared<Arc<State>>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Refusal> {
    let Path((trace_id, span_id)) = path.map_err(|error| Refusal::bad_request(error.body_text()))?;
    let wanted = parse_span_id(&span_id)?;
    heavy::wait(|| {
        let now = state.now();
        let spans = find_named(&state, &trace_id)?;
        let absent = || Refusal::not_found(format!("span {wanted} is not in the trace"));
        let place = spans.span_ids().position(|id| id == wanted).ok_or_else(absent)?;
        let mut found = Vec::new();
        spans.for_each([place], |span| found = one_span(state.api_v1.head(now), &span));
        Ok(answer(found))
    })
}

pub(crate) async fn spans(
    Shared(state): Shared<Arc<State>>,
    id: Id,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    body::check_is_json(&headers)?;
    let limits = Limits { body_bytes_max: QUESTION_BYTES_MAX, ..state.limits.clone() };
    let body = body::read(&headers, body, state.queued_bytes.share(), &limits).await?;
    let wanted = parse_span_ids(&body.bytes)?;
    heavy::wait(|| {
        let now = state.now();
        let spans = find(&state, id)?;
        let mut orders: HashMap<SpanId, usize> = HashMap::new();
        for (order, &id) in wanted.iter().enumerate() {
            orders.entry(id).or_insert(order);
        }
        let ids = spans.span_ids().enumerate();
        let mut found: Vec<_> = ids.filter_map(|(place, id)| Some((*orders.get(&id)?, place))).collect();
        found.sort_unstable();
        let places = found.into_iter().map(|(_, place)| place);
        Ok(answer(pieces::write(api_v1::spans(state.api_v1.head(now)), spans, places)))
    })
}
