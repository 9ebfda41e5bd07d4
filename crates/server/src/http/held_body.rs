//! The body of an answer that holds its memory until the client has taken it, or has gone.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use budget::Permit;
use http_body::{Frame, SizeHint};

/// However slow the client is, the memory of its answer is accounted for.
pub(crate) struct HeldBody {
    body: Body,
    _memory: Permit,
}

impl HeldBody {
    pub(crate) fn wrap(body: impl Into<Body>, memory: Permit) -> Body {
        Body::new(Self { body: body.into(), _memory: memory })
    }
}

impl http_body::Body for HeldBody {
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
