//! Measures how many bytes of a request body a span takes, uncompressed and compressed.

use std::io;

use span::Timestamp;

use super::export::{Exporter, RequestSize};
use crate::bench::format::float;

/// How many spans the sample has.
const SAMPLE_SPANS: u64 = 20_000;
/// The level of zstd that a collector's file exporter uses.
const LEVEL: i32 = 3;

/// Bytes of request bodies, divided by the number of spans.
pub(super) struct Sizes {
    pub(super) raw: f64,
    /// With each body compressed by itself.
    pub(super) compressed: f64,
    /// With all bodies of the sample compressed as one.
    pub(super) compressed_together: f64,
}

impl Sizes {
    pub(super) fn of(size: RequestSize, seed: u64, now: Timestamp) -> io::Result<Self> {
        let mut exporter = Exporter::new(size, seed, 0);
        let (mut spans, mut compressed, mut all) = (0, 0, Vec::new());
        while spans < SAMPLE_SPANS {
            let body = exporter.next_request(now);
            compressed += zstd::bulk::compress(&body, LEVEL)?.len();
            all.extend_from_slice(&body);
            spans += u64::from(size.batch);
        }
        let together = zstd::bulk::compress(&all, LEVEL)?.len();
        let per_span = |bytes: usize| float(bytes as u64) / float(spans);
        Ok(Self {
            raw: per_span(all.len()),
            compressed: per_span(compressed),
            compressed_together: per_span(together),
        })
    }
}
