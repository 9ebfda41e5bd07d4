//! `POST /v1/traces`: OTLP over HTTP, in both of its encodings.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use wire::otlp::Encoding;

use super::{accept, otlp};
use crate::app_state::AppState;
use crate::clients::client::Client;
use crate::http::media_type;
use crate::http::refusal::Refusal;
use crate::metrics::Protocol;

const MEDIA_TYPES: &str = "application/x-protobuf or application/json";

/// The encoding of a body, if its media type is one of the protocol's.
fn encoding(headers: &HeaderMap) -> Option<Encoding> {
    match media_type::of_body(headers)?.as_str() {
        "application/x-protobuf" | "application/protobuf" => Some(Encoding::Protobuf),
        "application/json" => Some(Encoding::Json),
        _ => None,
    }
}

pub(super) async fn post_traces(
    State(state): State<Arc<AppState>>,
    client: Client,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let Some(encoding) = encoding(&headers) else {
        return refuse(&headers, Refusal::media_type(MEDIA_TYPES));
    };
    let protocol = match encoding {
        Encoding::Protobuf => Protocol::OtlpProtobuf,
        Encoding::Json => Protocol::OtlpJson,
    };
    match export(&state, protocol, &client, &headers, body).await {
        // The protocol wants the answer in the encoding of the request, whatever `accept` says.
        Ok(answer) => ([(CONTENT_TYPE, media_type::of_encoding(encoding))], answer).into_response(),
        Err(refusal) => refusal.into_otlp(encoding),
    }
}

/// A refusal in the encoding of the request, or as JSON where that is none of the protocol's.
fn refuse(headers: &HeaderMap, refusal: Refusal) -> Response {
    refusal.into_otlp(encoding(headers).unwrap_or(Encoding::Json))
}

/// Another method on the path of the protocol.
pub(super) async fn wrong_method(headers: HeaderMap) -> Response {
    refuse(&headers, Refusal::method_not_allowed())
}

/// Another path at the address of the protocol.
pub(super) async fn no_such_path(headers: HeaderMap) -> Response {
    refuse(&headers, Refusal::not_found("there is nothing at this path; send spans to /v1/traces"))
}

async fn export(
    state: &AppState,
    protocol: Protocol,
    client: &Client,
    headers: &HeaderMap,
    body: Body,
) -> Result<Vec<u8>, Refusal> {
    state.check_is_ready()?;
    let body = state.unread_body(client, headers, body).read().await?;
    accept::run(state, client, &body, |arena| otlp::take(state, protocol, &body, arena)).await
}
