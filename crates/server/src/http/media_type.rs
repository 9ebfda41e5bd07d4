//! Media types: what a body says that it is, and what a client wants to get.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
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

/// The encoding that a client prefers: JSON, unless protobuf is named first.
pub(crate) fn preferred_encoding(headers: &HeaderMap) -> Encoding {
    let names = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut names = names.flat_map(|value| value.split(',')).filter_map(|name| name.split(';').next());
    let first = names.find_map(|name| match name.trim() {
        "application/x-protobuf" | "application/protobuf" => Some(Encoding::Protobuf),
        "application/json" => Some(Encoding::Json),
        _ => None,
    });
    first.unwrap_or(Encoding::Json)
}
