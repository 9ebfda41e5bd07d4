//! An answer as bytes of HTTP/1, for where hyper does not write it.

use axum::http::header::{CONNECTION, CONTENT_LENGTH};
use axum::response::Response;
use futures_util::FutureExt as _;
use http_body_util::BodyExt as _;

/// Writes an answer that ends its connection. Its body is in memory, as that of a refusal is.
pub(crate) fn write(response: Response) -> Vec<u8> {
    let (head, body) = response.into_parts();
    let body = body.collect().now_or_never().and_then(Result::ok);
    let body = body.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let mut bytes = format!("HTTP/1.1 {}\r\n", head.status).into_bytes();
    for (name, value) in
        head.headers.iter().filter(|(name, _)| !matches!(**name, CONNECTION | CONTENT_LENGTH))
    {
        bytes.extend_from_slice(name.as_ref());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes
        .extend_from_slice(format!("connection: close\r\ncontent-length: {}\r\n\r\n", body.len()).as_bytes());
    bytes.extend_from_slice(&body);
    bytes
}
