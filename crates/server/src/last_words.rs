//! Gives hyper's own answers a body. hyper answers a head that it cannot read, or that is too large, by itself: with a
//! status alone. Clients are promised a sentence with every refusal, in the form of the protocol.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::http::StatusCode;
use axum::response::Response;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::http::raw_answer;
use crate::http::refusal::Refusal;
use crate::http_settings::HEAD_BYTES_MAX;

/// How the routes of a listener write a refusal.
pub(crate) type Refuse = fn(Refusal) -> Response;

/// A connection of HTTP/1.
pub(crate) struct LastWords<S> {
    stream: S,
    refuse: Refuse,
    /// What is sent instead of an answer of hyper's.
    instead: Vec<u8>,
    sent: usize,
}

impl<S: AsyncWrite + Unpin> LastWords<S> {
    pub(crate) fn new(stream: S, refuse: Refuse) -> Self {
        Self { stream, refuse, instead: Vec::new(), sent: 0 }
    }

    /// Takes an answer of hyper's for sent, and keeps ours to be sent instead.
    fn replaces(&mut self, written: &[u8]) -> bool {
        let Some(refusal) = answer_of_hyper(written) else { return false };
        self.instead = raw_answer::write((self.refuse)(refusal));
        true
    }

    fn poll_send(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.sent < self.instead.len() {
            let rest = self.instead.get(self.sent..).unwrap_or_default();
            let sent = ready!(Pin::new(&mut self.stream).poll_write(context, rest))?;
            if sent == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.sent += sent;
        }
        Poll::Ready(Ok(()))
    }
}

/// The refusal that belongs to an answer that hyper has made by itself. Every answer of a route has a media type.
fn answer_of_hyper(written: &[u8]) -> Option<Refusal> {
    let status = written.strip_prefix(b"HTTP/1.1 4").or_else(|| written.strip_prefix(b"HTTP/1.0 4"))?;
    let head = str::from_utf8(written).ok()?.to_ascii_lowercase();
    if !head.ends_with("\r\n\r\n") || !head.contains("content-length: 0\r\n") || head.contains("content-type")
    {
        return None;
    }
    match status.get(..2)? {
        b"00" => Some(Refusal::bad_request(
            "this is not a request of HTTP/1.1 that can be read: check the request line and the headers; TLS is not \
             spoken here",
        )),
        b"14" => {
            Some(Refusal::head_too_large(StatusCode::URI_TOO_LONG, "the path of the request is too long"))
        }
        b"31" => {
            let sentence = format!(
                "the head of the request has more than {HEAD_BYTES_MAX} bytes or 100 headers; send fewer or shorter \
                 headers"
            );
            Some(Refusal::head_too_large(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, sentence))
        }
        _ => None,
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for LastWords<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for LastWords<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_send(context))?;
        if self.replaces(bytes) {
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_send(context))?;
        if let Some(first) = parts.first().filter(|first| self.replaces(first)) {
            return Poll::Ready(Ok(first.len()));
        }
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_send(context))?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_send(context))?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
