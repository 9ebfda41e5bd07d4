//! The body of an answer that holds a permit until the client has taken it, or has gone.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use http_body::{Frame, SizeHint};

use crate::budget::Permit;

/// A slow client counts as a request in flight for as long as it takes its answer: the answer's memory is held so long.
pub(crate) struct PermitBody {
    body: Body,
    _permit: Permit,
}

impl PermitBody {
    pub(crate) fn new(body: Body, permit: Permit) -> Self {
        Self { body, _permit: permit }
    }
}

impl http_body::Body for PermitBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
