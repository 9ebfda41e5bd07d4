//! `GET /traces` and `GET /traces/{trace_id}`, and a trace with all that it came with.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State as Shared};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use span::Span;
use store::TraceSpans;
use wire::contract::{self, TraceWriter};
use wire::otlp::{Encoding, TracesWriter};

use crate::ingest::media_type;
use crate::refusal::Refusal;
use crate::state::State;

/// Limit: spans written to memory before they go to the client.
const CHUNK_SPANS: usize = 512;

pub(crate) type Id = Result<Path<String>, PathRejection>;
type Pairs = Result<Query<Vec<(String, String)>>, QueryRejection>;

pub(crate) async fn list(Shared(state): Shared<Arc<State>>, pairs: Pairs) -> Result<Response, Refusal> {
    let Query(pairs) = pairs.map_err(|error| Refusal::bad_request(error.body_text()))?;
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let asked = contract::parse_list_parameters(pairs)?;
    let listing = state.store.list(asked.range, asked.limit, state.now());
    Ok(respond("application/json", contract::list(listing.total, listing.summaries())))
}

pub(crate) async fn trace(Shared(state): Shared<Arc<State>>, id: Id) -> Result<Response, Refusal> {
    let spans = find(&state, id)?;
    Ok(respond("application/json", write(TraceWriter::new(spans.trace_id()), spans)))
}

/// `GET /api/v1/traces/{trace_id}`: the same with all that the spans came with, as `TracesData`.
pub(crate) async fn whole_trace(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    id: Id,
) -> Result<Response, Refusal> {
    let spans = find(&state, id)?;
    let encoding = accepted(&headers);
    Ok(respond(media_type(encoding), write(TracesWriter::new(encoding), spans)))
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

/// Both ways of writing a trace.
trait Writer: Send + 'static {
    fn push(&mut self, span: &Span<'_>);
    fn take(&mut self) -> Vec<u8>;
    fn finish(self) -> Vec<u8>;
}

impl Writer for TraceWriter {
    fn push(&mut self, span: &Span<'_>) {
        self.push(span);
    }

    fn take(&mut self) -> Vec<u8> {
        self.take()
    }

    fn finish(self) -> Vec<u8> {
        self.finish()
    }
}

impl Writer for TracesWriter {
    fn push(&mut self, span: &Span<'_>) {
        self.push(span);
    }

    fn take(&mut self) -> Vec<u8> {
        self.take()
    }

    fn finish(self) -> Vec<u8> {
        self.finish()
    }
}

fn write(mut writer: impl Writer, spans: TraceSpans) -> Body {
    if spans.len() <= CHUNK_SPANS {
        spans.for_each(0..spans.len(), |span| writer.push(&span));
        return writer.finish().into();
    }
    Body::from_stream(stream::iter(chunks(writer, spans).map(Ok::<_, Infallible>)))
}

/// The answer in pieces, each made when the client has taken the one before.
fn chunks<W: Writer>(writer: W, spans: TraceSpans) -> impl Iterator<Item = Vec<u8>> {
    let mut writer = Some(writer);
    let mut next = 0;
    std::iter::from_fn(move || {
        if next == spans.len() {
            return writer.take().map(W::finish);
        }
        let until = spans.len().min(next + CHUNK_SPANS);
        let out = writer.as_mut()?;
        spans.for_each(next..until, |span| out.push(&span));
        next = until;
        Some(out.take())
    })
}
