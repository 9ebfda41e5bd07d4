//! `GET /api/v1/traces/{trace_id}/spans/{span_id}` and `POST /api/v1/traces/{trace_id}/spans`.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State as Shared};
use axum::http::HeaderMap;
use axum::response::Response;
use span::SpanId;
use wire::dashboard::{Spans, one_span, parse_span_id, parse_span_ids};

use super::answer;
use crate::body;
use crate::heavy;
use crate::refusal::Refusal;
use crate::state::State;
use crate::traces::{Id, find, find_named};

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
        spans.for_each([place], |span| found = one_span(state.dashboard.head(now), &span));
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
    let body = body::read(&headers, body, state.queued_bytes.share(), &state.limits).await?;
    let wanted = parse_span_ids(&body.bytes)?;
    heavy::wait(|| {
        let now = state.now();
        let spans = find(&state, id)?;
        let mut places: HashMap<SpanId, Vec<usize>> = HashMap::new();
        for (place, &id) in wanted.iter().enumerate() {
            places.entry(id).or_default().push(place);
        }
        let mut found = Spans::of(wanted.len());
        // Only those that are asked for are decoded.
        let meant = spans.span_ids().enumerate().filter(|(_, id)| places.contains_key(id));
        spans.for_each(meant.map(|(at, _)| at), |span| {
            for &place in places.get(&span.span_id).into_iter().flatten() {
                found.put(place, &span);
            }
        });
        Ok(answer(found.write(state.dashboard.head(now))))
    })
}
