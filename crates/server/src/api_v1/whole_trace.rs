//! `GET /api/v1/traces/{trace_id}`: a trace with everything that its spans came with, as OTLP's `TracesData`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use wire::contract::parse_trace_id;
use wire::otlp::TracesWriter;

use super::answer::NO_STORE;
use super::api_v1_state::ApiV1State;
use crate::find_trace::find_trace;
use crate::http::left_out;
use crate::http::media_type;
use crate::http::parameters::{PathParameter, path_parameter};
use crate::http::refusal::Refusal;
use crate::http::span_chunks;

pub(super) async fn whole_trace(
    State(api): State<Arc<ApiV1State>>,
    headers: HeaderMap,
    trace_id: PathParameter,
) -> Result<Response, Refusal> {
    let trace_id = parse_trace_id(&path_parameter(trace_id)?)?;
    let encoding = media_type::preferred_encoding(&headers);
    let (reads, memory) = (Arc::clone(&api.app.reads), api.app.answer_memory());
    let body = api.app.read(move |store, now| {
        let spans = find_trace(store, trace_id, now, &memory)?;
        let places = 0..spans.len();
        let left_out = left_out::header(spans.left_out());
        let written = span_chunks::write(TracesWriter::new(encoding), (spans, memory), places, &reads);
        Ok((written.map_err(Refusal::no_answer_memory)?, left_out))
    });
    let (body, left_out) = body.await.map_err(Refusal::from).flatten()?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(media_type::of_encoding(encoding))),
        (CACHE_CONTROL, NO_STORE),
        (VARY, HeaderValue::from_static("accept")),
    ];
    Ok((headers, left_out, body).into_response())
}
