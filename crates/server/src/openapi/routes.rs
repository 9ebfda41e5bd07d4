//! The reference's part of the route table.

use std::sync::LazyLock;

use axum::Router;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::{document as openapi, page};

/// The page loads from this server alone, and nothing of it runs or styles inline. It is not cached, so that it always
/// fits the server that answers it.
const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
    ),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
];

const TOKENS: &str = include_str!("../../assets/reference/tokens.css");
const STYLE: &str = include_str!("../../assets/reference/reference.css");
const ICON: &str = include_str!("../../assets/reference/icon.svg");

pub(crate) fn routes() -> Router {
    Router::new()
        .route("/docs/tokens.css", get(async || document("text/css; charset=utf-8", TOKENS)))
        .route("/docs/reference.css", get(async || document("text/css; charset=utf-8", STYLE)))
        .route("/docs/icon.svg", get(async || document("image/svg+xml", ICON)))
        .route("/docs", get(async || document("text/html; charset=utf-8", docs())))
        .route("/openapi.json", get(async || document("application/json", openapi::json())))
        .route("/openapi.yaml", get(async || document("application/yaml", openapi::yaml())))
}

fn document(content_type: &'static str, body: impl IntoResponse) -> Response {
    (HEADERS, [(CONTENT_TYPE, content_type)], body).into_response()
}

/// Made at the first call; the document does not change while the server runs.
fn docs() -> &'static str {
    static DOCS: LazyLock<String> = LazyLock::new(|| page::html(openapi::document()));
    &DOCS
}
