//! The dashboard's part of the route table, and the headers of its files.

use axum::Router;
use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
    VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::embedded_file::EmbeddedFile;
use crate::http::refusal::Refusal;

/// Scripts and styles come from this server alone, and none is inline. The dashboard may ask any server: its user can
/// name another one.
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
/// Names under `/assets` contain a hash of the content, so a name never gets other content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// The page names the scripts of this build: a page from a cache could name those of an older one.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
const GZIP: HeaderValue = HeaderValue::from_static("gzip");

pub(crate) fn routes() -> Router {
    Router::new()
        .route("/", get(index))
        // The dashboard's own addresses: its script reads them.
        .route("/trace/{trace_id}", get(index))
        .route("/icon.svg", get(async |headers: HeaderMap| asset("/icon.svg", &headers)))
        .route("/assets/{file}", get(async |Path(file): Path<String>, headers: HeaderMap| {
            asset(&format!("/assets/{file}"), &headers)
        }))
}

async fn index(headers: HeaderMap) -> Response {
    respond(
        EmbeddedFile::at("/index.html").unwrap_or_else(EmbeddedFile::missing_dashboard),
        ASK_AGAIN,
        &headers,
    )
}

fn asset(path: &str, headers: &HeaderMap) -> Result<Response, Refusal> {
    let file = EmbeddedFile::at(path)
        .ok_or_else(|| Refusal::not_found("there is no such file; open the dashboard at / again"))?;
    let caching = if path.starts_with("/assets/") { FOR_EVER } else { ASK_AGAIN };
    Ok(respond(file, caching, headers))
}

fn respond(file: EmbeddedFile, caching: HeaderValue, headers: &HeaderMap) -> Response {
    let common =
        (HEADERS, [(CONTENT_TYPE, HeaderValue::from_static(file.content_type)), (CACHE_CONTROL, caching)]);
    match file.gzip.filter(|_| takes_gzip(headers)) {
        Some(gzip) => (common, [(CONTENT_ENCODING, GZIP)], gzip).into_response(),
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
