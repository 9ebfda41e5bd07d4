//! The receivers' part of the route table.
//!
//! The receivers ask for their request permits themselves, because each protocol has its own form for a refusal.

use std::sync::Arc;

use axum::Router;
use axum::routing::post;

use super::{grpc, grpc_health, otlp_http, zipkin};
use crate::app_state::AppState;
use crate::http::refusal::Refusal;

pub(crate) fn otlp_http_routes(state: &Arc<AppState>) -> Router {
    Router::new()
        .route("/v1/traces", post(otlp_http::post_traces))
        .method_not_allowed_fallback(otlp_http::wrong_method)
        .with_state(Arc::clone(state))
}

pub(crate) fn zipkin_routes(state: &Arc<AppState>) -> Router {
    Router::new()
        .route("/api/v2/spans", post(zipkin::post_spans))
        .method_not_allowed_fallback(zipkin::wrong_method)
        .with_state(Arc::clone(state))
}

/// All that is at the address of OTLP over HTTP.
pub(crate) fn otlp_http_router(state: &Arc<AppState>) -> Router {
    otlp_http_routes(state).fallback(otlp_http::no_such_path)
}

/// All that is at the address of OTLP over gRPC.
pub(crate) fn otlp_grpc_router(state: &Arc<AppState>) -> Router {
    Router::new()
        .route(grpc::EXPORT, post(grpc::post_export))
        .route(grpc_health::CHECK, post(grpc_health::check))
        .method_not_allowed_fallback(|| async { Refusal::method_not_allowed() })
        .fallback(grpc::no_such_method)
        .with_state(Arc::clone(state))
}

/// All that is at Zipkin's address.
pub(crate) fn zipkin_router(state: &Arc<AppState>) -> Router {
    zipkin_routes(state).fallback(zipkin::no_such_path)
}
