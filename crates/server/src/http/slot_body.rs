//! The body of an answer that holds a slot until the client has taken it, or has gone.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use http_body::{Frame, SizeHint};

use crate::clients::slots::Slot;

/// Limit: bytes of an answer that go to the client at once. It is seen after each such piece how fast the client is.
const PIECE_BYTES_MAX: usize = 32 * 1024;

/// A slow client counts as a request in flight for as long as it takes its answer: the answer's memory is held so long.
pub(crate) struct SlotBody {
    body: Body,
    slot: Slot,
    /// What has not been handed on yet of a chunk.
    rest: Bytes,
    /// Bytes that the client is taking.
    given: usize,
}

impl SlotBody {
    pub(crate) fn new(body: Body, slot: Slot) -> Self {
        Self { body, slot, rest: Bytes::new(), given: 0 }
    }
}

impl http_body::Body for SlotBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        // Whoever sends the answer asks for more when there is room: the client has taken what was given before.
        let given = std::mem::take(&mut self.given);
        self.slot.moved(given);
        if self.rest.is_empty() {
            self.slot.end_turn();
            match ready!(Pin::new(&mut self.body).poll_frame(context))
                .map(|frame| frame.map(Frame::into_data))
            {
                Some(Ok(Ok(data))) => self.rest = data,
                Some(Ok(Err(other))) => return Poll::Ready(Some(Ok(other))),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
            self.slot.begin_turn();
        }
        let piece_bytes = PIECE_BYTES_MAX.min(self.rest.len());
        let piece = self.rest.split_to(piece_bytes);
        self.given = piece.len();
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.rest.len() as u64;
        let of_body = self.body.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(of_body.lower() + rest);
        if let Some(upper) = of_body.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}
