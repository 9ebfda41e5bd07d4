//! What the same spans take as they are sent, as they are and compressed.

use std::io;

use span::Timestamp;

use super::export::{Exporter, Shape};
use crate::bench::float;

/// Limit: of the sample.
const SAMPLE_SPANS: u64 = 20_000;
/// What a collector's file exporter, or an archive, would take.
const LEVEL: i32 = 3;

/// Bytes for each span.
pub(super) struct Sizes {
    pub(super) raw: f64,
    /// Each body by itself.
    pub(super) packed: f64,
    /// All bodies of the sample, one behind the other.
    pub(super) packed_together: f64,
}

impl Sizes {
    pub(super) fn of(shape: Shape, seed: u64, now: Timestamp) -> io::Result<Self> {
        let mut exporter = Exporter::new(shape, seed, 0);
        let (mut spans, mut packed, mut all) = (0, 0, Vec::new());
        while spans < SAMPLE_SPANS {
            let body = exporter.next_request(now);
            packed += zstd::bulk::compress(&body, LEVEL)?.len();
            all.extend_from_slice(&body);
            spans += u64::from(shape.batch);
        }
        let together = zstd::bulk::compress(&all, LEVEL)?.len();
        let per_span = |bytes: usize| float(bytes as u64) / float(spans);
        Ok(Self { raw: per_span(all.len()), packed: per_span(packed), packed_together: per_span(together) })
    }
}
