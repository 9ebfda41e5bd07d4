//! The contract's part of the route table, by what the layers around it differ in.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use super::{health, list_traces, post_spans, trace};
use crate::app_state::AppState;

pub(crate) fn question_routes(state: &Arc<AppState>) -> Router {
    Router::new()
        .route("/traces", get(list_traces::list_traces))
        .route("/traces/{trace_id}", get(trace::trace))
        .with_state(Arc::clone(state))
}

pub(crate) fn spans_route(state: &Arc<AppState>) -> Router {
    Router::new().route("/spans", post(post_spans::post_spans)).with_state(Arc::clone(state))
}

/// Apart from the others, because they are answered while too many requests are in flight.
pub(crate) fn health_routes(state: &Arc<AppState>) -> Router {
    let routes = Router::new().route("/health", get(health::health)).route("/ready", get(health::ready));
    routes.with_state(Arc::clone(state))
}
