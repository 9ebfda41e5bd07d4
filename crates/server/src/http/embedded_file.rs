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
    /// Where it is served.
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

/// Whether gzip is among the encodings that the client accepts, with a weight above zero.
fn accepts_gzip(headers: &HeaderMap) -> bool {
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

    use super::accepts_gzip;

    #[test]
    fn a_file_is_compressed_for_a_client_that_accepts_gzip() {
        for (value, accepts) in [
            ("gzip, deflate, br, zstd", true),
            ("br;q=1.0, GZIP;q=0.8", true),
            ("gzip;q=0", false),
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
