//! The server: bound first, so that its address is known, then run.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::http::HeaderValue;
use platform::Clock;
use platform::disk::{self, RealDisk};
use span::Timestamp;
use store::{Settings, Store, Worker};
use tokio::net::TcpListener;

use crate::connections::{self, Door, Speech};
use crate::limits::Limits;
use crate::router::{otlp_grpc_router, otlp_http_router, router, zipkin_router};
use crate::state::State;

#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    pub receivers: Receivers,
    pub data: Data,
    pub store: Settings,
    pub limits: Limits,
    /// Origins whose pages may ask; every one where it is empty.
    pub origins: Vec<HeaderValue>,
}

/// Addresses of protocols that have one of their own; nothing where one is turned off.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Receivers {
    pub otlp_grpc: Option<SocketAddr>,
    pub otlp_http: Option<SocketAddr>,
    pub zipkin: Option<SocketAddr>,
}

/// Where the spans are kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Data {
    /// Until the process ends.
    Memory,
    Folder(PathBuf),
}

/// A server that has its address but takes nothing yet.
pub struct Server {
    /// The main one first.
    doors: Vec<Door>,
    /// Of the receivers, with the name of the protocol.
    receivers: Vec<(&'static str, SocketAddr)>,
    state: Arc<State>,
    worker: Worker,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("cannot listen on {address}: {source}; name another address with {flag}")]
    Listen { address: SocketAddr, flag: &'static str, source: io::Error },
    #[error("{0}; name another folder with --data-dir, or keep nothing with --in-memory")]
    Folder(#[from] disk::OpenError),
    #[error("{0}")]
    Data(#[from] store::OpenError),
    #[error("cannot start the thread that keeps the store: {0}")]
    Worker(io::Error),
}

impl Server {
    /// # Errors
    /// Where the address or the data cannot be had, or the system has no thread to give.
    pub async fn bind(config: Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        let main = listen(config.listen, "--listen").await?;
        let Receivers { otlp_grpc, otlp_http, zipkin } = config.receivers;
        let otlp_grpc = listen_if(otlp_grpc, "--otlp-grpc (or turn it off: --otlp-grpc off)").await?;
        let otlp_http = listen_if(otlp_http, "--otlp-http (or turn it off: --otlp-http off)").await?;
        let zipkin = listen_if(zipkin, "--zipkin").await?;
        let store = Arc::new(open_store(config.data, config.store, clock.now())?);
        let worker = Worker::start(Arc::clone(&store), Arc::clone(&clock)).map_err(StartError::Worker)?;
        let state = Arc::new(State::new(store, clock, config.limits));
        let origins = &config.origins;
        let door = |listener, router| Door { listener, speech: Speech::Http1, router };
        let mut doors = vec![door(main, router(Arc::clone(&state), origins))];
        let mut receivers = Vec::new();
        let named = |name, listener: &TcpListener| listener.local_addr().ok().map(|address| (name, address));
        if let Some(listener) = otlp_grpc {
            receivers.extend(named("OTLP over gRPC", &listener));
            let router = otlp_grpc_router(Arc::clone(&state));
            doors.push(Door { listener, speech: Speech::Http2, router });
        }
        if let Some(listener) = otlp_http {
            receivers.extend(named("OTLP over HTTP", &listener));
            doors.push(door(listener, otlp_http_router(Arc::clone(&state), origins)));
        }
        if let Some(listener) = zipkin {
            receivers.extend(named("Zipkin", &listener));
            doors.push(door(listener, zipkin_router(Arc::clone(&state), origins)));
        }
        Ok(Self { doors, receivers, state, worker })
    }

    /// Where it listens: also the port that the system chose for port 0.
    ///
    /// # Errors
    /// Where the system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        let main = self.doors.first().expect("the main one is always there");
        main.listener.local_addr()
    }

    /// Where protocols have an address of their own, by the name of the protocol.
    pub fn receivers(&self) -> &[(&'static str, SocketAddr)] {
        &self.receivers
    }

    /// Serves until `stop` comes; requests in flight are answered.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        connections::serve(self.doors, self.state, stop).await;
        drop(self.worker);
    }
}

async fn listen(address: SocketAddr, flag: &'static str) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|source| StartError::Listen { address, flag, source })
}

async fn listen_if(
    address: Option<SocketAddr>,
    flag: &'static str,
) -> Result<Option<TcpListener>, StartError> {
    match address {
        Some(address) => listen(address, flag).await.map(Some),
        None => Ok(None),
    }
}

fn open_store(data: Data, settings: Settings, now: Timestamp) -> Result<Store, StartError> {
    match data {
        Data::Memory => Ok(Store::in_memory(settings, now)),
        Data::Folder(folder) => Ok(Store::open(settings, Arc::new(RealDisk::open(&folder)?), now)?),
    }
}
