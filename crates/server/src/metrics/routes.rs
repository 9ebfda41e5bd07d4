//! The metrics' part of the route table.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::registry::Metrics;
use crate::http::refusal::Refusal;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub(crate) fn routes(metrics: &Arc<Metrics>) -> Router {
    Router::new().route("/metrics", get(expose)).with_state(Arc::clone(metrics))
}

async fn expose(State(metrics): State<Arc<Metrics>>) -> Result<Response, Refusal> {
    let text = metrics.encode().await?.map_err(|error| {
        Refusal::overload(format!("the metrics could not be written: {error}; try again in a second"))
    })?;
    Ok(([(CONTENT_TYPE, OPEN_METRICS)], text).into_response())
}
