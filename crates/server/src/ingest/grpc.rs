//! OpenTelemetry's protocol over gRPC: its one method, without streams.
//!
//! A request is one message behind a mark and its length; how it ended stands in the trailers of the answer.
//! `docs/decisions/0011-grpc-without-a-framework.md` says why this is all there is.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State as Shared;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use wire::otlp::{Code, Encoding, Status};

use super::otlp;
use crate::body::{self, Coding, QueuedBody};
use crate::metrics::Protocol;
use crate::refusal::Refusal;
use crate::state::State;

/// The path of the method.
pub(crate) const EXPORT: &str = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

const GRPC: HeaderValue = HeaderValue::from_static("application/grpc");
const GRPC_STATUS: HeaderName = HeaderName::from_static("grpc-status");
const GRPC_MESSAGE: HeaderName = HeaderName::from_static("grpc-message");
const GRPC_STATUS_DETAILS: HeaderName = HeaderName::from_static("grpc-status-details-bin");
const GRPC_ENCODING: HeaderName = HeaderName::from_static("grpc-encoding");
const GRPC_ACCEPT_ENCODING: HeaderName = HeaderName::from_static("grpc-accept-encoding");
const ACCEPTED: HeaderValue = HeaderValue::from_static("gzip, zstd, identity");

/// In front of a message: whether it is packed, and how long it is.
const PREFIX_BYTES: usize = 5;

pub(crate) async fn post_export(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    if !speaks_grpc(&headers) {
        return Refusal::media_type("application/grpc").into_response();
    }
    let exported = export(&state, &headers, body).await;
    state.metrics.count_grpc(exported.as_ref().err().map(|refusal| refusal.status().code));
    match exported {
        Ok(message) => respond(&message),
        Err(refusal) => refuse(&refusal.status()),
    }
}

/// Not what only begins in the same way, such as gRPC-Web and messages as JSON.
fn speaks_grpc(headers: &HeaderMap) -> bool {
    matches!(body::media_type(headers).as_deref(), Some("application/grpc" | "application/grpc+proto"))
}

async fn export(state: &State, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Refusal> {
    let _share = state.one_request()?;
    let body = body::collect_in_time(headers, body, state.queued_bytes.share(), &state.limits).await?;
    let message = unframe(headers, body, state)?;
    super::run(state, message.bytes.len(), |arena| {
        otlp::take(state, (Protocol::OtlpGrpc, Encoding::Protobuf), &message.bytes, arena)
    })
}

/// The one message of a body, unpacked.
fn unframe(headers: &HeaderMap, body: QueuedBody, state: &State) -> Result<QueuedBody, Refusal> {
    let (is_packed, length) = match body.bytes.first_chunk::<PREFIX_BYTES>() {
        Some(&[mark @ 0..=1, a, b, c, d]) => (mark == 1, u32::from_be_bytes([a, b, c, d]) as usize),
        _ => return Err(Refusal::bad_request("the body is not a message of gRPC")),
    };
    if body.bytes.len() - PREFIX_BYTES != length {
        return Err(Refusal::bad_request("the body is not one message of gRPC"));
    }
    let coding = match headers.get(GRPC_ENCODING) {
        Some(name) if is_packed => Coding::named(name).ok_or_else(Refusal::content_encoding)?,
        None if is_packed => return Err(Refusal::bad_request("grpc-encoding: is missing")),
        _ => Coding::Identity,
    };
    body.without_front(PREFIX_BYTES).unpack(coding, &state.limits)
}

fn respond(message: &[u8]) -> Response {
    let length = u32::try_from(message.len()).expect("an answer is a few sentences");
    let mut bytes = vec![0];
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(message);
    let mut trailers = HeaderMap::new();
    trailers.insert(GRPC_STATUS, HeaderValue::from_static("0"));
    let body = Full::new(Bytes::from(bytes)).with_trailers(std::future::ready(Some(Ok(trailers))));
    ([(CONTENT_TYPE, GRPC)], Body::new(body)).into_response()
}

/// An answer without a message: its trailers are the head.
fn refuse(status: &Status<'_>) -> Response {
    let details = BASE64_STANDARD_NO_PAD.encode(status.write(Encoding::Protobuf));
    let details = HeaderValue::from_str(&details).expect("base64 is ASCII");
    let message = HeaderValue::from_str(&percent_encode(status.message)).expect("all else is encoded");
    let headers = [
        (CONTENT_TYPE, GRPC),
        (GRPC_STATUS, HeaderValue::from(u16::from(status.code.number()))),
        (GRPC_MESSAGE, message),
        (GRPC_STATUS_DETAILS, details),
        (GRPC_ACCEPT_ENCODING, ACCEPTED),
    ];
    (StatusCode::OK, headers).into_response()
}

/// What a header may hold stays as it is.
fn percent_encode(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b' '..=b'~' if byte != b'%' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

/// Any other path on a port that speaks gRPC.
pub(crate) async fn no_such_method(Shared(state): Shared<Arc<State>>) -> Response {
    state.metrics.count_grpc(Some(Code::Unimplemented));
    let message = "there is only TraceService/Export of OpenTelemetry's collector here";
    refuse(&Status { code: Code::Unimplemented, message, retry_after: None })
}
