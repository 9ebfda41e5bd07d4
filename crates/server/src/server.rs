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

use crate::connections;
use crate::limits::Limits;
use crate::router::router;
use crate::state::State;

#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    pub data: Data,
    pub store: Settings,
    pub limits: Limits,
    /// Origins whose pages may ask; every one where it is empty.
    pub origins: Vec<HeaderValue>,
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
    listener: TcpListener,
    state: Arc<State>,
    origins: Vec<HeaderValue>,
    worker: Worker,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("cannot listen on {address}: {source}; name another address with --listen")]
    Listen { address: SocketAddr, source: io::Error },
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
        let address = config.listen;
        let listener =
            TcpListener::bind(address).await.map_err(|source| StartError::Listen { address, source })?;
        let store = Arc::new(open_store(config.data, config.store, clock.now())?);
        let worker = Worker::start(Arc::clone(&store), Arc::clone(&clock)).map_err(StartError::Worker)?;
        let state = Arc::new(State::new(store, clock, config.limits));
        Ok(Self { listener, state, origins: config.origins, worker })
    }

    /// Where it listens: also the port that the system chose for port 0.
    ///
    /// # Errors
    /// Where the system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `stop` comes; requests in flight are answered.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let router = router(Arc::clone(&self.state), &self.origins);
        connections::serve(self.listener, router, self.state, stop).await;
        drop(self.worker);
    }
}

fn open_store(data: Data, settings: Settings, now: Timestamp) -> Result<Store, StartError> {
    match data {
        Data::Memory => Ok(Store::in_memory(settings, now)),
        Data::Folder(folder) => Ok(Store::open(settings, Arc::new(RealDisk::open(&folder)?), now)?),
    }
}
