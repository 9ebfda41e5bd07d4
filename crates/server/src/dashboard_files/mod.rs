//! The dashboard's files, inside the binary.

mod files;

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
    VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::refusal::Refusal;
use crate::state::State;
use files::{File, find};

/// Scripts and styles come from this server alone, and nothing stands inline. The dashboard may ask any server that the
/// reader names.
const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'self'; img-src 'self' data: blob:; connect-src *; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (VARY, HeaderValue::from_static("accept-encoding")),
];
/// Names under `/assets` have a hash of the content in them.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// The page always fits the server that answers it.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
const GZIP: HeaderValue = HeaderValue::from_static("gzip");

pub(crate) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/", get(index))
        // The dashboard's own addresses: it reads them itself.
        .route("/trace/{trace_id}", get(index))
        .route("/icon.svg", get(async |headers: HeaderMap| asset("/icon.svg", &headers)))
        .route("/assets/{file}", get(async |Path(file): Path<String>, headers: HeaderMap| {
            asset(&format!("/assets/{file}"), &headers)
        }))
}

async fn index(headers: HeaderMap) -> Response {
    respond(find("/index.html").unwrap_or_else(File::missing_dashboard), ASK_AGAIN, &headers)
}

fn asset(path: &str, headers: &HeaderMap) -> Result<Response, Refusal> {
    let file = find(path).ok_or_else(|| Refusal::not_found("there is no such file; the page is at /"))?;
    let caching = if path.starts_with("/assets/") { FOR_EVER } else { ASK_AGAIN };
    Ok(respond(file, caching, headers))
}

fn respond(file: File, caching: HeaderValue, headers: &HeaderMap) -> Response {
    let common =
        (HEADERS, [(CONTENT_TYPE, HeaderValue::from_static(file.content_type)), (CACHE_CONTROL, caching)]);
    match file.packed.filter(|_| takes_gzip(headers)) {
        Some(packed) => (common, [(CONTENT_ENCODING, GZIP)], packed).into_response(),
        None => (common, file.content).into_response(),
    }
}

/// Whether gzip is among what the client takes, and not as something that it does not.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        name.trim().eq_ignore_ascii_case("gzip")
            && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

#[cfg(test)]
mod tests {
    use axum::http::header::ACCEPT_ENCODING;
    use axum::http::{HeaderMap, HeaderValue};

    use super::takes_gzip;

    #[test]
    fn a_file_goes_packed_to_whom_takes_it() {
        for (value, takes) in [
            ("gzip, deflate, br, zstd", true),
            ("br;q=1.0, GZIP;q=0.8", true),
            ("gzip;q=0", false),
            ("br", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(value));
            assert_eq!(takes_gzip(&headers), takes, "{value}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
