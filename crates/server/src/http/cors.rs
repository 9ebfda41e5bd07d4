//! What pages of other origins may do.

use std::time::Duration;

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, Method};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use super::left_out::SEGMENTS_LEFT_OUT;

/// How long a browser may remember the answer to a preflight.
const PREFLIGHT_MAX_AGE: Duration = Duration::from_mins(10);

/// Lets pages of these origins ask and send; where none is named, those of every origin (`*`).
pub(crate) fn for_questions(origins: &[HeaderValue]) -> CorsLayer {
    let allowed = if origins.is_empty() { AllowOrigin::any() } else { listed(origins) };
    for_origins(allowed)
}

/// Lets SDKs in browsers send spans. `navigator.sendBeacon` always asks with credentials, and then a browser wants to
/// see the origin by its name instead of `*`. A page gains nothing by it: no cookie, and nothing else that a browser
/// adds by itself, means anything to this server.
pub(crate) fn for_senders(origins: &[HeaderValue]) -> CorsLayer {
    let allowed = if origins.is_empty() { AllowOrigin::mirror_request() } else { listed(origins) };
    for_origins(allowed).allow_credentials(true)
}

fn listed(origins: &[HeaderValue]) -> AllowOrigin {
    AllowOrigin::list(origins.iter().cloned())
}

fn for_origins(origins: AllowOrigin) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_headers(AllowHeaders::mirror_request())
        .allow_private_network(true)
        .expose_headers([RETRY_AFTER, SEGMENTS_LEFT_OUT])
        .max_age(PREFLIGHT_MAX_AGE)
}
