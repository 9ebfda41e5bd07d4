//! `GET /traces/{trace_id}`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use wire::contract;

use crate::app_state::AppState;
use crate::find_trace::find_trace;
use crate::http::left_out;
use crate::http::parameters::{PathParameter, path_parameter};
use crate::http::refusal::Refusal;
use crate::http::span_chunks;

pub(crate) async fn trace(
    State(state): State<Arc<AppState>>,
    trace_id: PathParameter,
) -> Result<Response, Refusal> {
    let trace_id = contract::parse_trace_id(&path_parameter(trace_id)?)?;
    let (reads, memory) = (Arc::clone(&state.reads), state.answer_memory());
    let body = state.read(move |store, now| {
        let spans = find_trace(store, trace_id, now, &memory)?;
        let places = 0..spans.len();
        let left_out = left_out::header(spans.left_out());
        let written = span_chunks::write(contract::trace(trace_id), (spans, memory), places, &reads);
        Ok((written.map_err(Refusal::no_answer_memory)?, left_out))
    });
    let (body, left_out) = body.await.map_err(Refusal::from).flatten()?;
    Ok(([(CONTENT_TYPE, "application/json")], left_out, body).into_response())
}
