//! Bytes of request bodies for each span, as they are sent and compressed.

use std::io;

use span::Timestamp;

use super::export::{Exporter, RequestSize};
use crate::bench::format::float;

/// How many spans the sample has.
const SAMPLE_SPANS: u64 = 20_000;
/// The level of zstd that a collector's file exporter uses.
const LEVEL: i32 = 3;

/// Bytes for each span.
pub(super) struct Sizes {
    pub(super) raw: f64,
    /// Each body by itself.
    pub(super) packed: f64,
    /// All bodies of the sample in one.
    pub(super) packed_together: f64,
}

impl Sizes {
    pub(super) fn of(size: RequestSize, seed: u64, now: Timestamp) -> io::Result<Self> {
        let mut exporter = Exporter::new(size, seed, 0);
        let (mut spans, mut packed, mut all) = (0, 0, Vec::new());
        while spans < SAMPLE_SPANS {
            let body = exporter.next_request(now);
            packed += zstd::bulk::compress(&body, LEVEL)?.len();
            all.extend_from_slice(&body);
            spans += u64::from(size.batch);
        }
        let together = zstd::bulk::compress(&all, LEVEL)?.len();
        let per_span = |bytes: usize| float(bytes as u64) / float(spans);
        Ok(Self { raw: per_span(all.len()), packed: per_span(packed), packed_together: per_span(together) })
    }
}
