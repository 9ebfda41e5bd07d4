//! Media types: what a body says that it is, and what a client wants to get.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use headers_accept::Accept;
use headers_core::Header as _;
use mediatype::{MediaType, Name, names};
use wire::otlp::Encoding;

/// The media type of a body, without parameters and in lower case; `None` where the request does not say.
pub(crate) fn of_body(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?;
    let essence = value.to_str().ok().and_then(|text| text.split(';').next()).unwrap_or_default();
    Some(essence.trim().to_ascii_lowercase())
}

/// The media type of an encoding of OTLP.
pub(crate) const fn of_encoding(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Protobuf => "application/x-protobuf",
        Encoding::Json => "application/json",
    }
}

/// The media types in which OTLP is answered, the preferred one first.
static ENCODINGS: [MediaType<'static>; 3] = [
    MediaType::new(names::APPLICATION, names::JSON),
    MediaType::new(names::APPLICATION, Name::new_unchecked("x-protobuf")),
    MediaType::new(names::APPLICATION, Name::new_unchecked("protobuf")),
];

/// The encoding that a client prefers by its weights (RFC 9110, section 12.5.1). Where it names none of them, it gets JSON
/// and no refusal: plain clients send `*/*` or nothing, and a person can read JSON.
pub(crate) fn preferred_encoding(headers: &HeaderMap) -> Encoding {
    let accept = Accept::decode(&mut headers.get_all(ACCEPT).iter());
    match accept.as_ref().ok().and_then(|accept| accept.negotiate(&ENCODINGS)) {
        Some(preferred) if preferred.subty != names::JSON => Encoding::Protobuf,
        _ => Encoding::Json,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::ACCEPT;
    use axum::http::{HeaderMap, HeaderValue};
    use wire::otlp::Encoding::{Json, Protobuf};

    use super::preferred_encoding;

    #[test]
    fn the_encoding_with_the_highest_weight_is_preferred() {
        for (accept, encoding) in [
            ("application/json", Json),
            ("application/x-protobuf", Protobuf),
            ("application/protobuf", Protobuf),
            ("APPLICATION/X-Protobuf", Protobuf),
            ("application/x-protobuf, application/json", Protobuf),
            ("application/json, application/x-protobuf", Json),
            ("application/x-protobuf;q=0.5, application/json", Json),
            ("application/json;q=0.5, application/x-protobuf;q=0.9", Protobuf),
            ("application/x-protobuf;q=0, */*", Json),
            ("application/json;q=0, */*;q=0.1", Protobuf),
            ("application/*", Json),
            ("*/*", Json),
            ("text/html", Json),
            ("", Json),
            ("no media type", Json),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(preferred_encoding(&headers), encoding, "{accept}");
        }
        assert_eq!(preferred_encoding(&HeaderMap::new()), Json);
    }

    #[test]
    fn several_accept_headers_are_one_list() {
        let mut headers = HeaderMap::new();
        headers.append(ACCEPT, HeaderValue::from_static("application/json;q=0.1"));
        headers.append(ACCEPT, HeaderValue::from_static("application/x-protobuf"));
        assert_eq!(preferred_encoding(&headers), Protobuf);
    }
}
