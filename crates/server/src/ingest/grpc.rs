//! OTLP over gRPC: its one method, without streams.
//!
//! A request's body is one message, behind a byte that says whether it is compressed and four that say how long it is.
//! The status of the call is in the trailers of the answer. `docs/decisions/0011-grpc-without-a-framework.md` says why
//! no framework does this.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use wire::otlp::{Code, Encoding, Status};

use super::{accept, otlp};
use crate::app_state::AppState;
use crate::clients::client::Client;
use crate::http::content_coding::ContentCoding;
use crate::http::media_type;
use crate::http::refusal::Refusal;
use crate::http::request_body::QueuedBody;
use crate::metrics::Protocol;

/// The path of the method.
pub(super) const EXPORT: &str = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
/// The service that the method belongs to.
pub(super) const SERVICE: &str = "opentelemetry.proto.collector.trace.v1.TraceService";

const GRPC: HeaderValue = HeaderValue::from_static("application/grpc");
const GRPC_STATUS: HeaderName = HeaderName::from_static("grpc-status");
const GRPC_MESSAGE: HeaderName = HeaderName::from_static("grpc-message");
const GRPC_STATUS_DETAILS: HeaderName = HeaderName::from_static("grpc-status-details-bin");
const GRPC_ENCODING: HeaderName = HeaderName::from_static("grpc-encoding");
const GRPC_ACCEPT_ENCODING: HeaderName = HeaderName::from_static("grpc-accept-encoding");
const ACCEPTED: HeaderValue = HeaderValue::from_static("gzip, zstd, identity");

/// What the protocol has encoded in `grpc-message`: everything but printable ASCII, and the percent sign.
const NOT_IN_GRPC_MESSAGE: &AsciiSet = &CONTROLS.add(b'%');

/// Bytes in front of a message: whether it is compressed, and how long it is.
const PREFIX_BYTES: usize = 5;

pub(super) async fn post_export(
    State(state): State<Arc<AppState>>,
    client: Client,
    headers: HeaderMap,
    body: Body,
) -> Response {
    if !is_grpc(&headers) {
        return Refusal::media_type("application/grpc").into_response();
    }
    let exported = export(&state, &client, &headers, body).await;
    state.metrics.count_grpc(exported.as_ref().err().map(|refusal| refusal.status().code));
    match exported {
        Ok(message) => respond(&message),
        Err(refusal) => refuse(&refusal.status()),
    }
}

/// False for `application/grpc-web` and `application/grpc+json`, which this does not read.
pub(super) fn is_grpc(headers: &HeaderMap) -> bool {
    matches!(media_type::of_body(headers).as_deref(), Some("application/grpc" | "application/grpc+proto"))
}

async fn export(
    state: &AppState,
    client: &Client,
    headers: &HeaderMap,
    body: Body,
) -> Result<Vec<u8>, Refusal> {
    state.check_is_ready()?;
    let body = state.unread_body(client, headers, body).read_compressed().await?;
    let message = unframe(headers, body, state).await?;
    accept::run(state, client, &message, |arena| otlp::take(state, Protocol::OtlpGrpc, &message, arena)).await
}

/// The one message of a body, decompressed.
async fn unframe(headers: &HeaderMap, body: QueuedBody, state: &AppState) -> Result<QueuedBody, Refusal> {
    let (is_compressed, length) = match body.bytes.first_chunk::<PREFIX_BYTES>() {
        Some(&[flag @ 0..=1, a, b, c, d]) => (flag == 1, u32::from_be_bytes([a, b, c, d]) as usize),
        _ => {
            return Err(Refusal::bad_request(
                "the body is not a message of gRPC; its first five bytes must be a flag and a length",
            ));
        }
    };
    if body.bytes.len() - PREFIX_BYTES != length {
        return Err(Refusal::bad_request(
            "the body is not a single gRPC message: its length differs from its length prefix",
        ));
    }
    let coding = match headers.get(GRPC_ENCODING) {
        Some(name) if is_compressed => {
            ContentCoding::named(name).ok_or_else(|| Refusal::content_coding(&GRPC_ENCODING))?
        }
        None if is_compressed => {
            return Err(Refusal::bad_request("grpc-encoding: is missing, but the message is compressed"));
        }
        _ => ContentCoding::Identity,
    };
    body.skip(PREFIX_BYTES).decompress(coding, &state.limits).await
}

pub(super) fn respond(message: &[u8]) -> Response {
    let length = u32::try_from(message.len()).expect("an answer is a few sentences");
    let mut bytes = vec![0];
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(message);
    let mut trailers = HeaderMap::new();
    trailers.insert(GRPC_STATUS, HeaderValue::from_static("0"));
    let body = Full::new(Bytes::from(bytes)).with_trailers(std::future::ready(Some(Ok(trailers))));
    ([(CONTENT_TYPE, GRPC)], Body::new(body)).into_response()
}

/// A refusal of gRPC, for where no method is asked yet.
#[expect(clippy::needless_pass_by_value, reason = "other protocols take their refusals apart")]
pub(crate) fn respond_refusal(refusal: Refusal) -> Response {
    refuse(&refusal.status())
}

/// An answer without a message: its trailers are the head.
pub(super) fn refuse(status: &Status<'_>) -> Response {
    let details = BASE64_STANDARD_NO_PAD.encode(status.write(Encoding::Protobuf));
    let details = HeaderValue::from_str(&details).expect("base64 is ASCII");
    let message = utf8_percent_encode(status.message, NOT_IN_GRPC_MESSAGE).to_string();
    let message = HeaderValue::from_str(&message).expect("what is left may stand in a header");
    let headers = [
        (CONTENT_TYPE, GRPC),
        (GRPC_STATUS, HeaderValue::from(u16::from(status.code.number()))),
        (GRPC_MESSAGE, message),
        (GRPC_STATUS_DETAILS, details),
        (GRPC_ACCEPT_ENCODING, ACCEPTED),
    ];
    (StatusCode::OK, headers).into_response()
}

/// Any other path on a port that speaks gRPC.
pub(super) async fn no_such_method(State(state): State<Arc<AppState>>, headers: HeaderMap) -> Response {
    if !is_grpc(&headers) {
        return Refusal::not_grpc().into_response();
    }
    state.metrics.count_grpc(Some(Code::Unimplemented));
    let message = "there is no such method; send spans to TraceService/Export of OpenTelemetry's collector";
    refuse(&Status { code: Code::Unimplemented, message, retry_after: None })
}
