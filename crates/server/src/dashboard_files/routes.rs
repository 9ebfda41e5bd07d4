//! The dashboard's part of the route table, and the headers of its files.

use axum::Router;
use axum::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use super::file_table::{MISSING, file_at};
use crate::http::embedded_file::{CACHED_FOR_EVER, NOT_CACHED, respond_page};
use crate::http::parameters::{PathParameter, path_parameter};
use crate::http::refusal::Refusal;
use crate::mount::Mount;

/// Scripts and styles come from this server alone, and none is inline. The dashboard may ask any server: its user can
/// name another one.
const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'self'; img-src 'self' data: blob:; connect-src *; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
];

pub(crate) fn routes() -> Router {
    Router::new()
        .route("/", get(async |mount: Mount| index(&mount.root("./"))))
        // The dashboard's own addresses: its script reads them.
        .route("/trace/{trace_id}", get(async |mount: Mount| index(&mount.root("../"))))
        .route("/icon.svg", get(async |headers: HeaderMap| asset("/icon.svg", &headers)))
        .route(
            "/assets/{file}",
            get(async |file: PathParameter, headers: HeaderMap| {
                asset(&format!("/assets/{}", path_parameter(file)?), &headers)
            }),
        )
}

fn index(root: &str) -> Response {
    (HEADERS, respond_page(file_at("/index.html").unwrap_or(MISSING), root)).into_response()
}

fn asset(path: &str, headers: &HeaderMap) -> Result<Response, Refusal> {
    let absent = || Refusal::not_found("there is no such file; open the dashboard at / again");
    let file = file_at(path).ok_or_else(absent)?;
    // The build puts a hash of the content into the names of these.
    let caching = if path.starts_with("/assets/") { CACHED_FOR_EVER } else { NOT_CACHED };
    Ok((HEADERS, file.respond(caching, headers)).into_response())
}
