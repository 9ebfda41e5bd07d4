//! Accepts connections within their limits, and lets them end in peace.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use futures_util::future::join_all;
use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use hyper_util::service::TowerToHyperService;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio_io_timeout::TimeoutStream;
use tracing::{debug, warn};

use crate::budget::Share;
use crate::state::State;

/// Between tries when the system has no more descriptors: accepting again at once would only spin.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);
/// Limit: of requests at once on one connection of HTTP/2; those of all connections have a limit of their own.
const STREAMS_MAX: u32 = 128;
/// Limit: of the head of a request of HTTP/2.
const HEADER_BYTES_MAX: u32 = 16 * 1024;
/// Limit: how long a refused client may take to read why.
const REFUSE_TIMEOUT: Duration = Duration::from_secs(1);

/// What is spoken at a door. Each speaks one protocol: a server that also takes HTTP/2 on the same port has to
/// wait for the first bytes to tell them apart, and hyper puts no time limit on that wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Speech {
    Http1,
    Http2,
}

/// An address where connections come in, and what they find there.
pub(crate) struct Door {
    pub(crate) listener: TcpListener,
    pub(crate) speech: Speech,
    pub(crate) router: Router,
}

/// What opens connections.
struct Porter {
    http1: http1::Builder,
    http2: http2::Builder<TokioExecutor>,
    graceful: GracefulShutdown,
    state: Arc<State>,
}

impl Porter {
    fn new(state: Arc<State>) -> Self {
        let limits = &state.limits;
        let mut http1 = http1::Builder::new();
        http1.timer(TokioTimer::new()).header_read_timeout(limits.header_timeout);
        let mut http2 = http2::Builder::new(TokioExecutor::new());
        http2
            .timer(TokioTimer::new())
            .max_concurrent_streams(STREAMS_MAX)
            .max_header_list_size(HEADER_BYTES_MAX)
            .keep_alive_interval(limits.header_timeout / 3)
            .keep_alive_timeout(limits.header_timeout / 3);
        Self { http1, http2, graceful: GracefulShutdown::new(), state }
    }
}

/// Serves until `stop` comes, then waits for the requests in flight.
pub(crate) async fn serve(doors: Vec<Door>, state: Arc<State>, stop: impl Future<Output = ()>) {
    let porter = Porter::new(Arc::clone(&state));
    state.begin();
    tokio::select! {
        _ = join_all(doors.iter().map(|door| porter.attend(door))) => {}
        () = stop => {}
    }
    state.stop();
    drop(doors);
    if tokio::time::timeout(state.limits.stop_timeout, porter.graceful.shutdown()).await.is_err() {
        warn!(timeout = ?state.limits.stop_timeout, "stopped with requests still in flight");
    }
}

async fn wait_after(error: &io::Error) {
    debug!(%error, "a connection could not be accepted");
    let is_of_one_client =
        matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset);
    if !is_of_one_client {
        warn!(%error, "no connection can be accepted");
        tokio::time::sleep(ACCEPT_RETRY).await;
    }
}

impl Porter {
    /// Opens every connection that comes to a door; it does not end.
    async fn attend(&self, door: &Door) {
        loop {
            match door.listener.accept().await {
                Ok((stream, _)) => self.open(stream, door),
                Err(error) => wait_after(&error).await,
            }
        }
    }

    fn open(&self, stream: TcpStream, door: &Door) {
        let Some(share) = self.state.connections.one() else {
            // A client of HTTP/2 could not read why; it sees that the connection ends.
            if door.speech == Speech::Http1 {
                tokio::spawn(refuse(stream));
            }
            return;
        };
        // Answers are small and complete: waiting for more to send would only delay them.
        if let Err(error) = stream.set_nodelay(true) {
            debug!(%error, "a connection keeps its delay");
        }
        let limits = &self.state.limits;
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(limits.write_timeout));
        let service = TowerToHyperService::new(door.router.clone());
        match door.speech {
            Speech::Http1 => {
                let stream = TokioIo::new(Box::pin(stream));
                self.watch(self.http1.serve_connection(stream, service), share);
            }
            Speech::Http2 => {
                // A client that lives answers the pings; one that says nothing is cut off.
                stream.set_read_timeout(Some(limits.header_timeout));
                let stream = TokioIo::new(Box::pin(stream));
                self.watch(self.http2.serve_connection(stream, service), share);
            }
        }
    }

    fn watch<C>(&self, connection: C, share: Share)
    where
        C: GracefulConnection<Error = hyper::Error> + Send + 'static,
    {
        let connection = self.graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                debug!(%error, "a connection ended early");
            }
            drop(share);
        });
    }
}

/// Answers before anything is read: nobody waits for a client that may not stay.
async fn refuse(mut stream: TcpStream) {
    let body = wire::contract::error("too many connections; try again in a second");
    let head = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nretry-after: 1\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let refusing = async {
        stream.write_all(&[head.as_bytes(), &body].concat()).await?;
        stream.shutdown().await
    };
    if !matches!(tokio::time::timeout(REFUSE_TIMEOUT, refusing).await, Ok(Ok(()))) {
        debug!("a refused client did not read why");
    }
}
