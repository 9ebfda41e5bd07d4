//! `content-encoding`: how a body is compressed, and decompressing it within its limits.

use std::io::Read;

use axum::http::header::CONTENT_ENCODING;
use axum::http::{HeaderMap, HeaderValue};
use budget::Permit;
use bytes::Bytes;

use crate::http::refusal::Refusal;
use crate::limits::Limits;
use crate::offload::{self, INLINE_BYTES_MAX};

/// Limit: memory that a zstd frame may ask for its window, as RFC 8878 recommends.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;
/// The step in which a decompressed body grows and is counted.
const STEP_BYTES: usize = 64 * 1024;
/// What a decompressed byte takes while it is decompressed: the buffer has unused capacity after it has grown, and the
/// decoder keeps a copy in its window.
const COPIES: usize = 3;

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

    /// Decompresses a body. The permit grows with the memory that this takes.
    pub(crate) async fn decompress(
        self,
        bytes: Bytes,
        permit: &Permit,
        limits: &Limits,
    ) -> Result<Bytes, Refusal> {
        match self {
            Self::Identity => Ok(bytes),
            Self::Gzip => {
                let gzip = flate2::read::MultiGzDecoder::new(&*bytes);
                Decompression::new(("gzip", gzip), permit, limits).run().await
            }
            Self::Zstd => Decompression::new(("zstd", zstd_reader(&bytes)?), permit, limits).run().await,
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
struct Decompression<'a, R> {
    coding: &'static str,
    compressed: R,
    out: Vec<u8>,
    permit: &'a Permit,
    bytes_max: usize,
}

impl<'a, R: Read> Decompression<'a, R> {
    fn new((coding, compressed): (&'static str, R), permit: &'a Permit, limits: &Limits) -> Self {
        Self { coding, compressed, out: Vec::new(), permit, bytes_max: limits.body_bytes_max }
    }

    /// Decompresses all. The size of the compressed body does not say how long that takes, so it begins on this thread;
    /// if the output turns out to be large, it waits for its turn and moves the thread's other tasks.
    async fn run(mut self) -> Result<Bytes, Refusal> {
        if !self.run_to(INLINE_BYTES_MAX)? {
            let _turn = offload::large_body_turn().await;
            offload::move_others_and_run(|| self.run_to(usize::MAX))?;
        }
        Ok(self.out.into())
    }

    /// Decompresses until there are so many bytes. Returns true at the end of the body.
    fn run_to(&mut self, bytes: usize) -> Result<bool, Refusal> {
        while self.out.len() < bytes {
            let before = self.out.len();
            let step = STEP_BYTES.min((self.bytes_max - before).saturating_add(1));
            self.permit.grow(step * COPIES).map_err(Refusal::no_body_memory)?;
            self.compressed.by_ref().take(step as u64).read_to_end(&mut self.out).map_err(|error| {
                Refusal::bad_request(format!("the body cannot be decompressed as {}: {error}", self.coding))
            })?;
            if self.out.len() > self.bytes_max {
                return Err(Refusal::body_too_large(self.bytes_max));
            }
            if self.out.len() == before {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
