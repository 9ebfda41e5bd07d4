//! A request's body: read within its limits, then unpacked within the same.

use std::io::Read;

use axum::body::Body;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use bytes::{Buf as _, Bytes, BytesMut};
use http_body_util::BodyExt as _;

use crate::budget::Share;
use crate::limits::Limits;
use crate::refusal::Refusal;

/// Limit: memory that a zstd frame may ask for its window, as RFC 8878 recommends.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;
/// The step in which an unpacked body grows and is counted.
const UNPACK_STEP_BYTES: usize = 64 * 1024;
/// Limit: a body's announced length is believed up to here, before its bytes have come.
const TRUSTED_LENGTH_BYTES_MAX: usize = 1024 * 1024;

/// A body, and the share of the queue that it holds as long as it lives.
pub(crate) struct QueuedBody {
    pub(crate) bytes: Bytes,
    share: Share,
}

/// How a body is packed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Identity,
    Gzip,
    Zstd,
}

impl Coding {
    /// A coding by its name in HTTP, which gRPC shares.
    pub(crate) fn named(name: &HeaderValue) -> Option<Self> {
        match name.to_str().ok()?.trim().to_ascii_lowercase().as_str() {
            "identity" => Some(Self::Identity),
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }
}

/// What a body says that it is, without parameters and in lower case; nothing where it does not say.
pub(crate) fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?;
    let essence = value.to_str().ok().and_then(|text| text.split(';').next()).unwrap_or_default();
    Some(essence.trim().to_ascii_lowercase())
}

/// Refuses what says that it is not JSON. A client that does not say is believed.
pub(crate) fn check_is_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let is_json = media_type(headers).is_none_or(|media_type| media_type == "application/json");
    if is_json { Ok(()) } else { Err(Refusal::media_type("application/json")) }
}

fn coding(headers: &HeaderMap) -> Result<Coding, Refusal> {
    // Some clients name none by an empty value.
    let named = headers.get(CONTENT_ENCODING).filter(|name| !name.is_empty());
    let Some(name) = named else { return Ok(Coding::Identity) };
    Coding::named(name).ok_or_else(Refusal::content_encoding)
}

/// Reads the whole body and unpacks it. Of nothing there is nothing to unpack.
pub(crate) async fn read(
    headers: &HeaderMap,
    body: Body,
    share: Share,
    limits: &Limits,
) -> Result<QueuedBody, Refusal> {
    let coding = coding(headers)?;
    let body = collect_in_time(headers, body, share, limits).await?;
    if body.bytes.is_empty() { Ok(body) } else { body.unpack(coding, limits) }
}

/// Reads the whole body as it is.
pub(crate) async fn collect_in_time(
    headers: &HeaderMap,
    body: Body,
    share: Share,
    limits: &Limits,
) -> Result<QueuedBody, Refusal> {
    let reading = collect(headers, body, share, limits);
    let (bytes, share) = tokio::time::timeout(limits.body_timeout, reading).await.map_err(|_| {
        Refusal::too_slow(format!("the body did not come within {:?}", limits.body_timeout))
    })??;
    Ok(QueuedBody { bytes, share })
}

impl QueuedBody {
    /// The same without its first bytes, of which there are so many.
    pub(crate) fn without_front(mut self, count: usize) -> Self {
        self.bytes.advance(count);
        self
    }

    /// Unpacks what the bytes are packed with.
    pub(crate) fn unpack(self, coding: Coding, limits: &Limits) -> Result<Self, Refusal> {
        let Self { bytes, mut share } = self;
        let bytes = match coding {
            Coding::Identity => bytes,
            Coding::Gzip => {
                let gzip = flate2::read::MultiGzDecoder::new(&*bytes);
                crate::heavy::run(bytes.len(), || unpack(gzip, &mut share, limits))?
            }
            Coding::Zstd => {
                let zstd = zstd_reader(&bytes)?;
                crate::heavy::run(bytes.len(), || unpack(zstd, &mut share, limits))?
            }
        };
        Ok(Self { bytes, share })
    }
}

fn zstd_reader(bytes: &[u8]) -> Result<impl Read, Refusal> {
    let failed = |error| Refusal::overload(format!("no zstd decoder could be made: {error}"));
    let mut decoder = zstd::stream::read::Decoder::with_buffer(bytes).map_err(failed)?;
    decoder.window_log_max(ZSTD_WINDOW_LOG_MAX).map_err(failed)?;
    Ok(decoder)
}

async fn collect(
    headers: &HeaderMap,
    mut body: Body,
    mut share: Share,
    limits: &Limits,
) -> Result<(Bytes, Share), Refusal> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > limits.body_bytes_max) {
        return Err(too_large(limits));
    }
    let mut first = Bytes::new();
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Refusal::bad_request(format!("the body broke off: {error}")))?;
        let Ok(data) = frame.into_data() else { continue };
        if first.len() + whole.len() + data.len() > limits.body_bytes_max {
            return Err(too_large(limits));
        }
        if !share.grow(data.len()) {
            return Err(queue_full());
        }
        if first.is_empty() && whole.is_empty() {
            // Most bodies come in one piece, which is used as it is.
            first = data;
            continue;
        }
        if whole.is_empty() {
            whole.reserve(announced.unwrap_or(0).min(TRUSTED_LENGTH_BYTES_MAX).max(first.len() + data.len()));
            whole.extend_from_slice(&std::mem::take(&mut first));
        }
        whole.extend_from_slice(&data);
    }
    let bytes = if whole.is_empty() { first } else { whole.freeze() };
    Ok((bytes, share))
}

/// Unpacks step by step, so that a bomb is noticed before it has gone off.
fn unpack(mut packed: impl Read, share: &mut Share, limits: &Limits) -> Result<Bytes, Refusal> {
    let mut out = Vec::new();
    loop {
        let before = out.len();
        let step = UNPACK_STEP_BYTES.min(limits.body_bytes_max - before + 1);
        if !share.grow(step) {
            return Err(queue_full());
        }
        packed.by_ref().take(step as u64).read_to_end(&mut out).map_err(|error| {
            Refusal::bad_request(format!("content-encoding: the body does not unpack: {error}"))
        })?;
        if out.len() > limits.body_bytes_max {
            return Err(too_large(limits));
        }
        if out.len() == before {
            return Ok(out.into());
        }
    }
}

fn too_large(limits: &Limits) -> Refusal {
    let max = limits.body_bytes_max;
    Refusal::too_large(format!("the body is larger than {max} bytes; send fewer spans in a request"))
}

fn queue_full() -> Refusal {
    Refusal::overload("too many bytes are waiting to be taken; try again in a second")
}
