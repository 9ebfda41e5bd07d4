//! A server on a port that the system picks, and a client that shows everything.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use platform::Clock;
use serde_json::{Value, json};
use server::{Addresses, BasePath, Config, Data, Limits, Receivers, Server, TrustedProxies};
use span::Timestamp;
use store::Settings;
use testkit::SimClock;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub(crate) const NOW: i64 = 1_790_000_000_000_000_000;
pub(crate) const SECOND: i64 = 1_000_000_000;

pub(crate) struct TestServer {
    pub(crate) address: SocketAddr,
    receivers: Vec<(&'static str, SocketAddr)>,
    pub(crate) clock: Arc<SimClock>,
    client: Client<HttpConnector, Full<Bytes>>,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    /// The sentence of a refusal, whose form is checked on the way.
    pub(crate) fn error(&self) -> String {
        assert_eq!(self.headers[CONTENT_TYPE], "application/json");
        let body = self.json();
        let fields = body.as_object().expect("an error is an object");
        assert_eq!(fields.len(), 1, "{body}");
        fields["error"].as_str().expect("an error is a sentence").to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        Self::with(Limits::default(), Settings::default()).await
    }

    pub(crate) async fn with_limits(limits: Limits) -> Self {
        Self::with(limits, Settings::default()).await
    }

    pub(crate) async fn with(limits: Limits, store: Settings) -> Self {
        Self::on(Data::Memory, limits, store).await
    }

    pub(crate) async fn on(data: Data, limits: Limits, store: Settings) -> Self {
        Self::serve(Config { data, store, ..config(limits) }).await
    }

    /// For pages of these origins alone.
    pub(crate) async fn for_origins(origins: &[&'static str]) -> Self {
        let origins = origins.iter().map(|origin| HeaderValue::from_static(origin)).collect();
        Self::serve(Config { origins, ..config(Limits::default()) }).await
    }

    /// Behind a proxy on this machine, which says who its clients are.
    pub(crate) async fn behind_proxy(limits: Limits) -> Self {
        let loopback = "127.0.0.0/8".parse().expect("a network");
        let trusted_proxies = TrustedProxies::new(vec![loopback]);
        Self::serve(Config { trusted_proxies, ..config(limits) }).await
    }

    /// Below a path that a proxy leaves in front.
    pub(crate) async fn below(path: &str) -> Self {
        let base_path = BasePath::parse(path).expect("a path");
        Self::serve(Config { base_path, ..config(Limits::default()) }).await
    }

    async fn serve(config: Config) -> Self {
        let clock = Arc::new(SimClock::at(Timestamp(NOW)));
        Self::serve_with_clock(config, Arc::clone(&clock) as _, clock).await
    }

    /// With a clock that a test has made around the one that it sets.
    pub(crate) async fn with_clock(
        limits: Limits,
        wrap: impl FnOnce(Arc<SimClock>) -> Arc<dyn Clock>,
    ) -> Self {
        let clock = Arc::new(SimClock::at(Timestamp(NOW)));
        Self::serve_with_clock(config(limits), wrap(Arc::clone(&clock)), clock).await
    }

    async fn serve_with_clock(config: Config, of_server: Arc<dyn Clock>, clock: Arc<SimClock>) -> Self {
        let server = Server::bind(config, of_server).await.expect("a port is free");
        let address = server.address().expect("it listens");
        let receivers = server.receivers().to_vec();
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(server.run(async {
            // The sender is dropped without a word when a test ends early.
            let _stopped = stopped.await;
        }));
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { address, receivers, clock, client, stop: Some(stop), running }
    }

    /// Where a protocol has an address of its own.
    pub(crate) fn receiver(&self, name: &str) -> SocketAddr {
        let found = self.receivers.iter().find(|(known, _)| *known == name);
        found.unwrap_or_else(|| panic!("{name} has an address")).1
    }

    /// Sends a request, and leaves the body to the caller.
    pub(crate) async fn open(&self, request: Request<Full<Bytes>>) -> Response<Incoming> {
        self.client.request(request).await.expect("an answer comes")
    }

    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Answer {
        let response = self.open(request).await;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("the answer comes whole").to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> hyper::http::request::Builder {
        Request::builder().method(method).uri(format!("http://{}{path}", self.address))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        let request = self.request(Method::GET, path).body(Full::default()).expect("a request");
        self.send(request).await
    }

    pub(crate) async fn post(&self, body: impl Into<Bytes>) -> Answer {
        self.post_with(&[("content-type", "application/json")], body).await
    }

    pub(crate) async fn post_with(&self, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Answer {
        self.post_to("/spans", headers, body).await
    }

    pub(crate) async fn post_to(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Answer {
        let mut request = self.request(Method::POST, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Full::new(body.into())).expect("a request")).await
    }

    pub(crate) async fn post_spans(&self, spans: &[Value]) -> Answer {
        self.post(json!({ "spans": spans }).to_string()).await
    }

    /// Sends spans that must be taken.
    pub(crate) async fn accept(&self, spans: &[Value]) {
        let answer = self.post_spans(spans).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{answer:?}");
    }

    /// The listed trace ids, and the total.
    pub(crate) async fn list(&self, query: &str) -> (Vec<String>, u64) {
        let answer = self.get(&format!("/traces{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        let body = answer.json();
        let ids = body["traces"].as_array().expect("a list").iter();
        let ids = ids.map(|trace| trace["trace_id"].as_str().expect("an id").to_owned()).collect();
        (ids, body["total"].as_u64().expect("a total"))
    }

    /// The value of a metric that counts something. The name has its labels with it.
    pub(crate) async fn metric(&self, name: &str) -> u64 {
        let text = String::from_utf8(self.get("/metrics").await.body.to_vec()).expect("text");
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let value = line.unwrap_or_else(|| panic!("{name} is in\n{text}"));
        value.trim_end_matches(".0").parse().expect("a count")
    }

    /// Stored, repeated, old, ahead and rejected spans of a protocol, which are all that it received.
    pub(crate) async fn ledger_of(&self, protocol: &str) -> [u64; 5] {
        let text = String::from_utf8(self.get("/metrics").await.body.to_vec()).expect("text");
        let sum = |name: &str, reason: &str| -> u64 {
            let name = format!("traced_protocol_spans_{name}_total{{protocol=\"{protocol}\"");
            let lines = text.lines().filter(|line| line.starts_with(&name) && line.contains(reason));
            let counts =
                lines.map(|line| line.rsplit(' ').next().and_then(|count| count.parse::<u64>().ok()));
            counts.map(|count| count.expect("a count")).sum()
        };
        let ledger = [
            sum("stored", ""),
            sum("repeated", ""),
            sum("stale", "reason=\"old\""),
            sum("stale", "reason=\"ahead\""),
            sum("rejected", ""),
        ];
        assert_eq!(ledger.iter().sum::<u64>(), sum("received", ""), "{protocol}: {text}");
        ledger
    }

    /// Stops the server and waits until it has.
    pub(crate) async fn stop(mut self) {
        drop(self.stop.take());
        let running = std::mem::replace(&mut self.running, tokio::spawn(async {}));
        running.await.expect("the server ends in peace");
    }

    /// Begins the stop and hands out what ends when it is done.
    pub(crate) fn begin_stop(mut self) -> JoinHandle<()> {
        drop(self.stop.take());
        std::mem::replace(&mut self.running, tokio::spawn(async {}))
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.running.abort();
    }
}

/// A server in memory, with all receivers, on ports that the system picks.
fn config(limits: Limits) -> Config {
    let any = Addresses::from(SocketAddr::from(([127, 0, 0, 1], 0)));
    let receivers = Receivers { otlp_grpc: any.clone(), otlp_http: any.clone(), zipkin: any.clone() };
    Config {
        listen: any,
        receivers,
        data: Data::Memory,
        store: Settings::default(),
        limits,
        origins: Vec::new(),
        base_path: BasePath::default(),
        trusted_proxies: TrustedProxies::default(),
    }
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).expect("memory takes all")
}

/// A UUID made of one number.
pub(crate) fn id(number: u64) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

/// A root span of five milliseconds that starts `back` nanoseconds before the clock's first time.
pub(crate) fn root(trace: u64, span: u64, back: i64) -> Value {
    json!({
        "trace_id": id(trace),
        "span_id": id(span),
        "service": "checkout",
        "operation": "POST /orders",
        "start_time": NOW - back,
        "end_time": NOW - back + 5_999_999,
        "status": "ok",
        "tags": {},
    })
}

/// A span like `root`, below a parent.
pub(crate) fn child(trace: u64, span: u64, parent: u64, back: i64) -> Value {
    let mut child = root(trace, span, back);
    child["parent_span_id"] = json!(id(parent));
    child["service"] = json!("payment");
    child
}

/// Waits until a condition holds. Fails after a time that no healthy machine needs.
pub(crate) async fn eventually(what: &str, condition: impl AsyncFn() -> bool) {
    let waiting = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(20), waiting).await;
    in_time.unwrap_or_else(|_| panic!("never: {what}"));
}

/// Returns the bodies that three spans can be sent in: one for each span or one for all, in every order.
pub(crate) fn in_every_order(spans: &[Value; 3]) -> Vec<Vec<Vec<Value>>> {
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let bodies = |order: [usize; 3]| {
        let all = order.map(|index| spans[index].clone());
        [all.each_ref().map(|span| vec![span.clone()]).to_vec(), vec![all.to_vec()]]
    };
    orders.into_iter().flat_map(bodies).collect()
}
