//! A request's body: read within its limits, then decompressed within the same limits.

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use bytes::{Buf as _, Bytes, BytesMut};
use http_body_util::BodyExt as _;

use crate::budget::Permit;
use crate::http::content_coding::ContentCoding;
use crate::http::media_type;
use crate::http::refusal::Refusal;
use crate::limits::Limits;

/// Limit: memory that is reserved for a body because its `content-length` says so, before its bytes have come. A client
/// that only announces a large body gets no memory for it.
const TRUSTED_LENGTH_BYTES_MAX: usize = 1024 * 1024;

/// A body that has come but was not read.
pub(crate) struct UnreadBody<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: Body,
    /// Grows with the bytes that are read.
    pub(crate) permit: Permit,
    pub(crate) limits: &'a Limits,
}

/// A body in memory, and its part of the budget for queued bytes, which it holds as long as it lives.
pub(crate) struct QueuedBody {
    pub(crate) bytes: Bytes,
    permit: Permit,
}

/// Refuses a body that says that it is not JSON. Plain clients do not say anything, and are believed.
pub(crate) fn check_is_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let is_json = media_type::of_body(headers).is_none_or(|media_type| media_type == "application/json");
    if is_json { Ok(()) } else { Err(Refusal::media_type("application/json")) }
}

impl UnreadBody<'_> {
    /// Reads all of the body and decompresses it.
    pub(crate) async fn read(self) -> Result<QueuedBody, Refusal> {
        let coding = ContentCoding::of(self.headers)?;
        let limits = self.limits;
        let body = self.read_compressed().await?;
        // No bytes are no valid gzip, but some clients name a coding for an empty body.
        if body.bytes.is_empty() { Ok(body) } else { body.decompress(coding, limits) }
    }

    /// Reads all of the body as it was sent.
    pub(crate) async fn read_compressed(self) -> Result<QueuedBody, Refusal> {
        let body_timeout = self.limits.body_timeout;
        let reading = tokio::time::timeout(body_timeout, self.collect()).await;
        reading.unwrap_or_else(|_| {
            let sentence = format!(
                "the body did not arrive within {body_timeout:?}; send it faster, or send smaller batches"
            );
            Err(Refusal::too_slow(sentence))
        })
    }

    async fn collect(mut self) -> Result<QueuedBody, Refusal> {
        let bytes_max = self.limits.body_bytes_max;
        let announced = announced_bytes(self.headers);
        if announced.is_some_and(|bytes| bytes > bytes_max) {
            return Err(Refusal::body_too_large(bytes_max));
        }
        // Most bodies come as one frame, whose bytes are used as they are. Only a second frame makes copies necessary.
        let mut first = Bytes::new();
        let mut whole = BytesMut::new();
        while let Some(frame) = self.body.frame().await {
            let frame = frame.map_err(|error| {
                Refusal::bad_request(format!("the body ended early: {error}; send the request again"))
            })?;
            let Ok(data) = frame.into_data() else { continue };
            if first.len() + whole.len() + data.len() > bytes_max {
                return Err(Refusal::body_too_large(bytes_max));
            }
            if !self.permit.grow(data.len()) {
                return Err(Refusal::queue_full());
            }
            if first.is_empty() && whole.is_empty() {
                first = data;
                continue;
            }
            if whole.is_empty() {
                let trusted = announced.unwrap_or(0).min(TRUSTED_LENGTH_BYTES_MAX);
                whole.reserve(trusted.max(first.len() + data.len()));
                whole.extend_from_slice(&std::mem::take(&mut first));
            }
            whole.extend_from_slice(&data);
        }
        let bytes = if whole.is_empty() { first } else { whole.freeze() };
        Ok(QueuedBody { bytes, permit: self.permit })
    }
}

fn announced_bytes(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

impl QueuedBody {
    /// Drops the first `count` bytes.
    pub(crate) fn skip(mut self, count: usize) -> Self {
        self.bytes.advance(count);
        self
    }

    pub(crate) fn decompress(self, coding: ContentCoding, limits: &Limits) -> Result<Self, Refusal> {
        let Self { bytes, mut permit } = self;
        let bytes = coding.decompress(bytes, &mut permit, limits)?;
        Ok(Self { bytes, permit })
    }
}
