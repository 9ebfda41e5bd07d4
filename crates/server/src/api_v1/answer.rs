//! The form of an answer of API v1.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use budget::Permit;

use crate::http::held_body::HeldBody;

/// Answers change all the time, so no cache may keep one.
pub(super) const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Makes a response that holds its memory until the client has taken it.
pub(super) fn held_json((body, memory): (Vec<u8>, Permit)) -> Response {
    memory.shrink_to(body.len());
    json(HeldBody::wrap(body, memory))
}

pub(super) fn json(body: impl Into<Body>) -> Response {
    ([(CONTENT_TYPE, JSON), (CACHE_CONTROL, NO_STORE)], body.into()).into_response()
}
