//! Accepts connections within their limits, and ends them when the server stops.
//!
//! This is our own loop, and not `axum::serve`, for what that cannot do: limit connections and answer the one too
//! many, limit the time for a request's head and for taking an answer, and stop waiting for requests after a while.

use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use futures_util::future::join_all;
use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::graceful::GracefulConnection;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tracing::{debug, warn};

use crate::app_state::AppState;
use crate::clients::client::Stage;
use crate::clients::open_connections::Place;
use crate::clients::peer::Peer;
use crate::connection_service::{ConnectionService, ProxySettings, Site};
use crate::http::lingering_body::Lingering;
use crate::http::raw_answer;
use crate::http::refusal::Refusal;
use crate::http_settings;
use crate::last_words::{LastWords, Refuse};

/// The pause after a failed accept: while the system has no more descriptors, trying again at once would only spin.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);
/// The pause between two looks at the first bytes of a connection that has sent fewer than are needed.
const PEEK_PAUSE: Duration = Duration::from_millis(10);
/// Limit: how long a connection without a request may take to close. It has no bytes to send but that it ends.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(50);
/// Limit: bytes of answers that the system keeps for a connection before it sends them.
#[cfg(any(target_os = "linux", target_os = "android"))]
const UNSENT_BYTES_MAX: u32 = 128 * 1024;
/// Limit: how long a refused client may take to read the refusal.
const REFUSE_TIMEOUT: Duration = Duration::from_secs(1);

/// The version of HTTP that a listener speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum HttpVersion {
    Http1,
    /// gRPC. Whoever speaks HTTP/1 there is told so.
    Http2,
}

/// One address: where connections come in, and what answers them.
pub(crate) struct Listener {
    pub(crate) socket: TcpListener,
    pub(crate) version: HttpVersion,
    pub(crate) router: Router,
    pub(crate) refuse: Refuse,
}

/// Accepts connections and serves them.
struct Acceptor {
    http: Arc<Http>,
    proxies: Arc<ProxySettings>,
    lingering: Lingering,
    state: Arc<AppState>,
}

/// Speaks HTTP, in both versions.
struct Http {
    http1: http1::Builder,
    http2: http2::Builder<TokioExecutor>,
    header_timeout: Duration,
    write_timeout: Duration,
}

impl Acceptor {
    fn new(state: Arc<AppState>, proxies: ProxySettings) -> Self {
        let limits = &state.limits;
        let http = Http {
            http1: http_settings::http1(limits),
            http2: http_settings::http2(limits),
            header_timeout: limits.header_timeout,
            write_timeout: limits.write_timeout,
        };
        Self { http: Arc::new(http), proxies: Arc::new(proxies), lingering: Lingering::new(), state }
    }
}

/// Serves until `stop` ends, then waits for the requests in flight.
pub(crate) async fn serve(
    listeners: Vec<Listener>,
    state: Arc<AppState>,
    proxies: ProxySettings,
    stop: impl Future<Output = ()>,
) {
    let acceptor = Acceptor::new(Arc::clone(&state), proxies);
    state.begin();
    tokio::select! {
        _ = join_all(listeners.iter().map(|listener| acceptor.accept_all(listener))) => {}
        () = stop => {}
    }
    state.stop();
    // Clients that come now are refused by the system at once, instead of waiting in a queue that nobody empties.
    drop(listeners);
    if timeout(state.limits.stop_timeout, state.budgets.connections.finish()).await.is_err() {
        warn!(timeout = ?state.limits.stop_timeout, "the server stops while requests are still in flight");
    }
}

impl Acceptor {
    /// Accepts every connection that comes to a listener; this does not end.
    async fn accept_all(&self, listener: &Listener) {
        let site = Arc::new(Site {
            router: listener.router.clone(),
            refuse: listener.refuse,
            proxies: Arc::clone(&self.proxies),
            lingering: self.lingering.clone(),
        });
        let mut failures = 0_u64;
        loop {
            match listener.socket.accept().await {
                Ok((stream, from)) => {
                    if failures > 0 {
                        warn!(failures, "connections can be accepted again");
                        failures = 0;
                    }
                    self.open(stream, from.ip(), listener.version, &site);
                }
                Err(error) if is_of_one_client(&error) => {
                    debug!(%error, "a connection ended before it was accepted");
                }
                Err(error) => {
                    // One line however long it lasts: the log may be what takes the last of the disk.
                    if failures == 0 {
                        warn!(%error, "no connection can be accepted; connections that wait for a request are closed");
                    }
                    failures += 1;
                    self.state.budgets.connections.close_idle();
                    sleep(ACCEPT_RETRY).await;
                }
            }
        }
    }

    fn open(&self, stream: TcpStream, from: IpAddr, version: HttpVersion, site: &Arc<Site>) {
        let Some(place) = self.state.budgets.connections.open(Peer::of(from)) else {
            // A client of HTTP/2 could not read the refusal before a handshake; it sees that the connection ends.
            if version == HttpVersion::Http1 {
                let refusal = (site.refuse)(Refusal::too_many_connections());
                tokio::spawn(refuse(stream, raw_answer::write(refusal), site.lingering.try_begin()));
            }
            return;
        };
        // Answers are small and complete: waiting for more to send would only delay them.
        if let Err(error) = stream.set_nodelay(true) {
            debug!(%error, "a connection keeps Nagle's delay");
        }
        keep_unsent_small(&stream);
        let http = Arc::clone(&self.http);
        let service = ConnectionService::new(Arc::clone(site), from, &place);
        tokio::spawn(async move {
            match version {
                HttpVersion::Http1 => http.serve_http1(stream, service, place).await,
                HttpVersion::Http2 => http.serve_grpc(stream, service, place).await,
            }
        });
    }
}

impl Http {
    async fn serve_http1(&self, stream: TcpStream, service: ConnectionService, place: Arc<Place>) {
        let refuse = service.refuse();
        let stream = Box::pin(self.with_write_timeout(stream));
        let stream = TokioIo::new(LastWords::new(stream, refuse));
        drive(self.http1.serve_connection(stream, service), place).await;
    }

    async fn serve_grpc(&self, stream: TcpStream, service: ConnectionService, place: Arc<Place>) {
        let mut stages = place.connection().changes();
        tokio::select! {
            is_http2 = speaks_http2(&stream) => if !is_http2 {
                return self.serve_http1(stream, service.not_grpc(), place).await;
            },
            // A client that says nothing.
            () = sleep(self.header_timeout) => return,
            _ = stages.changed() => return,
        }
        let mut stream = self.with_write_timeout(stream);
        // HTTP/2 has no limit for the time between requests here: a live client answers the pings that
        // `keep_alive_interval` sends, so there are always bytes to read, and a dead one is cut off.
        stream.set_read_timeout(Some(self.header_timeout));
        drive(self.http2.serve_connection(TokioIo::new(Box::pin(stream)), service), place).await;
    }

    /// The time starts when a write cannot go on: a client that takes no byte of its answer would hold its memory, and its
    /// slot, for ever. hyper has no limit for that.
    fn with_write_timeout(&self, stream: TcpStream) -> TimeoutStream<TcpStream> {
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(self.write_timeout));
        stream
    }
}

/// Whether a client speaks HTTP/2, which begins with a request of a method that HTTP/1 does not have. It is read without
/// being taken from the connection.
async fn speaks_http2(stream: &TcpStream) -> bool {
    const PREFACE: &[u8] = b"PRI ";
    let mut begin = [0; PREFACE.len()];
    loop {
        let begin = match stream.peek(&mut begin).await {
            Ok(count) if count > 0 => begin.get(..count).unwrap_or_default(),
            // It has gone; hyper finds that, too.
            _ => return true,
        };
        if !PREFACE.starts_with(begin) || begin.len() == PREFACE.len() {
            return begin == PREFACE;
        }
        // The system says at once again that there is something to read.
        sleep(PEEK_PAUSE).await;
    }
}

fn is_of_one_client(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset)
}

/// Limits what the system buffers for a client that does not read. Without it a few megabytes leave the server before it
/// notices that a client is slow, and count as memory of its container.
fn keep_unsent_small(stream: &TcpStream) {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    if let Err(error) = socket2::SockRef::from(stream).set_tcp_notsent_lowat(UNSENT_BYTES_MAX) {
        debug!(%error, "the system buffers as much as it likes for a connection");
    }
}

/// Drives a connection to its end, or to where it has to end.
async fn drive<C>(http: C, place: Arc<Place>)
where
    C: GracefulConnection<Error = hyper::Error>,
{
    let mut http = pin!(http);
    let connection = place.connection();
    let mut stages = connection.changes();
    let mut is_closing = false;
    loop {
        tokio::select! {
            ended = http.as_mut() => {
                if let Err(error) = ended {
                    debug!(%error, "a connection ended early");
                }
                return;
            }
            // The sender is in `place`.
            _ = stages.changed() => {}
            () = sleep(CLOSE_TIMEOUT), if is_closing && connection.is_idle() => {
                // A request that has come at the last moment is still answered.
                if connection.is_idle() {
                    return;
                }
            }
        }
        match connection.stage() {
            Stage::Open => {}
            stage @ (Stage::Closing | Stage::Finishing) => {
                http.as_mut().graceful_shutdown();
                is_closing = stage == Stage::Closing;
            }
            Stage::Cut => return,
        }
    }
}

/// Writes a refusal before anything is read. It is written by hand because hyper would first wait for a request, and a
/// connection that may not stay should not be waited for. With a permit, what the client still sends is read: a system that
/// closes on unread bytes makes the client's system throw the refusal away.
async fn refuse(mut stream: TcpStream, answer: Vec<u8>, lingering: Option<OwnedSemaphorePermit>) {
    let refusing = async {
        stream.write_all(&answer).await?;
        stream.shutdown().await?;
        if lingering.is_some() {
            tokio::io::copy(&mut stream, &mut tokio::io::sink()).await?;
        }
        io::Result::Ok(())
    };
    if !matches!(timeout(REFUSE_TIMEOUT, refusing).await, Ok(Ok(()))) {
        debug!("a refused client did not read the refusal");
    }
}
