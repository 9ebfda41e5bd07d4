//! The server: bound first, so that its addresses are known, then run.

use std::io;
use std::iter;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::http::HeaderValue;
use platform::Clock;
use platform::disk::{self, RealDisk};
use span::Timestamp;
use store::{Settings, Store, TrustedClock, Worker};
use tokio::net::{TcpListener, TcpSocket};

use crate::app_state::AppState;
use crate::config::{Config, Data, Receivers};
use crate::connection_service::ProxySettings;
use crate::connections::{self, HttpVersion, Listener};
use crate::router;

/// Limit: connections that the system has made and the server has not accepted yet. Further clients try again after a second.
/// The system lowers it to its own limit (on Linux `net.core.somaxconn`, mostly 4096).
const BACKLOG: u32 = 4096;

/// A server that has its addresses but takes no requests yet.
pub struct Server {
    /// The main one is the first.
    listeners: Vec<Listener>,
    /// The names of the protocols that have an address of their own, and the addresses.
    receivers: Vec<(&'static str, SocketAddr)>,
    state: Arc<AppState>,
    proxies: ProxySettings,
    worker: Worker,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("cannot listen on {address}: {source}; name another address with {flag}")]
    Listen { address: SocketAddr, flag: &'static str, source: io::Error },
    #[error("{0}; choose another folder with --data-dir, or store nothing on disk with --in-memory")]
    Folder(#[from] disk::OpenError),
    #[error("{0}")]
    Data(#[from] store::OpenError),
    #[error("the thread that maintains the store cannot be started: {0}")]
    Worker(#[source] io::Error),
    #[error("the threads for questions about the whole window cannot be started: {0}")]
    Scans(#[source] io::Error),
}

impl Server {
    /// Opens the store and the addresses.
    ///
    /// # Errors
    /// If an address is taken, the data cannot be used, or the system has no thread to give.
    pub async fn bind(config: Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        let sockets = Sockets::bind(config.listen, config.receivers).await?;
        let clock = Arc::new(TrustedClock::new(clock));
        let store = Arc::new(open_store(config.data, config.store, clock.now().time())?);
        let worker = Worker::start(Arc::clone(&store), Arc::clone(&clock)).map_err(StartError::Worker)?;
        let state = Arc::new(AppState::new(store, clock, config.limits).map_err(StartError::Scans)?);
        let receivers = sockets.receivers();
        let listeners = sockets.listeners(&state, &config.origins);
        let proxies = ProxySettings { base_path: config.base_path, proxies: config.trusted_proxies };
        Ok(Self { listeners, receivers, state, proxies, worker })
    }

    /// The main address. Its port is the one that the system chose if the configured one was 0.
    ///
    /// # Errors
    /// If the system does not tell the address.
    pub fn address(&self) -> io::Result<SocketAddr> {
        let main = self.listeners.first().expect("the main one is always there");
        main.socket.local_addr()
    }

    /// The protocols that have an address of their own, by name, and their addresses.
    pub fn receivers(&self) -> &[(&'static str, SocketAddr)] {
        &self.receivers
    }

    /// Serves until `stop` ends; then requests in flight are answered.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        connections::serve(self.listeners, self.state, self.proxies, stop).await;
        drop(self.worker);
    }
}

/// The sockets of all addresses. They are bound before the store is opened: opening may take long, and an address that is
/// taken is known at once.
struct Sockets {
    main: TcpListener,
    otlp_grpc: Option<TcpListener>,
    otlp_http: Option<TcpListener>,
    zipkin: Option<TcpListener>,
}

impl Sockets {
    async fn bind(main: SocketAddr, receivers: Receivers) -> Result<Self, StartError> {
        let Receivers { otlp_grpc, otlp_http, zipkin } = receivers;
        Ok(Self {
            main: listen(main, "--listen").await?,
            otlp_grpc: listen_if(otlp_grpc, "--otlp-grpc (or turn it off: --otlp-grpc off)").await?,
            otlp_http: listen_if(otlp_http, "--otlp-http (or turn it off: --otlp-http off)").await?,
            zipkin: listen_if(zipkin, "--zipkin").await?,
        })
    }

    fn receivers(&self) -> Vec<(&'static str, SocketAddr)> {
        let named = [
            ("OTLP over gRPC", &self.otlp_grpc),
            ("OTLP over HTTP", &self.otlp_http),
            ("Zipkin", &self.zipkin),
        ];
        let bound = named.into_iter().filter_map(|(name, socket)| Some((name, socket.as_ref()?)));
        bound.filter_map(|(name, socket)| Some((name, socket.local_addr().ok()?))).collect()
    }

    fn listeners(self, state: &Arc<AppState>, origins: &[HeaderValue]) -> Vec<Listener> {
        let http1 =
            |socket, (router, refuse)| Listener { socket, version: HttpVersion::Http1, router, refuse };
        let http2 =
            |socket, (router, refuse)| Listener { socket, version: HttpVersion::Http2, router, refuse };
        let main = http1(self.main, router::main(state, origins));
        let otlp_grpc = self.otlp_grpc.map(|socket| http2(socket, router::otlp_grpc(state)));
        let otlp_http = self.otlp_http.map(|socket| http1(socket, router::otlp_http(state, origins)));
        let zipkin = self.zipkin.map(|socket| http1(socket, router::zipkin(state, origins)));
        iter::once(main).chain(otlp_grpc).chain(otlp_http).chain(zipkin).collect()
    }
}

async fn listen(address: SocketAddr, flag: &'static str) -> Result<TcpListener, StartError> {
    let listening = async {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // A server that starts again gets its address although connections of the last one linger.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    listening.await.map_err(|source| StartError::Listen { address, flag, source })
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
