//! The server: bound first, so that its address is known, then run.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::http::HeaderValue;
use platform::Clock;
use store::{Evictor, Settings, Store};
use tokio::net::TcpListener;

use crate::connections;
use crate::limits::Limits;
use crate::router::router;
use crate::state::State;

#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    pub store: Settings,
    pub limits: Limits,
    /// Origins whose pages may ask; every one where it is empty.
    pub origins: Vec<HeaderValue>,
}

/// A server that has its address but takes nothing yet.
pub struct Server {
    listener: TcpListener,
    state: Arc<State>,
    origins: Vec<HeaderValue>,
    evictor: Evictor,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("cannot listen on {address}: {source}; name another address with --listen")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("cannot start the thread that evicts: {0}")]
    Evictor(io::Error),
}

impl Server {
    /// # Errors
    /// Where the address cannot be had, or the system has no thread to give.
    pub async fn bind(config: Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        let address = config.listen;
        let listener =
            TcpListener::bind(address).await.map_err(|source| StartError::Listen { address, source })?;
        let store = Arc::new(Store::new(config.store));
        let evictor = Evictor::start(Arc::clone(&store), Arc::clone(&clock)).map_err(StartError::Evictor)?;
        let state = Arc::new(State::new(store, clock, config.limits));
        Ok(Self { listener, state, origins: config.origins, evictor })
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
        drop(self.evictor);
    }
}
