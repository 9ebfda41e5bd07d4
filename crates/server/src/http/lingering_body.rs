//! The body of a request whose answer may come before its end.
//!
//! A server that refuses a request and closes the connection on bytes that it has not read makes the client's system throw
//! the answer away. So the rest of the body is read for a while, and forgotten: the client reads the answer.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// Limit: how long the rest of a body is read.
const LINGER_TIME: Duration = Duration::from_secs(5);
/// Limit: how long nothing may come of it meanwhile.
const PAUSE_MAX: Duration = Duration::from_millis(500);
/// Limit: bytes that are read of it; four bodies of the default size.
const LINGER_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Limit: bodies of which the rest is read at once. Beyond, the connection closes at once.
const LINGERING_MAX: usize = 64;

/// Permits to read the rest of a body.
#[derive(Clone, Debug)]
pub(crate) struct Lingering(Arc<Semaphore>);

impl Lingering {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(LINGERING_MAX)))
    }

    /// A permit to read what a refused client still sends, if one is left.
    pub(crate) fn try_begin(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).try_acquire_owned().ok()
    }
}

pub(crate) struct LingeringBody {
    /// Gone when it is read to its end.
    body: Option<Incoming>,
    lingering: Lingering,
    /// The client waits for a word before it sends the body, and has not got it yet.
    waits_for_word: bool,
}

impl LingeringBody {
    pub(crate) fn new(body: Incoming, lingering: &Lingering, expects_word: Expects) -> Self {
        let body = Some(body).filter(|body| !http_body::Body::is_end_stream(body));
        Self { body, lingering: lingering.clone(), waits_for_word: expects_word == Expects::Continue }
    }
}

/// What a client wants to hear before it sends a body.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Expects {
    Nothing,
    Continue,
}

impl http_body::Body for LingeringBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        self.waits_for_word = false;
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let polled = Pin::new(body).poll_frame(context);
        if !matches!(polled, Poll::Pending | Poll::Ready(Some(Ok(_)))) {
            self.body = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(http_body::Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), http_body::Body::size_hint)
    }
}

impl Drop for LingeringBody {
    fn drop(&mut self) {
        let rest = self.body.take().filter(|body| !http_body::Body::is_end_stream(body));
        let Some(body) = rest.filter(|_| !self.waits_for_word) else { return };
        if let (Some(permit), Ok(runtime)) = (self.lingering.try_begin(), Handle::try_current()) {
            drop(runtime.spawn(timeout(LINGER_TIME, read_rest(body, permit))));
        }
    }
}

async fn read_rest(mut body: Incoming, _permit: OwnedSemaphorePermit) {
    let mut left = LINGER_BYTES_MAX;
    while let Ok(Some(Ok(frame))) = timeout(PAUSE_MAX, body.frame()).await {
        let read = frame.data_ref().map_or(0, Bytes::len);
        match left.checked_sub(read) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}
