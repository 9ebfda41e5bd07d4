//! `GET /traces` and `GET /traces/{trace_id}`.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State as Shared};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use store::TraceSpans;
use wire::contract::{self, TraceWriter};

use crate::refusal::Refusal;
use crate::state::State;

/// Limit: spans written to memory before they go to the client.
const CHUNK_SPANS: usize = 512;

type Pairs = Result<Query<Vec<(String, String)>>, QueryRejection>;

pub(crate) async fn list(Shared(state): Shared<Arc<State>>, pairs: Pairs) -> Result<Response, Refusal> {
    let Query(pairs) = pairs.map_err(|error| Refusal::bad_request(error.body_text()))?;
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let asked = contract::parse_list_parameters(pairs)?;
    let listing = state.store.list(asked.range, asked.limit, state.now());
    Ok(json(contract::list(listing.total, listing.summaries())))
}

pub(crate) async fn trace(
    Shared(state): Shared<Arc<State>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Refusal> {
    let Path(id) = id.map_err(|error| Refusal::bad_request(error.body_text()))?;
    let id = contract::parse_trace_id(&id)?;
    let spans = state.store.trace(id, state.now()).ok_or_else(|| {
        Refusal::not_found(format!("trace {id} is not in the window: it has left it, or never came"))
    })?;
    if spans.len() <= CHUNK_SPANS {
        let mut writer = TraceWriter::new(id);
        spans.for_each(0..spans.len(), |span| writer.push(&span));
        return Ok(json(writer.finish()));
    }
    Ok(json(Body::from_stream(stream::iter(chunks(spans).map(Ok::<_, Infallible>)))))
}

fn json(body: impl Into<Body>) -> Response {
    ([(CONTENT_TYPE, "application/json")], body.into()).into_response()
}

/// The answer in pieces, each made when the client has taken the one before.
fn chunks(spans: TraceSpans) -> impl Iterator<Item = Vec<u8>> {
    let mut writer = Some(TraceWriter::new(spans.trace_id()));
    let mut next = 0;
    std::iter::from_fn(move || {
        if next == spans.len() {
            return writer.take().map(TraceWriter::finish);
        }
        let until = spans.len().min(next + CHUNK_SPANS);
        let out = writer.as_mut()?;
        spans.for_each(next..until, |span| out.push(&span));
        next = until;
        Some(out.take())
    })
}
