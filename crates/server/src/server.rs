//! The server: bound first, so that its addresses are known, then run.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::http::HeaderValue;
use platform::Clock;
use platform::disk::{self, RealDisk};
use span::Timestamp;
use store::{Settings, Store, TrustedClock, Worker};
use tokio::net::TcpListener;

use crate::addresses::{Addresses, Unavailable};
use crate::app_state::AppState;
use crate::config::{Config, Data, Receivers};
use crate::connection_service::ProxySettings;
use crate::connections::{self, HttpVersion, Listener};
use crate::router;

/// A server that has its addresses but takes no requests yet.
pub struct Server {
    /// A listener of the main address is the first.
    listeners: Vec<Listener>,
    /// The further addresses, by what they accept.
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
    /// Opens the addresses and the store.
    ///
    /// # Errors
    /// If an address is taken, the data cannot be used, or the system has no thread to give.
    #[expect(clippy::unused_async, reason = "only inside of the runtime does tokio make sockets")]
    pub async fn bind(config: Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        let sockets = Sockets::bind(&config.listen, &config.receivers)?;
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

    /// The addresses besides the main one, by the name of what they accept.
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
    main: Vec<TcpListener>,
    otlp_grpc: Vec<TcpListener>,
    otlp_http: Vec<TcpListener>,
    zipkin: Vec<TcpListener>,
}

impl Sockets {
    fn bind(main: &Addresses, receivers: &Receivers) -> Result<Self, StartError> {
        let Receivers { otlp_grpc, otlp_http, zipkin } = receivers;
        Ok(Self {
            main: listen(main, "--listen")?,
            otlp_grpc: listen(otlp_grpc, "--otlp-grpc (or turn it off: --otlp-grpc off)")?,
            otlp_http: listen(otlp_http, "--otlp-http (or turn it off: --otlp-http off)")?,
            zipkin: listen(zipkin, "--zipkin")?,
        })
    }

    fn receivers(&self) -> Vec<(&'static str, SocketAddr)> {
        let more_of_main = self.main.get(1..).unwrap_or_default();
        let named = [
            ("requests to the API and the dashboard", more_of_main),
            ("OTLP over gRPC", &self.otlp_grpc),
            ("OTLP over HTTP", &self.otlp_http),
            ("Zipkin", &self.zipkin),
        ];
        let bound =
            named.into_iter().flat_map(|(name, sockets)| sockets.iter().map(move |socket| (name, socket)));
        bound.filter_map(|(name, socket)| Some((name, socket.local_addr().ok()?))).collect()
    }

    fn listeners(self, state: &Arc<AppState>, origins: &[HeaderValue]) -> Vec<Listener> {
        let listeners = |sockets: Vec<TcpListener>, version, (router, refuse): router::RoutesAndRefuse| {
            let listener = move |socket| Listener { socket, version, router: router.clone(), refuse };
            sockets.into_iter().map(listener)
        };
        let main = listeners(self.main, HttpVersion::Http1, router::main(state, origins));
        let otlp_grpc = listeners(self.otlp_grpc, HttpVersion::Http2, router::otlp_grpc(state));
        let otlp_http = listeners(self.otlp_http, HttpVersion::Http1, router::otlp_http(state, origins));
        let zipkin = listeners(self.zipkin, HttpVersion::Http1, router::zipkin(state, origins));
        main.chain(otlp_grpc).chain(otlp_http).chain(zipkin).collect()
    }
}

fn listen(addresses: &Addresses, flag: &'static str) -> Result<Vec<TcpListener>, StartError> {
    addresses.listen().map_err(|Unavailable { address, source }| StartError::Listen { address, flag, source })
}

fn open_store(data: Data, settings: Settings, now: Timestamp) -> Result<Store, StartError> {
    match data {
        Data::Memory => Ok(Store::in_memory(settings, now)),
        Data::Folder(folder) => Ok(Store::open(settings, Arc::new(RealDisk::open(&folder)?), now)?),
    }
}
