//! gRPC's health check, which Kubernetes and load balancers ask: `grpc.health.v1.Health/Check`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Limited};
use tokio::time::timeout;
use wire::otlp::{Code, Status};

use super::grpc::{self, SERVICE};
use crate::app_state::AppState;
use crate::http::refusal::Refusal;

/// The path of the method.
pub(super) const CHECK: &str = "/grpc.health.v1.Health/Check";

/// `HealthCheckResponse` with the status `SERVING`, and with `NOT_SERVING`.
const SERVING: [u8; 2] = [0x08, 1];
const NOT_SERVING: [u8; 2] = [0x08, 2];
/// `HealthCheckRequest` has the name of the service in its first field.
const SERVICE_FIELD: u8 = 0x0a;

/// Limit: bytes of a question; the longest name that is known is a third of it.
const QUESTION_BYTES_MAX: usize = 256;

/// Takes no slot and no memory of others, so that a busy server still says that it lives.
pub(super) async fn check(State(state): State<Arc<AppState>>, headers: HeaderMap, body: Body) -> Response {
    if !grpc::is_grpc(&headers) {
        return Refusal::media_type("application/grpc").into_response();
    }
    let reading = Limited::new(body, QUESTION_BYTES_MAX).collect();
    let question = match timeout(state.limits.body_timeout, reading).await {
        Ok(Ok(question)) => question.to_bytes(),
        Ok(Err(_)) | Err(_) => Bytes::new(),
    };
    let (refused, message) = match service_of(&question) {
        None => (Code::InvalidArgument, "the message is not a HealthCheckRequest that is uncompressed"),
        // The server itself serves when it answers queries, and the service of traces when it takes them.
        Some(name) if name.is_empty() || name == SERVICE.as_bytes() => {
            state.metrics.count_grpc(None);
            let serves = state.is_ready() && (name.is_empty() || state.takes_writes());
            return grpc::respond(if serves { &SERVING } else { &NOT_SERVING });
        }
        Some(_) => (Code::NotFound, "there is no such service; ask for \"\" or OpenTelemetry's TraceService"),
    };
    state.metrics.count_grpc(Some(refused));
    grpc::refuse(&Status { code: refused, message, retry_after: None })
}

/// The name in a message that has nothing else. An empty one is the server itself, and has no bytes. A name is shorter than
/// 128 bytes, so its length is one byte.
fn service_of(message: &[u8]) -> Option<&[u8]> {
    let (&[0, 0, 0, 0, length], request) = message.split_first_chunk::<5>()? else { return None };
    if usize::from(length) != request.len() {
        return None;
    }
    if request.is_empty() {
        return Some(request);
    }
    let (&[field, length], name) = request.split_first_chunk::<2>()?;
    (field == SERVICE_FIELD && usize::from(length) == name.len()).then_some(name)
}
