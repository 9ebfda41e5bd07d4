//! Accepts connections within their limits, and lets them end in peace.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio_io_timeout::TimeoutStream;
use tracing::{debug, warn};

use crate::limits::Limits;
use crate::state::State;

/// Limit: streams of one HTTP/2 connection.
const HTTP2_STREAMS_MAX: u32 = 256;
/// Between tries when the system has no more descriptors: accepting again at once would only spin.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);
/// Limit: how long a refused client may take to read why.
const REFUSE_TIMEOUT: Duration = Duration::from_secs(1);

const CONNECTIONS_FULL: &str = "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\n\
    retry-after: 1\r\nconnection: close\r\ncontent-length: 55\r\n\r\n\
    {\"error\":\"too many connections; try again in a second\"}\n";

fn builder(limits: &Limits) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(limits.header_timeout);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(HTTP2_STREAMS_MAX)
        .keep_alive_interval(limits.header_timeout)
        .keep_alive_timeout(limits.header_timeout);
    builder
}

/// Serves until `stop` comes, then waits for the requests in flight.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    state: Arc<State>,
    stop: impl Future<Output = ()>,
) {
    let builder = builder(&state.limits);
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    state.begin();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, _)) => open(stream, &builder, &graceful, &router, &state),
            Err(error) => wait_after(&error).await,
        }
    }
    state.stop();
    drop(listener);
    if tokio::time::timeout(state.limits.stop_timeout, graceful.shutdown()).await.is_err() {
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

fn open(
    stream: TcpStream,
    builder: &auto::Builder<TokioExecutor>,
    graceful: &GracefulShutdown,
    router: &Router,
    state: &Arc<State>,
) {
    let Some(share) = state.connections.one() else {
        tokio::spawn(refuse(stream));
        return;
    };
    // Answers are small and complete: waiting for more to send would only delay them.
    if let Err(error) = stream.set_nodelay(true) {
        debug!(%error, "a connection keeps its delay");
    }
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(state.limits.write_timeout));
    let service = TowerToHyperService::new(router.clone());
    let connection = builder.serve_connection(TokioIo::new(Box::pin(stream)), service).into_owned();
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            debug!(error = &*error, "a connection ended early");
        }
        drop(share);
    });
}

async fn refuse(mut stream: TcpStream) {
    let refusing = async {
        stream.write_all(CONNECTIONS_FULL.as_bytes()).await?;
        stream.shutdown().await
    };
    if !matches!(tokio::time::timeout(REFUSE_TIMEOUT, refusing).await, Ok(Ok(()))) {
        debug!("a refused client did not read why");
    }
}
