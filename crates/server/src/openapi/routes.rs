//! The reference's part of the route table.

use axum::Router;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::{document, page};
use crate::http::embedded_file::{EmbeddedFile, NOT_CACHED, respond_page};
use crate::mount::Mount;

/// The page loads from this server alone and asks this server alone; no script and no style is inline. Swagger UI has
/// its icons as `data:` in its style.
const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
    ),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
];

pub(crate) fn routes() -> Router {
    let routes = Router::new()
        .route("/docs", get(async |mount: Mount| (HEADERS, respond_page(page::index(), &mount.root("./")))))
        .route("/openapi.json", get(async || text("application/json", document::JSON)))
        .route("/openapi.yaml", get(async || text("application/yaml", document::YAML)));
    page::files().fold(routes, |routes, embedded| {
        routes.route(embedded.path, get(async move |headers: HeaderMap| file(embedded, &headers)))
    })
}

/// Nothing is cached, so that the page and the document always fit the server that answers.
fn file(file: EmbeddedFile, headers: &HeaderMap) -> Response {
    (HEADERS, file.respond(NOT_CACHED, headers)).into_response()
}

fn text(content_type: &'static str, text: &'static str) -> Response {
    (HEADERS, [(CONTENT_TYPE, HeaderValue::from_static(content_type)), (CACHE_CONTROL, NOT_CACHED)], text)
        .into_response()
}
