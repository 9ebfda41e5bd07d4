//! `content-encoding`: how a body is compressed, and decompressing it within its limits.

use std::io::Read;

use axum::http::header::CONTENT_ENCODING;
use axum::http::{HeaderMap, HeaderValue};
use bytes::Bytes;

use crate::budget::Permit;
use crate::http::refusal::Refusal;
use crate::limits::Limits;
use crate::offload;

/// Limit: memory that a zstd frame may ask for its window, as RFC 8878 recommends.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;
/// The step in which a decompressed body grows and is counted.
const STEP_BYTES: usize = 64 * 1024;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ContentCoding {
    Identity,
    Gzip,
    Zstd,
}

impl ContentCoding {
    /// The coding that a header names; HTTP and gRPC share the names.
    pub(crate) fn named(name: &HeaderValue) -> Option<Self> {
        match name.to_str().ok()?.trim().to_ascii_lowercase().as_str() {
            "identity" => Some(Self::Identity),
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "zstd" => Some(Self::Zstd),
            _ => None,
        }
    }

    /// The coding of a request's body.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        // Some clients say that they do not compress by an empty value.
        let named = headers.get(CONTENT_ENCODING).filter(|name| !name.is_empty());
        let Some(name) = named else { return Ok(Self::Identity) };
        Self::named(name).ok_or_else(|| Refusal::content_coding(&CONTENT_ENCODING))
    }

    /// Decompresses a body. The permit grows with what comes out.
    pub(crate) fn decompress(
        self,
        bytes: Bytes,
        permit: &mut Permit,
        limits: &Limits,
    ) -> Result<Bytes, Refusal> {
        match self {
            Self::Identity => Ok(bytes),
            Self::Gzip => {
                let gzip = flate2::read::MultiGzDecoder::new(&*bytes);
                offload::run_in_place(bytes.len(), || read_in_steps(("gzip", gzip), permit, limits))
            }
            Self::Zstd => {
                let zstd = zstd_reader(&bytes)?;
                offload::run_in_place(bytes.len(), || read_in_steps(("zstd", zstd), permit, limits))
            }
        }
    }
}

fn zstd_reader(bytes: &[u8]) -> Result<impl Read, Refusal> {
    let failed = |error| {
        Refusal::overload(format!("no zstd decoder could be made: {error}; try again, or send with gzip"))
    };
    let mut decoder = zstd::stream::read::Decoder::with_buffer(bytes).map_err(failed)?;
    decoder.window_log_max(ZSTD_WINDOW_LOG_MAX).map_err(failed)?;
    Ok(decoder)
}

/// Decompresses step by step, because a few bytes may announce gigabytes: each step is paid for before its memory is
/// asked for, and the limit is noticed one step beyond it.
fn read_in_steps(
    (coding, mut compressed): (&str, impl Read),
    permit: &mut Permit,
    limits: &Limits,
) -> Result<Bytes, Refusal> {
    let mut out = Vec::new();
    loop {
        let before = out.len();
        let step = STEP_BYTES.min(limits.body_bytes_max - before + 1);
        if !permit.grow(step) {
            return Err(Refusal::queue_full());
        }
        compressed.by_ref().take(step as u64).read_to_end(&mut out).map_err(|error| {
            Refusal::bad_request(format!("the body cannot be decompressed as {coding}: {error}"))
        })?;
        if out.len() > limits.body_bytes_max {
            return Err(Refusal::body_too_large(limits.body_bytes_max));
        }
        if out.len() == before {
            return Ok(out.into());
        }
    }
}
