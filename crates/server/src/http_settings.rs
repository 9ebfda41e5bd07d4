//! How HTTP is spoken: the limits of hyper, and what a connection can make the server hold by them.
//!
//! | memory of a connection, at most | HTTP/1 | HTTP/2 |
//! | --- | --- | --- |
//! | what has come and was not read yet | [`BUFFER_BYTES_MAX`] | [`CONNECTION_WINDOW_BYTES`] and a frame |
//! | the head that is being read | in the same buffer | [`HEAD_BYTES_REFUSED_MAX`] |
//! | what was written and not sent yet | [`BUFFER_BYTES_MAX`] and a piece of an answer | [`SEND_BYTES_MAX`] for each answer |
//! | what the system keeps unsent | 128 KiB | 128 KiB |
//!
//! That is 290 KiB for a connection of HTTP/1 and 480 KiB for one of HTTP/2 whose answers are a few hundred bytes long, if
//! it sends as fast as it can and the processors read none of it. It comes on top of `--memory`, so there are by default no
//! more connections than can hold as much again ([`MemoryShares`](crate::memory_shares::MemoryShares)). Heads of requests
//! that wait for their bodies are bounded by `bodies_max`: 2,048 of 16 KiB are 32 MiB.

use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::limits::Limits;

/// Limit: bytes of the head of a request. Beyond: 431, or `RESOURCE_EXHAUSTED` over gRPC. Browsers send all cookies of
/// `localhost` to every port, so it is not small.
pub(crate) const HEAD_BYTES_MAX: usize = 16 * 1024;
/// Limit: bytes of a head of HTTP/2 that is read so that it can be refused in the form of gRPC. Clients are told this limit,
/// and keep to it; others get a 431 without a body.
const HEAD_BYTES_REFUSED_MAX: u32 = 64 * 1024;
/// Limit: bytes that are buffered of what a connection of HTTP/1 sends, and of what it gets. A head has to fit.
const BUFFER_BYTES_MAX: usize = 64 * 1024;
/// Limit: requests at once on one connection of HTTP/2.
const STREAMS_MAX: u32 = 128;
/// Limit: bytes that a client may send of one body before the server has read some of them: 2.5 MB a second at 50 ms.
const STREAM_WINDOW_BYTES: u32 = 128 * 1024;
/// Limit: the same for all bodies of a connection.
const CONNECTION_WINDOW_BYTES: u32 = 256 * 1024;
/// Limit: bytes of an answer over HTTP/2 that wait to be sent; an answer of gRPC is a few sentences.
const SEND_BYTES_MAX: usize = 16 * 1024;
/// Limit: requests that a client has taken back before the server saw them. Beyond, the connection ends.
const RESET_BEFORE_ACCEPT_MAX: usize = 20;
/// Limit: requests that the server has refused for errors in their frames. Beyond, the connection ends.
const RESET_FOR_ERRORS_MAX: usize = 64;

pub(crate) fn http1(limits: &Limits) -> http1::Builder {
    let mut http1 = http1::Builder::new();
    // The number of headers stays at hyper's limit of 100: with any other it would allocate for each request.
    http1
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_header_size(HEAD_BYTES_MAX)
        .max_buf_size(BUFFER_BYTES_MAX);
    http1
}

pub(crate) fn http2(limits: &Limits) -> http2::Builder<TokioExecutor> {
    let mut http2 = http2::Builder::new(TokioExecutor::new());
    http2
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(HEAD_BYTES_REFUSED_MAX)
        .initial_stream_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .max_send_buf_size(SEND_BYTES_MAX)
        .max_pending_accept_reset_streams(RESET_BEFORE_ACCEPT_MAX)
        .max_local_error_reset_streams(RESET_FOR_ERRORS_MAX)
        .keep_alive_interval(limits.header_timeout / 3)
        .keep_alive_timeout(limits.header_timeout / 3);
    http2
}
