//! Accepts connections within their limits, and lets them end in peace.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio_io_timeout::TimeoutStream;
use tracing::{debug, warn};

use crate::limits::Limits;
use crate::state::State;

/// Between tries when the system has no more descriptors: accepting again at once would only spin.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);
/// Limit: how long a refused client may take to read why.
const REFUSE_TIMEOUT: Duration = Duration::from_secs(1);

/// HTTP/1.1 alone: a server that also takes HTTP/2 on the same port has to wait for the first bytes to tell
/// them apart, and hyper puts no time limit on that wait.
fn builder(limits: &Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.header_timeout);
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
    builder: &http1::Builder,
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
    let connection = builder.serve_connection(TokioIo::new(Box::pin(stream)), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            debug!(%error, "a connection ended early");
        }
        drop(share);
    });
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
