//! API v1's part of the route table.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use super::api_v1_state::ApiV1State;
use super::stream_feed::StreamFeed;
use super::{info, points, span_details, statistics, stream, tree, whole_trace};
use crate::app_state::AppState;

/// The questions, and the stream of changes.
pub(crate) fn routes(state: &Arc<AppState>) -> (Router, Router) {
    let api = Arc::new(ApiV1State::new(state));
    let questions = Router::new()
        .route("/api/v1/info", get(info::info))
        .route("/api/v1/stats", get(statistics::statistics))
        .route("/api/v1/traces/points", get(points::points))
        .route("/api/v1/traces/{trace_id}", get(whole_trace::whole_trace))
        .route("/api/v1/traces/{trace_id}/tree", get(tree::tree))
        .route("/api/v1/traces/{trace_id}/search", get(tree::search))
        .route("/api/v1/traces/{trace_id}/spans", post(span_details::spans))
        .route("/api/v1/traces/{trace_id}/spans/{span_id}", get(span_details::span))
        .with_state(Arc::clone(&api));
    let feed = Arc::new(StreamFeed::new(&api));
    let stream = Router::new().route("/api/v1/stream", get(stream::stream)).with_state(feed);
    (questions, stream)
}
