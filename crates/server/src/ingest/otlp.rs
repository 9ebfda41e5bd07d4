//! `POST /v1/traces`: OpenTelemetry's protocol over HTTP, in both of its encodings.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State as Shared;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use bumpalo::Bump;
use store::Accepted;
use wire::otlp::{self, Encoding, Export, Reason};

use crate::body::{self, QueuedBody};
use crate::metrics::Protocol;
use crate::refusal::Refusal;
use crate::state::State;

const MEDIA_TYPES: &str = "application/x-protobuf or application/json";

/// How a body of this media type is written.
fn encoding(headers: &HeaderMap) -> Option<Encoding> {
    match body::media_type(headers)?.as_str() {
        "application/x-protobuf" | "application/protobuf" => Some(Encoding::Protobuf),
        "application/json" => Some(Encoding::Json),
        _ => None,
    }
}

/// The media type of an encoding; an answer has that of its request, whatever it says.
pub(crate) const fn media_type(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Protobuf => "application/x-protobuf",
        Encoding::Json => "application/json",
    }
}

pub(crate) async fn post_traces(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let Some(encoding) = encoding(&headers) else {
        return refuse(&headers, Refusal::media_type(MEDIA_TYPES));
    };
    match export(&state, encoding, (&headers, body)).await {
        Ok(answer) => ([(CONTENT_TYPE, media_type(encoding))], answer).into_response(),
        Err(refusal) => refusal.into_otlp(encoding),
    }
}

/// A refusal as the protocol has it; as JSON where the request is in neither of its encodings.
fn refuse(headers: &HeaderMap, refusal: Refusal) -> Response {
    refusal.into_otlp(encoding(headers).unwrap_or(Encoding::Json))
}

/// Another method on the path of the protocol.
pub(crate) async fn wrong_method(headers: HeaderMap) -> Response {
    refuse(&headers, Refusal::method_not_allowed())
}

/// Another path at the address of the protocol.
pub(crate) async fn no_such_path(headers: HeaderMap) -> Response {
    refuse(&headers, Refusal::not_found("spans are taken at /v1/traces"))
}

async fn export(state: &State, encoding: Encoding, request: (&HeaderMap, Body)) -> Result<Vec<u8>, Refusal> {
    let _share = state.one_request()?;
    let protocol = match encoding {
        Encoding::Protobuf => Protocol::OtlpProtobuf,
        Encoding::Json => Protocol::OtlpJson,
    };
    let work = |body: &QueuedBody, arena: &Bump| take(state, (protocol, encoding), &body.bytes, arena);
    super::take_body(state, request, work).await
}

/// Takes what can be taken of a request; the answer says what could not.
pub(super) fn take(
    state: &State,
    (protocol, encoding): (Protocol, Encoding),
    body: &[u8],
    arena: &Bump,
) -> Result<Vec<u8>, Refusal> {
    let export = otlp::decode(encoding, body, arena).map_err(|malformed| {
        state.metrics.count_malformed(protocol);
        Refusal::from(malformed)
    })?;
    let accepted = super::accept(state, export.spans, protocol)?;
    state.metrics.count_body(body.len() as u64);
    state.metrics.count_repairs(protocol, &export.repairs);
    for reason in Reason::ALL {
        state.metrics.count_rejected(protocol, reason.name(), export.rejected.count(reason));
    }
    let lost = export.rejected.total() + accepted.total() - accepted.stored - accepted.repeated;
    Ok(otlp::taken(encoding, lost, &what_to_tell(&export, &accepted)))
}

/// What a sender is told of spans that are not stored, and of a body that looks wrong; mostly nothing.
fn what_to_tell(export: &Export<'_>, accepted: &Accepted) -> String {
    let mut sentence = export.rejected.to_string();
    if !export.note.is_empty() {
        let separator = if sentence.is_empty() { "" } else { "; " };
        write!(sentence, "{separator}{}", export.note).expect("memory takes all");
    }
    for (spans, why) in [
        (accepted.stale, "started before the window that is kept"),
        (accepted.ahead, "start too far ahead of the server's clock"),
        (accepted.too_large, "larger than can be kept"),
    ] {
        if spans > 0 {
            let separator = if sentence.is_empty() { "" } else { "; " };
            let noun = if spans == 1 { "span" } else { "spans" };
            write!(sentence, "{separator}{spans} {noun}: {why}").expect("memory takes all");
        }
    }
    sentence
}
