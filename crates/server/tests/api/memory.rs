//! Memory is asked for before it is taken: by bodies, by what is decoded from them, and by answers.

use hyper::StatusCode;
use hyper::body::Bytes;
use serde_json::{Value, json};
use server::Limits;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Answer, SECOND, TestServer, child, eventually, id, root, zstd};

/// A server whose memory for requests is full of a body that does not end.
pub(crate) async fn full_server() -> (TestServer, TcpStream) {
    let server = TestServer::with_limits(Limits { queued_bytes_max: 200_000, ..Limits::default() }).await;
    let mut slow = TcpStream::connect(server.address).await.expect("a connection");
    let head =
        "POST /spans HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 200000\r\n\r\n";
    slow.write_all(head.as_bytes()).await.expect("it is read");
    slow.write_all(&b" ".repeat(199_900)).await.expect("it is read");
    eventually("its bytes wait", async || server.metric("traced_queued_bytes").await == 199_900).await;
    (server, slow)
}

/// An OTLP request with one span and so many empty events, two bytes each.
fn empty_events(count: usize) -> Vec<u8> {
    let field = |number: u8, content: &[u8]| {
        let mut out = vec![number << 3 | 2];
        let mut length = content.len();
        while length >= 0x80 {
            out.push(u8::try_from(length & 0x7f).expect("seven bits") | 0x80);
            length >>= 7;
        }
        out.push(u8::try_from(length).expect("seven bits"));
        out.extend_from_slice(content);
        out
    };
    let span = [field(1, &[1; 16]), field(2, &[1; 8]), [11 << 3 | 2, 0].repeat(count)].concat();
    field(1, &field(2, &field(2, &span)))
}

#[tokio::test]
async fn what_is_decoded_counts_and_not_only_the_body() {
    const PROTOBUF: (&str, &str) = ("content-type", "application/x-protobuf");
    const ZSTD: (&str, &str) = ("content-encoding", "zstd");
    let limits = Limits { queued_bytes_max: 32 << 20, ..Limits::default() };
    let server = TestServer::with_limits(limits).await;
    let few = server.post_to("/v1/traces", &[PROTOBUF, ZSTD], zstd(&empty_events(10_000))).await;
    assert_eq!(few.status, StatusCode::OK, "{few:?}");
    let bomb = zstd(&empty_events(1_900_000));
    assert!(bomb.len() < 10_000, "a few bytes");
    let answer = server.post_to("/v1/traces", &[PROTOBUF, ZSTD], bomb).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(server.metric("traced_queued_bytes").await, 0);
}

#[tokio::test]
async fn a_request_that_never_fits_is_not_told_to_come_back() {
    let server = TestServer::with_limits(Limits { queued_bytes_max: 10_000, ..Limits::default() }).await;
    let answer = server.post_to("/spans", &[], Bytes::from(" ".repeat(20_000))).await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::PAYLOAD_TOO_LARGE, ""));
    assert!(answer.error().contains("10000 bytes"), "{answer:?}");
}

/// A server with one trace of so many spans.
async fn with_trace(spans: u64, answer_bytes_max: usize) -> TestServer {
    let server = TestServer::with_limits(Limits { answer_bytes_max, ..Limits::default() }).await;
    for first in (0..spans).step_by(500) {
        let last = spans.min(first + 500);
        let span = |span: u64| if span == 0 { root(1, 1, SECOND) } else { child(1, span + 1, 1, SECOND) };
        server.accept(&(first..last).map(span).collect::<Vec<_>>()).await;
    }
    server
}

async fn held(server: &TestServer) -> usize {
    usize::try_from(server.metric("traced_answers_bytes").await).expect("it is not negative")
}

#[tokio::test]
async fn an_answer_that_never_fits_is_refused_for_good() {
    let trace = id(1);
    let server = with_trace(2_000, 200_000).await;
    for path in [
        format!("/traces/{trace}"),
        format!("/api/v1/traces/{trace}"),
        format!("/api/v1/traces/{trace}/tree"),
        format!("/api/v1/traces/{trace}/search?q=pay"),
    ] {
        let answer = server.get(&path).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert!(answer.error().contains("200000 bytes"), "{answer:?}");
    }
    assert_eq!(held(&server).await, 0);
}

#[tokio::test]
async fn slow_readers_hold_memory_until_they_are_done() {
    let path = format!("/api/v1/traces/{}/tree", id(1));
    let server = with_trace(20_000, 24 << 20).await;
    assert_eq!(server.get(&path).await.status, StatusCode::OK);
    assert_eq!(held(&server).await, 0);
    let mut readers = Vec::new();
    let mut refused = None;
    while refused.is_none() {
        let mut reader = TcpStream::connect(server.address).await.expect("a connection");
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
        reader.write_all(request.as_bytes()).await.expect("it is read");
        let mut head = [0; 12];
        reader.read_exact(&mut head).await.expect("an answer");
        match &head {
            b"HTTP/1.1 200" => readers.push(reader),
            head => refused = Some(String::from_utf8_lossy(head).into_owned()),
        }
        assert!(readers.len() < 100, "nobody is refused");
    }
    assert_eq!(refused.as_deref(), Some("HTTP/1.1 503"));
    assert!(readers.len() > 3 && held(&server).await <= 24 << 20, "{}", readers.len());
    drop(readers);
    eventually("the memory is given back", async || held(&server).await == 0).await;
    assert_eq!(server.get(&path).await.status, StatusCode::OK);
}

async fn points(server: &TestServer) -> Value {
    let answer: Answer = server.get("/api/v1/traces/points").await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()
}

#[tokio::test]
async fn points_that_do_not_fit_are_left_out_and_counted() {
    let limits = Limits { answer_bytes_max: 1 << 20, ..Limits::default() };
    let server = TestServer::with_limits(limits).await;
    for batch in 0..6 {
        let roots = (0..500).map(|n| root(batch * 500 + n + 1, 1, SECOND)).collect::<Vec<_>>();
        server.accept(&roots).await;
    }
    let points = points(&server).await;
    let listed = points["start"].as_array().expect("a column").len();
    assert_eq!(points["total"], 3000);
    assert!((500..2999).contains(&listed), "{listed}");
    assert_eq!(held(&server).await, 0);
}

#[tokio::test]
async fn long_names_are_cut_where_they_are_listed() {
    let server = TestServer::start().await;
    let (service, name) = ("ä".repeat(20_000), "n".repeat(20_000));
    let span = json!({"traceId": "1".repeat(32), "spanId": "1".repeat(16), "name": name,
        "startTimeUnixNano": "1789999999000000000", "endTimeUnixNano": "1789999999000000001"});
    let resource = json!({"attributes": [{"key": "service.name", "value": {"stringValue": service}}]});
    let request =
        json!({"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": [span]}]}]}).to_string();
    let taken = server.post_to("/v1/traces", &[("content-type", "application/json")], request).await;
    assert_eq!(taken.status, StatusCode::OK);
    let points = points(&server).await;
    assert_eq!(points["services"], json!(["ä".repeat(256)]));
    assert_eq!(points["operations"], json!(["n".repeat(256)]));
    assert_eq!(server.get("/api/v1/info").await.json()["services"], json!(["ä".repeat(256)]));
    let path = format!("/api/v1/traces/{0}/spans/{1}", "1".repeat(32), "1".repeat(16));
    assert_eq!(server.get(&path).await.json()["span"]["operation"], json!(name), "details are whole");
}
