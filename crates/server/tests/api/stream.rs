//! `GET /api/v1/stream`.

use http_body_util::{BodyExt as _, Full};
use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use server::Limits;

use crate::api_v1::digits;
use crate::support::{SECOND, TestServer, root};

/// One event of the stream.
struct Heard {
    id: String,
    data: Value,
}

/// An open stream, and what it has sent so far.
struct Stream {
    body: hyper::body::Incoming,
    text: String,
}

impl Stream {
    async fn open(server: &TestServer, path: &str, last: Option<&str>) -> Self {
        let mut request = server.request(Method::GET, path);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = server.open(request.body(Full::default()).expect("a request")).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body(), text: String::new() }
    }

    /// The next event, or nothing at the end.
    async fn next(&mut self) -> Option<Heard> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let line = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
                assert_eq!(line("event: "), Some("points"), "{event}");
                let id = line("id: ").expect("an id").to_owned();
                let data = serde_json::from_str(line("data: ").expect("data")).expect("JSON");
                self.text = String::from(rest);
                return Some(Heard { id, data });
            }
            let frame = self.body.frame().await?.expect("the stream goes on");
            self.text.push_str(str::from_utf8(frame.data_ref().expect("data")).expect("text"));
        }
    }

    /// The next event with traces in it.
    async fn next_with_traces(&mut self) -> Heard {
        loop {
            let heard = self.next().await.expect("the stream goes on");
            if heard.data["ids"] != "" {
                return heard;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_tells_what_changes_without_being_asked() {
    let server = TestServer::start().await;
    server.accept(&[root(1, 1, SECOND)]).await;
    let mut stream = Stream::open(&server, "/api/v1/stream?max=10", None).await;
    let first = stream.next().await.expect("an event");
    assert_eq!((&first.data["reset"], &first.data["ids"]), (&json!(true), &json!(digits(1))));
    assert_eq!(first.data["cursor"], first.id);
    server.accept(&[root(2, 1, SECOND)]).await;
    let second = stream.next_with_traces().await;
    assert_eq!((&second.data["reset"], &second.data["ids"]), (&json!(false), &json!(digits(2))));
    // A client that connects again gets what it has missed.
    drop(stream);
    server.accept(&[root(3, 1, SECOND)]).await;
    let mut again = Stream::open(&server, "/api/v1/stream?max=10", Some(&second.id)).await;
    let missed = again.next().await.expect("an event");
    assert_eq!((&missed.data["reset"], &missed.data["ids"]), (&json!(false), &json!(digits(3))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_are_limited_and_end_with_the_server() {
    let server = TestServer::with_limits(Limits { streams_max: 1, ..Limits::default() }).await;
    let mut stream = Stream::open(&server, "/api/v1/stream", None).await;
    stream.next().await.expect("an event");
    let answer = server.get("/api/v1/stream").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.error().contains("too many streams"), "{answer:?}");
    let stopped = server.begin_stop();
    while stream.next().await.is_some() {}
    stopped.await.expect("the server ends in peace");
}
