//! What is served as it is: the page, the description of the API, and its reference.

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::refusal::Refusal;
use crate::state::State;
use crate::{page, reference};

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

pub(crate) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/", get(file))
        .route("/assets/{file}", get(file))
        .route("/docs", get(async || document("text/html; charset=utf-8", docs())))
        .route("/openapi.json", get(async || document("application/json", reference::json())))
        .route("/openapi.yaml", get(async || document("application/yaml", reference::yaml())))
}

async fn file(uri: Uri) -> Result<Response, Refusal> {
    let asset = page::asset(uri.path());
    let asset = asset.ok_or_else(|| Refusal::not_found("there is no such file; the page is at /"))?;
    Ok(document(asset.content_type, asset.bytes))
}

fn document(content_type: &'static str, body: impl IntoResponse) -> Response {
    (HEADERS, [(CONTENT_TYPE, content_type)], body).into_response()
}

/// Made at the first call; the document does not change while the server runs.
fn docs() -> &'static str {
    static DOCS: LazyLock<String> = LazyLock::new(|| reference::html(reference::document()));
    &DOCS
}
