//! An answer that is a list of spans, written in chunks: the next one when the client has taken the one before.
//!
//! A trace may have any number of spans; as one text it would take several times its memory, once for each client. The
//! memory for the largest chunk is taken before the first one is written, so that no answer ends in the middle.

use std::cell::Cell;
use std::convert::Infallible;
use std::iter;
use std::sync::Arc;

use axum::body::Body;
use budget::{Permit, Shortage};
use futures_util::{StreamExt as _, stream};
use store::TraceSpans;
use wire::SpanWriter;

use crate::http::held_body::HeldBody;
use crate::offload::Reads;

/// Limit: spans in a chunk. Neighbours with the same resource share it in the answer, so a chunk is not too small.
const CHUNK_SPANS_MAX: usize = 512;
/// Limit: bytes of a chunk; its last span may exceed it.
const CHUNK_BYTES_MAX: usize = 256 * 1024;
/// Chunks of an answer that are in memory at once: one that the client takes, and one that is being written.
const CHUNKS: usize = 2;

/// Streams the spans at these indexes of a trace. `memory` holds the spans already, and grows with the chunks; it is held
/// until the client has taken all of them. The first chunk is encoded before this returns, so the caller is a
/// closure of `Reads::run`. Each later chunk takes a permit of its own and returns it before the bytes are sent, so a
/// slow client never holds one.
pub(crate) fn write<W, P>(
    writer: W,
    (spans, memory): (TraceSpans, Permit),
    places: P,
    reads: &Arc<Reads>,
) -> Result<Body, Shortage>
where
    W: SpanWriter + Send + 'static,
    P: ExactSizeIterator<Item = usize> + Clone + Send + 'static,
{
    let largest = places.clone().map(|place| spans.answer_bytes_max(place)).max().unwrap_or(0);
    memory.grow(CHUNKS * (CHUNK_BYTES_MAX + largest))?;
    let (first, rest) = SpanChunks { writer, spans, places }.next();
    let Some(rest) = rest else {
        memory.shrink_to(first.len());
        return Ok(HeldBody::wrap(first, memory));
    };
    let reads = Arc::clone(reads);
    let rest = stream::unfold(Some(rest), move |rest| {
        let reads = Arc::clone(&reads);
        async move {
            let rest = rest?;
            Some(reads.resume(move || rest.next()).await)
        }
    });
    // A layer that compresses the body asks once more after its end, which `unfold` does not allow.
    let chunks = stream::iter([first]).chain(rest.fuse()).map(Ok::<_, Infallible>).fuse();
    Ok(HeldBody::wrap(Body::from_stream(chunks), memory))
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
