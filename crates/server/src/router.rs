//! The table of all routes, and the layers around them.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State as Shared};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, Method};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use crate::held::HeldBody;
use crate::refusal::Refusal;
use crate::state::State;
use crate::{api_v1, dashboard_files, documents, health, ingest, metrics, traces};

/// How long a browser may remember the answer to a preflight.
const PREFLIGHT_MAX_AGE: std::time::Duration = std::time::Duration::from_mins(10);

pub(crate) fn router(state: Arc<State>, origins: &[HeaderValue]) -> Router {
    // Compression is for what is worth it: an answer to a batch is one short line.
    let answers = Router::new()
        .route("/traces", get(traces::list))
        .route("/traces/{trace_id}", get(traces::trace))
        .route("/api/v1/traces/{trace_id}", get(traces::whole_trace))
        .merge(api_v1::routes())
        .merge(documents::routes())
        .merge(dashboard_files::routes())
        .layer(CompressionLayer::new());
    let limited = answers
        .route("/spans", post(ingest::post_spans))
        .layer(middleware::from_fn_with_state(Arc::clone(&state), limit_requests));
    let receivers = otlp_http_routes().merge(zipkin_routes()).layer(cors_of_senders(origins));
    Router::new()
        .route("/health", get(health::health))
        .route("/metrics", get(metrics::metrics))
        .merge(limited)
        .method_not_allowed_fallback(|| async { Refusal::method_not_allowed() })
        .fallback(|| async { Refusal::not_found("there is nothing at this path; /docs lists what there is") })
        .layer(cors(origins))
        .merge(receivers)
        .layer(middleware::from_fn_with_state(Arc::clone(&state), metrics::count))
        .with_state(state)
}

// Those that receive spans by the protocols of others count their requests themselves, because they have words of
// their own for what they refuse.

fn otlp_http_routes() -> Router<Arc<State>> {
    let router = Router::new().route("/v1/traces", post(ingest::otlp::post_traces));
    router.method_not_allowed_fallback(ingest::otlp::wrong_method)
}

fn zipkin_routes() -> Router<Arc<State>> {
    let router = Router::new().route("/api/v2/spans", post(ingest::zipkin::post_spans));
    router.method_not_allowed_fallback(ingest::zipkin::wrong_method)
}

/// What there is at the address of OpenTelemetry's protocol over HTTP.
pub(crate) fn otlp_http_router(state: Arc<State>, origins: &[HeaderValue]) -> Router {
    let router = otlp_http_routes().fallback(ingest::otlp::no_such_path);
    alone(router, state).layer(cors_of_senders(origins))
}

/// The same over gRPC.
pub(crate) fn otlp_grpc_router(state: Arc<State>) -> Router {
    let router = Router::new().route(ingest::EXPORT, post(ingest::post_export));
    let router = router.method_not_allowed_fallback(|| async { Refusal::method_not_allowed() });
    alone(router.fallback(ingest::no_such_method), state)
}

/// What there is at Zipkin's address.
pub(crate) fn zipkin_router(state: Arc<State>, origins: &[HeaderValue]) -> Router {
    let router = zipkin_routes().fallback(ingest::zipkin::no_such_path);
    alone(router, state).layer(cors_of_senders(origins))
}

/// A table of its own at an address of its own; requests are counted as those of the main one.
fn alone(router: Router<Arc<State>>, state: Arc<State>) -> Router {
    router.layer(middleware::from_fn_with_state(Arc::clone(&state), metrics::count)).with_state(state)
}

/// Pages of other origins may ask and send; `*` where no origin is named.
fn cors(origins: &[HeaderValue]) -> CorsLayer {
    let allowed = if origins.is_empty() { AllowOrigin::any() } else { listed(origins) };
    cors_for(allowed)
}

/// The same for SDKs in browsers: `navigator.sendBeacon` asks with credentials, whether there are any or not, and then
/// a browser wants to see the origin by its name. No cookie and nothing else that a browser adds by itself means
/// anything here, so a page gains nothing by it.
fn cors_of_senders(origins: &[HeaderValue]) -> CorsLayer {
    let allowed = if origins.is_empty() { AllowOrigin::mirror_request() } else { listed(origins) };
    cors_for(allowed).allow_credentials(true)
}

fn listed(origins: &[HeaderValue]) -> AllowOrigin {
    AllowOrigin::list(origins.iter().cloned())
}

fn cors_for(origins: AllowOrigin) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_headers(AllowHeaders::mirror_request())
        .allow_private_network(true)
        .expose_headers([RETRY_AFTER])
        .max_age(PREFLIGHT_MAX_AGE)
}

/// Refuses a request when too many are being answered. One counts until its answer has been taken.
async fn limit_requests(Shared(state): Shared<Arc<State>>, request: Request, next: Next) -> Response {
    let share = match state.one_request() {
        Ok(share) => share,
        Err(refusal) => return refusal.into_response(),
    };
    next.run(request).await.map(|body| Body::new(HeldBody::new(body, share)))
}
