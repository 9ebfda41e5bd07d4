//! A small server of the contract on a real socket, which can be told to refuse, to break connections, and to lie.

pub(crate) mod lie;
mod model;
mod rules;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use lie::Lie;
use model::Model;
use rules::PageParameters;

/// How the server treats `POST /spans`. The bytes of a request decide, so that a repeated request is treated alike.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Accepts everything.
    Calm,
    /// Refuses one request in ten, at every attempt.
    RefusesSome,
    /// Refuses every request once.
    RefusesOnce,
    /// Breaks the connection of two requests in twenty: one is stored first, the other is not.
    Breaks,
}

pub(crate) struct Fake {
    pub(crate) address: SocketAddr,
    pub(crate) state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

pub(crate) struct State {
    pub(crate) model: Model,
    pub(crate) lie: Lie,
    mood: Mood,
}

impl Fake {
    pub(crate) async fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State { model: Model::default(), lie: Lie::None, mood }));
        let task = tokio::spawn(serve(listener, Arc::clone(&state)));
        Self { address, state, task }
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, state: Arc<Mutex<State>>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let state = Arc::clone(&state);
        let service = service_fn(move |request| answer(request, Arc::clone(&state)));
        tokio::spawn(async move {
            // Without a header `Date` the verifier uses its own clock, which the tests set.
            let connection =
                http1::Builder::new().auto_date_header(false).serve_connection(TokioIo::new(stream), service);
            // Errors are ignored, because some tests break connections.
            drop(connection.await);
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    state: Arc<Mutex<State>>,
) -> Result<Response<Full<Bytes>>, io::Error> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let mut state = state.lock().unwrap();
    let (status, body) = match (&parts.method, parts.uri.path()) {
        (&Method::GET, "/health") => (200, json!({ "status": state.lie.health() })),
        (&Method::POST, "/spans") => state.post_spans(&body)?,
        (&Method::GET, "/traces") => state.list(parts.uri.query().unwrap_or_default()),
        (&Method::GET, path) => state.detail(path.trim_start_matches("/traces/")),
        _ => (405, json!({ "error": "method not allowed" })),
    };
    let response = Response::builder()
        .status(StatusCode::from_u16(status).unwrap())
        .header(header::RETRY_AFTER, "0")
        .body(Full::new(body.to_string().into()));
    Ok(response.unwrap())
}

impl State {
    fn post_spans(&mut self, body: &Bytes) -> io::Result<(u16, Value)> {
        let spans = match rules::read_batch(body) {
            Ok(spans) => spans,
            Err((error, good)) => {
                if self.lie == Lie::StoresHalfABatch {
                    self.model.store_all(good);
                }
                return Ok(self.lie.refusal(&error));
            }
        };
        let draw = crc32fast::hash(body);
        let is_first = self.model.bodies.insert(draw);
        match self.mood {
            Mood::RefusesSome if draw.is_multiple_of(10) => return Ok((503, json!({ "error": "not now" }))),
            Mood::RefusesOnce if is_first => return Ok((503, json!({ "error": "not yet" }))),
            Mood::Breaks if draw.is_multiple_of(20) => {
                return Err(io::Error::other("broken before it was stored"));
            }
            Mood::Breaks if draw % 20 == 1 => {
                self.model.store_all(spans);
                return Err(io::Error::other("broken after it was stored"));
            }
            Mood::Calm | Mood::RefusesSome | Mood::RefusesOnce | Mood::Breaks => {}
        }
        self.model.store_all(spans);
        Ok((202, json!({ "status": "ok", "stored": true })))
    }

    fn list(&self, query: &str) -> (u16, Value) {
        let parameters = match PageParameters::read(query) {
            Ok(parameters) => parameters,
            Err(error) => return self.lie.bad_parameters(&error),
        };
        (200, self.lie.list(&self.model, parameters))
    }

    fn detail(&self, id: &str) -> (u16, Value) {
        let Some(trace_id) = self.lie.read_id(id) else {
            return self.lie.bad_id();
        };
        self.lie.detail(&self.model, &trace_id)
    }
}
