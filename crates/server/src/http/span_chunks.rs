//! An answer that is a list of spans, written in chunks: the next one when the client has taken the one before.
//!
//! A trace may have any number of spans; as one text it would take several times its memory, once for each client.

use std::cell::Cell;
use std::convert::Infallible;
use std::iter;
use std::sync::Arc;

use axum::body::Body;
use futures_util::{StreamExt as _, stream};
use store::TraceSpans;
use wire::SpanWriter;

use crate::offload::Reads;

/// Limit: spans in a chunk. Neighbours with the same resource share it in the answer, so a chunk is not too small.
const CHUNK_SPANS_MAX: usize = 512;
/// Limit: bytes of a chunk; its last span may exceed it. A thousand clients hold a gigabyte.
const CHUNK_BYTES_MAX: usize = 1024 * 1024;

/// Streams the spans at these indexes of a trace. The first chunk is encoded before this returns, so the caller is a
/// closure of `Reads::run`. Each later chunk takes a permit of its own and returns it before the bytes are sent, so a
/// slow client never holds one.
pub(crate) fn write<W, P>(writer: W, spans: TraceSpans, places: P, reads: &Arc<Reads>) -> Body
where
    W: SpanWriter + Send + 'static,
    P: ExactSizeIterator<Item = usize> + Send + 'static,
{
    let (first, rest) = SpanChunks { writer, spans, places }.next();
    let Some(rest) = rest else { return first.into() };
    let reads = Arc::clone(reads);
    let rest = stream::unfold(Some(rest), move |rest| {
        let reads = Arc::clone(&reads);
        async move {
            let rest = rest?;
            Some(reads.resume(move || rest.next()).await)
        }
    });
    // A layer that compresses the body asks once more after its end, which `unfold` does not allow.
    Body::from_stream(stream::iter([first]).chain(rest.fuse()).map(Ok::<_, Infallible>).fuse())
}

/// The chunks that were not written yet.
struct SpanChunks<W, P> {
    writer: W,
    spans: TraceSpans,
    places: P,
}

impl<W: SpanWriter, P: ExactSizeIterator<Item = usize>> SpanChunks<W, P> {
    /// The next chunk, and what is left if it was not the last one.
    fn next(mut self) -> (Vec<u8>, Option<Self>) {
        self.fill();
        if self.places.len() == 0 {
            return (self.writer.finish(), None);
        }
        let chunk = self.writer.take();
        (chunk, Some(self))
    }

    fn fill(&mut self) {
        let Self { writer, spans, places } = self;
        let written = Cell::new(0);
        let has_room = || written.get() < CHUNK_BYTES_MAX;
        let places = iter::from_fn(|| if has_room() { places.next() } else { None });
        spans.for_each(places.take(CHUNK_SPANS_MAX), |span| {
            writer.push(&span);
            written.set(writer.written());
        });
    }
}
