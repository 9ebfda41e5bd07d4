//! Every answer that is not a success: a status, and a sentence a person can act on.

use std::time::Duration;

use axum::http::header::{ACCEPT_ENCODING, CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use wire::contract::Rejection;
use wire::otlp::{Code, Encoding, Malformed, Status};

use crate::ingest::media_type;

/// How long a client should wait before it comes back, in seconds.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("1");
const RETRY_AFTER_DURATION: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    sentence: String,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Refusal {
    fn new(status: StatusCode, sentence: impl Into<String>) -> Self {
        Self { status, sentence: sentence.into(), header: None }
    }

    pub(crate) fn bad_request(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, sentence)
    }

    pub(crate) fn not_found(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, sentence)
    }

    pub(crate) fn method_not_allowed() -> Self {
        let sentence = "this path does not take the method; the Allow header names those it takes";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, sentence)
    }

    /// The rest of the body will not be read, so the connection cannot go on.
    pub(crate) fn too_slow(sentence: impl Into<String>) -> Self {
        let header = Some((CONNECTION, HeaderValue::from_static("close")));
        Self { header, ..Self::new(StatusCode::REQUEST_TIMEOUT, sentence) }
    }

    pub(crate) fn too_large(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, sentence)
    }

    pub(crate) fn media_type(expected: &str) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, format!("content-type: must be {expected}"))
    }

    pub(crate) fn content_encoding() -> Self {
        let header = Some((ACCEPT_ENCODING, HeaderValue::from_static("gzip, zstd, identity")));
        let sentence = "content-encoding: must be gzip, zstd or identity";
        Self { header, ..Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, sentence) }
    }

    /// The same request may succeed later.
    pub(crate) fn overload(sentence: impl Into<String>) -> Self {
        let header = Some((RETRY_AFTER, RETRY_AFTER_SECONDS));
        Self { header, ..Self::new(StatusCode::SERVICE_UNAVAILABLE, sentence) }
    }

    /// The refusal as OpenTelemetry has it, over HTTP in the encoding of the request.
    pub(crate) fn into_otlp(self, encoding: Encoding) -> Response {
        let body = self.status().write(encoding);
        let is_too_slow = self.status == StatusCode::REQUEST_TIMEOUT;
        let mut response = self.respond(media_type(encoding), body);
        if is_too_slow {
            // The protocol knows no 408: who gets one gives the spans up.
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            response.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        response
    }

    pub(crate) fn status(&self) -> Status<'_> {
        let code = match self.status {
            StatusCode::PAYLOAD_TOO_LARGE => Code::ResourceExhausted,
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT => Code::Unavailable,
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                Code::Unimplemented
            }
            _ => Code::InvalidArgument,
        };
        let retry_after = matches!(code, Code::Unavailable).then_some(RETRY_AFTER_DURATION);
        Status { code, message: &self.sentence, retry_after }
    }

    /// The refusal as Zipkin has it: the sentence alone.
    pub(crate) fn into_text(self) -> Response {
        let body = self.sentence.clone().into_bytes();
        self.respond("text/plain; charset=utf-8", body)
    }

    fn respond(self, media_type: &'static str, body: Vec<u8>) -> Response {
        let mut response = (self.status, [(CONTENT_TYPE, media_type)], body).into_response();
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self::bad_request(rejection.to_string())
    }
}

impl From<Malformed> for Refusal {
    fn from(malformed: Malformed) -> Self {
        match malformed {
            Malformed::Syntax(_) => Self::bad_request(malformed.to_string()),
            Malformed::TooManyItems => Self::too_large(malformed.to_string()),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = wire::contract::error(&self.sentence);
        self.respond("application/json", body)
    }
}
