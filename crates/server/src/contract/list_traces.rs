//! `GET /traces`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use wire::contract;

use crate::app_state::AppState;
use crate::http::left_out;
use crate::http::parameters::{QueryParameters, query_parameters};
use crate::http::refusal::Refusal;

pub(crate) async fn list_traces(
    State(state): State<Arc<AppState>>,
    parameters: QueryParameters,
) -> Result<Response, Refusal> {
    let parameters = query_parameters(parameters)?;
    let parameters = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let asked = contract::parse_list_parameters(parameters)?;
    let body = state.read(move |store, now| {
        let listing = store.snapshot(now).list(asked.range, asked.limit);
        (contract::list(listing.total, listing.summaries()), left_out::header(listing.left_out))
    });
    let (body, left_out) = body.await?;
    Ok(([(CONTENT_TYPE, "application/json")], left_out, body).into_response())
}
