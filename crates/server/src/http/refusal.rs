//! Answers that are not a success: a status, and a sentence that a person can act on.

use std::time::Duration;

use axum::http::header::{ACCEPT_ENCODING, CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use budget::Shortage;
use span::{SpanId, TraceId};
use wire::contract::Rejection;
use wire::otlp::{Code, Encoding, Malformed, Status};

use crate::http::{left_out, media_type};
use crate::offload::ReadsFull;
use crate::scans::ScanError;

/// How long a client should wait before it comes back, in seconds.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("1");
const RETRY_AFTER_DURATION: Duration = Duration::from_secs(1);

/// A status, a sentence, and a header that some statuses need.
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

    pub(crate) fn no_such_trace(id: TraceId) -> Self {
        Self::not_found(format!("trace {id} is not in the window: it has expired, or was never received"))
    }

    /// So many files were quarantined before.
    pub(crate) fn perhaps_in_damaged_file(id: TraceId, files: u64) -> Self {
        Self::not_found(format!(
            "trace {id} was not found: it has expired, was never received, or was in a damaged file ({files} since the \
             start; the server's log names them)"
        ))
    }

    /// The trace was read without so many damaged segments.
    pub(crate) fn no_such_span(id: SpanId, segments_left_out: usize) -> Self {
        if segments_left_out == 0 {
            return Self::not_found(format!("span {id} is not in the trace"));
        }
        Self::perhaps_in_damaged_segment(&format!("span {id}"), segments_left_out)
    }

    /// The lookup did without so many damaged segments.
    pub(crate) fn perhaps_in_damaged_segment(what: &str, segments_left_out: usize) -> Self {
        let sentence = format!(
            "{what} was not found, but a damaged segment was left out that may contain it; the server's log names the \
             segment"
        );
        Self { header: left_out::field(segments_left_out), ..Self::not_found(sentence) }
    }

    pub(crate) fn method_not_allowed() -> Self {
        let sentence =
            "this path does not support the method; the Allow header lists the methods that it supports";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, sentence)
    }

    /// A body that did not come in time. The rest of it will not be read, so the connection cannot serve another
    /// request.
    pub(crate) fn late_body(time: Duration) -> Self {
        let sentence =
            format!("the body did not arrive within {time:?}; send it faster, or send smaller batches");
        let header = Some((CONNECTION, HeaderValue::from_static("close")));
        Self { header, ..Self::new(StatusCode::REQUEST_TIMEOUT, sentence) }
    }

    pub(crate) fn too_large(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, sentence)
    }

    pub(crate) fn body_too_large(bytes_max: usize) -> Self {
        Self::too_large(format!("the body is larger than {bytes_max} bytes; send fewer spans in a request"))
    }

    /// There is no memory for a body, or for what is decoded from it.
    pub(crate) fn no_body_memory(shortage: Shortage) -> Self {
        match shortage {
            Shortage::TooLarge { max } => Self::too_large(format!(
                "the request takes more memory than all requests may ({max} bytes, a share of --memory); send fewer \
                 spans in a request"
            )),
            Shortage::Taken { .. } => {
                Self::overload("other requests take all the memory for requests; try again in a second")
            }
        }
    }

    /// There is no memory for an answer.
    pub(crate) fn no_answer_memory(shortage: Shortage) -> Self {
        match shortage {
            Shortage::TooLarge { max } => Self::too_large(format!(
                "the answer takes more memory than all answers may ({max} bytes, a share of --memory); ask for less"
            )),
            Shortage::Taken { .. } => {
                Self::overload("other answers take all the memory for answers; try again in a second")
            }
        }
    }

    pub(crate) fn too_many_bodies() -> Self {
        Self::overload("too many request bodies are arriving (--bodies-max); try again in a second")
    }

    pub(crate) fn slower_than_others() -> Self {
        Self::overload(
            "other clients needed the place or the memory of this body, which came more slowly or beside more bodies of the same \
             client; send it again in a second",
        )
    }

    pub(crate) fn starting_or_stopping() -> Self {
        Self::overload("the server is starting or stopping; try again in a second")
    }

    /// The head of a request is too large, by one of two statuses.
    pub(crate) fn head_too_large(status: StatusCode, sentence: impl Into<String>) -> Self {
        Self::new(status, sentence)
    }

    pub(crate) fn too_many_connections() -> Self {
        Self::overload("too many connections (--connections-max); try again in a second")
    }

    /// HTTP/1 at an address where only gRPC is spoken.
    pub(crate) fn not_grpc() -> Self {
        Self::new(
            StatusCode::HTTP_VERSION_NOT_SUPPORTED,
            "this address speaks gRPC over HTTP/2 alone; OTLP over HTTP is at --otlp-http, mostly port 4318, and the \
             dashboard and the API at --listen, mostly port 8080",
        )
    }

    pub(crate) fn media_type(expected: &str) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, format!("content-type: must be {expected}"))
    }

    /// `header` names the compression: `content-encoding`, or gRPC's `grpc-encoding`.
    pub(crate) fn content_coding(header: &HeaderName) -> Self {
        let sentence = format!("{header}: must be gzip, zstd or identity");
        let header = Some((ACCEPT_ENCODING, HeaderValue::from_static("gzip, zstd, identity")));
        Self { header, ..Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, sentence) }
    }

    /// An answer to a request that may succeed when it comes again.
    pub(crate) fn overload(sentence: impl Into<String>) -> Self {
        let header = Some((RETRY_AFTER, RETRY_AFTER_SECONDS));
        Self { header, ..Self::new(StatusCode::SERVICE_UNAVAILABLE, sentence) }
    }

    /// The answer in OTLP over HTTP: a status message in the encoding of the request.
    pub(crate) fn into_otlp(self, encoding: Encoding) -> Response {
        let body = self.status().write(encoding);
        let is_too_slow = self.status == StatusCode::REQUEST_TIMEOUT;
        let mut response = self.respond(media_type::of_encoding(encoding), body);
        if is_too_slow {
            // The protocol does not list 408 as one to try again after: a sender would drop its spans.
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            response.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        response
    }

    /// The status message of OTLP, with the code of gRPC that fits the status of HTTP best.
    pub(crate) fn status(&self) -> Status<'_> {
        let code = match self.status {
            StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE
            | StatusCode::URI_TOO_LONG => Code::ResourceExhausted,
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT => Code::Unavailable,
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                Code::Unimplemented
            }
            _ => Code::InvalidArgument,
        };
        let retry_after = matches!(code, Code::Unavailable).then_some(RETRY_AFTER_DURATION);
        Status { code, message: &self.sentence, retry_after }
    }

    /// The answer to a sender of Zipkin: the sentence alone.
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

impl From<ReadsFull> for Refusal {
    fn from(full: ReadsFull) -> Self {
        Self::overload(full.to_string())
    }
}

impl From<ScanError> for Refusal {
    fn from(error: ScanError) -> Self {
        Self::overload(error.to_string())
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
            Malformed::NoMemory(shortage) => Self::no_body_memory(shortage),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = wire::contract::error(&self.sentence);
        self.respond("application/json", body)
    }
}
