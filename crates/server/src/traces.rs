//! `GET /traces` and `GET /traces/{trace_id}`, and a trace with all that it came with.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State as Shared};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use store::TraceSpans;
use wire::contract;
use wire::otlp::{Encoding, TracesWriter};

use crate::ingest::media_type;
use crate::pieces;
use crate::refusal::Refusal;
use crate::state::State;

pub(crate) type Id = Result<Path<String>, PathRejection>;
type Pairs = Result<Query<Vec<(String, String)>>, QueryRejection>;

pub(crate) async fn list(Shared(state): Shared<Arc<State>>, pairs: Pairs) -> Result<Response, Refusal> {
    let Query(pairs) = pairs.map_err(|error| Refusal::bad_request(error.body_text()))?;
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let asked = contract::parse_list_parameters(pairs)?;
    let listing = state.store.snapshot(state.now()).list(asked.range, asked.limit);
    Ok(respond("application/json", contract::list(listing.total, listing.summaries())))
}

pub(crate) async fn trace(Shared(state): Shared<Arc<State>>, id: Id) -> Result<Response, Refusal> {
    let spans = find(&state, id)?;
    let places = 0..spans.len();
    Ok(respond("application/json", pieces::write(contract::trace(spans.trace_id()), spans, places)))
}

/// `GET /api/v1/traces/{trace_id}`: the same with all that the spans came with, as `TracesData`.
pub(crate) async fn whole_trace(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    id: Id,
) -> Result<Response, Refusal> {
    let spans = find(&state, id)?;
    let encoding = accepted(&headers);
    let places = 0..spans.len();
    Ok(respond(media_type(encoding), pieces::write(TracesWriter::new(encoding), spans, places)))
}

/// JSON, unless protobuf is named first.
fn accepted(headers: &HeaderMap) -> Encoding {
    let names = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut names = names.flat_map(|value| value.split(',')).filter_map(|name| name.split(';').next());
    let first = names.find_map(|name| match name.trim() {
        "application/x-protobuf" | "application/protobuf" => Some(Encoding::Protobuf),
        "application/json" => Some(Encoding::Json),
        _ => None,
    });
    first.unwrap_or(Encoding::Json)
}

/// The trace of a path, or why there is none.
pub(crate) fn find(state: &State, id: Id) -> Result<TraceSpans, Refusal> {
    let Path(id) = id.map_err(|error| Refusal::bad_request(error.body_text()))?;
    find_named(state, &id)
}

/// The trace of an id, or why there is none.
pub(crate) fn find_named(state: &State, id: &str) -> Result<TraceSpans, Refusal> {
    let id = contract::parse_trace_id(id)?;
    state.store.trace(id, state.now()).ok_or_else(|| {
        Refusal::not_found(format!("trace {id} is not in the window: it has left it, or never came"))
    })
}

fn respond(media_type: &'static str, body: impl Into<Body>) -> Response {
    ([(CONTENT_TYPE, media_type)], body.into()).into_response()
}
