//! `GET /traces`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use store::ListLimit;
use wire::contract;

use crate::app_state::AppState;
use crate::http::held_body::HeldBody;
use crate::http::left_out;
use crate::http::parameters::{QueryParameters, query_parameters};
use crate::http::refusal::Refusal;

/// What an answer takes at most, as a multiple of its listing: the listing, and the text.
const COPIES: usize = 4;

pub(crate) async fn list_traces(
    State(state): State<Arc<AppState>>,
    parameters: QueryParameters,
) -> Result<Response, Refusal> {
    let parameters = query_parameters(parameters)?;
    let parameters = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let asked = contract::parse_list_parameters(parameters)?;
    let memory = state.answer_memory();
    let body = state.read(move |store, now| {
        let limit = ListLimit { traces: asked.limit, bytes: usize::MAX, memory: Some(&memory) };
        let listing = store.snapshot(now).list_within(asked.range, limit)?;
        memory.grow_to(listing.bytes() * COPIES)?;
        let body = contract::list(listing.total, listing.summaries());
        memory.shrink_to(body.len());
        Ok((HeldBody::wrap(body, memory), left_out::header(listing.left_out)))
    });
    let (body, left_out) = body.await?.map_err(Refusal::no_answer_memory)?;
    Ok(([(CONTENT_TYPE, "application/json")], left_out, body).into_response())
}
