//! `GET /traces`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use wire::contract;

use crate::app_state::AppState;
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
        let listing = store.list(asked.range, asked.limit, now);
        contract::list(listing.total, listing.summaries())
    });
    Ok(([(CONTENT_TYPE, "application/json")], body.await?).into_response())
}
