//! An answer of spans, written piece by piece: each when the client has taken the one before.

use std::cell::Cell;
use std::convert::Infallible;
use std::iter;

use axum::body::Body;
use futures_util::stream;
use store::TraceSpans;
use wire::SpanWriter;

use crate::heavy;

/// Limit: spans in a piece. Those of the same resource stand together in it.
const PIECE_SPANS_MAX: usize = 512;
/// Limit: bytes of spans in a piece, of which the last may go beyond. A thousand clients at once hold a gigabyte.
const PIECE_BYTES_MAX: usize = 1024 * 1024;
/// What is written has about so many times the bytes that it is written from.
const GROWTH: usize = 4;

/// Writes the spans at these places.
pub(crate) fn write(
    writer: impl SpanWriter + Send + 'static,
    spans: TraceSpans,
    places: impl ExactSizeIterator<Item = usize> + Send + 'static,
) -> Body {
    let mut pieces = Pieces { writer: Some(writer), spans, places };
    let first = pieces.next().unwrap_or_default();
    if pieces.writer.is_none() {
        return first.into();
    }
    Body::from_stream(stream::iter(iter::once(first).chain(pieces).map(Ok::<_, Infallible>)))
}

struct Pieces<W, P> {
    /// Nothing where the last piece was written.
    writer: Option<W>,
    spans: TraceSpans,
    places: P,
}

impl<W: SpanWriter, P: ExactSizeIterator<Item = usize>> Pieces<W, P> {
    fn fill(&mut self, writer: &mut W) {
        let written = Cell::new(0);
        let has_room = || written.get() < PIECE_BYTES_MAX;
        let places = iter::from_fn(|| if has_room() { self.places.next() } else { None });
        self.spans.for_each(places.take(PIECE_SPANS_MAX), |span| {
            writer.push(&span);
            written.set(writer.written());
        });
    }
}

impl<W: SpanWriter, P: ExactSizeIterator<Item = usize>> Iterator for Pieces<W, P> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut writer = self.writer.take()?;
        heavy::run(self.spans.encoded_bytes().saturating_mul(GROWTH), || {
            self.fill(&mut writer);
            if self.places.len() == 0 {
                return Some(writer.finish());
            }
            let piece = writer.take();
            self.writer = Some(writer);
            Some(piece)
        })
    }
}
