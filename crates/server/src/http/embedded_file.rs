//! Files inside the binary, which the build script has compressed once and for all.

use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse as _, Response};

const GZIP: HeaderValue = HeaderValue::from_static("gzip");
const BY_ENCODING: HeaderValue = HeaderValue::from_static("accept-encoding");

/// Names that contain a hash of the content never get other content.
pub(crate) const CACHED_FOR_EVER: HeaderValue =
    HeaderValue::from_static("public, max-age=31536000, immutable");
/// A page names the scripts of its build: one from a cache could name those of an older build.
pub(crate) const NOT_CACHED: HeaderValue = HeaderValue::from_static("no-cache");

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct EmbeddedFile {
    /// The path of the URL.
    pub(crate) path: &'static str,
    pub(crate) content: &'static [u8],
    /// The content compressed with gzip, where that is shorter.
    pub(crate) gzip: Option<&'static [u8]>,
}

impl EmbeddedFile {
    pub(crate) fn content_type(&self) -> &'static str {
        match self.path.rsplit_once('.').map(|(_, ending)| ending) {
            Some("html") => "text/html; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("woff2") => "font/woff2",
            _ => "application/octet-stream",
        }
    }

    pub(crate) fn respond(&self, caching: HeaderValue, headers: &HeaderMap) -> Response {
        let content_type = HeaderValue::from_static(self.content_type());
        let common = [(CONTENT_TYPE, content_type), (CACHE_CONTROL, caching), (VARY, BY_ENCODING)];
        match self.gzip.filter(|_| accepts_gzip(headers)) {
            Some(gzip) => (common, [(CONTENT_ENCODING, GZIP)], gzip).into_response(),
            None => (common, self.content).into_response(),
        }
    }
}

/// A page that names files of the server with `"./` in front. It is so short that it is compressed anew each time, by the
/// layer that does that for all answers.
pub(crate) fn respond_page(page: EmbeddedFile, root: &str) -> Response {
    let text = String::from_utf8_lossy(page.content).replace("\"./", &format!("\"{root}"));
    let content_type = HeaderValue::from_static(page.content_type());
    // The page depends on the header of a proxy, which no cache between that proxy and this server needs to know.
    ([(CONTENT_TYPE, content_type), (CACHE_CONTROL, NOT_CACHED)], text).into_response()
}

/// Whether the client accepts gzip: by its name, or else by `*`, with a weight above zero (RFC 9110, section 12.5.3).
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let codings: Vec<_> = values.flat_map(|value| value.split(',')).map(name_and_weight).collect();
    let weight_of = |wanted: &str| {
        codings.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|&(_, weight)| weight)
    };
    weight_of("gzip").or_else(|| weight_of("*")).is_some_and(|weight| weight > 0.0)
}

/// A coding such as `gzip;q=0.5`; a weight that is no number counts as 1.
fn name_and_weight(coding: &str) -> (&str, f32) {
    let (name, parameter) = coding.split_once(';').unwrap_or((coding, ""));
    let weight = parameter.trim().strip_prefix("q=").and_then(|weight| weight.trim().parse().ok());
    (name.trim(), weight.unwrap_or(1.0))
}

#[cfg(test)]
mod tests {
    use axum::http::header::ACCEPT_ENCODING;
    use axum::http::{HeaderMap, HeaderValue};

    use super::accepts_gzip;

    #[test]
    fn a_file_is_compressed_for_a_client_that_accepts_gzip() {
        for (value, accepts) in [
            ("gzip, deflate, br, zstd", true),
            ("br;q=1.0, GZIP;q=0.8", true),
            ("gzip;q=0", false),
            ("gzip; q=0.000", false),
            ("gzip;q=0.001", true),
            ("*", true),
            ("*;q=0", false),
            ("gzip;q=0, *", false),
            ("identity;q=0.5, *;q=0.1", true),
            ("br", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(value));
            assert_eq!(accepts_gzip(&headers), accepts, "{value}");
        }
        assert!(!accepts_gzip(&HeaderMap::new()));
    }
}
