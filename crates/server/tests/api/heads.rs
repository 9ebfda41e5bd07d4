//! What no route sees is refused in the form of the protocol, too, and clients read their refusals.

use std::net::SocketAddr;
use std::time::Duration;

use hyper::StatusCode;
use serde_json::{Value, json};
use server::Limits;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::grpc::{EXPORT, call, export, frame};
use crate::otlp::protobuf;
use crate::support::{SECOND, TestServer, root};

const PATIENCE: Duration = Duration::from_secs(20);

/// The status, the head and the body of the answer to some bytes, after which the server ends the connection.
async fn said(address: SocketAddr, bytes: &[u8]) -> (u16, String, String) {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(bytes).await.expect("it is read");
    let mut answer = Vec::new();
    let reading = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    reading.expect("the connection ends").expect("it ends in peace");
    let answer = String::from_utf8(answer).expect("text");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("a head is in {answer:?}"));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, head.to_ascii_lowercase(), body.to_owned())
}

/// The sentence of a refusal in the contract's form.
fn sentence(body: &str) -> String {
    let body: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("JSON: {body:?}"));
    assert_eq!(body.as_object().map(serde_json::Map::len), Some(1), "{body}");
    body["error"].as_str().expect("a sentence").to_owned()
}

fn get(fields: &str) -> String {
    format!("GET /traces HTTP/1.1\r\n{fields}connection: close\r\n\r\n")
}

#[tokio::test]
async fn a_head_that_is_too_large_or_cannot_be_read_is_refused_in_words() {
    let server = TestServer::start().await;
    let many = "x: 1\r\n".repeat(101);
    let large = format!("x: {}\r\n", "a".repeat(17 * 1024));
    let long = "a".repeat(70_000);
    for (request, status, word) in [
        (get(&format!("host: x\r\n{many}")), 431, "100 headers"),
        (get(&format!("host: x\r\n{large}")), 431, "16384 bytes"),
        (format!("GET /{long} HTTP/1.1\r\nhost: x\r\n\r\n"), 431, "16384 bytes"),
        ("nonsense\r\n\r\n".to_owned(), 400, "request line"),
        (get("host: x\r\nno colon\r\n"), 400, "headers"),
        ("\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{fc}\u{3}\u{3}".to_owned(), 400, "TLS is not spoken here"),
    ] {
        let (answered, head, body) = said(server.address, request.as_bytes()).await;
        assert_eq!(answered, status, "{word}: {head}");
        assert!(sentence(&body).contains(word), "{body}");
        assert!(
            head.contains("content-type: application/json") && head.contains("connection: close"),
            "{head}"
        );
    }
    let (_, head, body) = said(server.receiver("OTLP over HTTP"), b"nonsense\r\n\r\n").await;
    let body: Value = serde_json::from_str(&body).expect("JSON");
    assert!(head.contains("application/json") && body["code"] == 3, "{body}");
    let (_, head, body) = said(server.receiver("Zipkin"), b"nonsense\r\n\r\n").await;
    assert!(head.contains("text/plain") && body.starts_with("this is not a request"), "{body}");
    // Within the limits nobody notices them.
    let fields = format!("x: {}\r\n", "a".repeat(100)).repeat(90);
    assert_eq!(said(server.address, get(&format!("host: x\r\n{fields}")).as_bytes()).await.0, 200);
}

#[tokio::test]
async fn a_request_names_its_host_once() {
    let server = TestServer::start().await;
    for (fields, status) in
        [("", 400), ("host: a\r\nhost: b\r\n", 400), ("host: a\r\nhost: a\r\n", 400), ("host: a\r\n", 200)]
    {
        let (answered, _, body) = said(server.address, get(fields).as_bytes()).await;
        assert_eq!(answered, status, "{fields:?}: {body}");
        assert!(status == 200 || sentence(&body).starts_with("Host: "), "{body}");
    }
    assert_eq!(
        said(server.address, b"GET /traces HTTP/1.0\r\n\r\n").await.0,
        200,
        "HTTP/1.0 had no such header"
    );
}

#[tokio::test]
async fn http_1_at_the_address_of_grpc_is_told_what_is_spoken_there() {
    let server = TestServer::start().await;
    let address = server.receiver("OTLP over gRPC");
    for request in [
        "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        "POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}",
    ] {
        let (status, _, body) = said(address, request.as_bytes()).await;
        assert_eq!(status, 505);
        assert!(sentence(&body).contains("--otlp-http"), "{body}");
    }
    assert!(sentence(&said(address, b"nonsense\r\n\r\n").await.2).contains("request line"));
    let answer = call(&server, EXPORT, &[("content-type", "application/json")], b"{}".to_vec()).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let answer = call(&server, "/v1/traces", &[("content-type", "application/json")], b"{}".to_vec()).await;
    assert_eq!((answer.status, answer.field("grpc-status")), (StatusCode::HTTP_VERSION_NOT_SUPPORTED, ""));
}

#[tokio::test]
async fn metadata_that_are_too_large_are_refused_in_the_form_of_grpc() {
    let server = TestServer::start().await;
    let answer = export(&server, &[("x", &"a".repeat(15_000))], frame(0, &protobuf(1, SECOND))).await;
    assert_eq!(answer.field("grpc-status"), "0");
    let answer = export(&server, &[("x", &"a".repeat(50_000))], frame(0, &protobuf(1, SECOND))).await;
    assert_eq!((answer.status, answer.field("grpc-status")), (StatusCode::OK, "8"));
    assert!(answer.field("grpc-message").contains("16384 bytes"));
}

#[tokio::test]
async fn grpc_health_checks_are_answered() {
    let server = TestServer::start().await;
    let service = "opentelemetry.proto.collector.trace.v1.TraceService";
    let named = |name: &str| {
        let length = u8::try_from(name.len()).expect("a short name");
        [&[0x0a, length], name.as_bytes()].concat()
    };
    for (message, status, serving) in [
        (vec![], "0", &[0, 0, 0, 0, 2, 8, 1][..]),
        (named(service), "0", &[0, 0, 0, 0, 2, 8, 1]),
        (named("other"), "5", &[]),
        (vec![7], "3", &[]),
    ] {
        let grpc = ("content-type", "application/grpc");
        let answer = call(&server, "/grpc.health.v1.Health/Check", &[grpc], frame(0, &message)).await;
        assert_eq!((answer.field("grpc-status"), &*answer.body), (status, serving), "{message:?}");
    }
}

/// Sends a body as a plain client does, which reads nothing before it has sent all.
async fn post_all(server: &TestServer, head: &str, bytes: usize) -> String {
    let mut stream = TcpStream::connect(server.address).await.expect("a connection");
    let head = format!("{head}host: x\r\ncontent-length: {bytes}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("it is read");
    let part = vec![b' '; 64 * 1024];
    for _ in 0..bytes / part.len() {
        stream.write_all(&part).await.expect("it is read to its end");
    }
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.expect("an answer");
    // The connection is as good as before.
    let mut rest = vec![0; 4096];
    let _count = stream.read(&mut rest).await.expect("the rest of it");
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("it is read");
    let mut next = [0; 12];
    stream.read_exact(&mut next).await.expect("an answer");
    assert_eq!(&next, b"HTTP/1.1 200");
    String::from_utf8(answer.to_vec()).expect("text")
}

#[tokio::test]
async fn a_client_reads_why_its_body_is_refused() {
    let server = TestServer::with_limits(Limits { body_bytes_max: 1000, ..Limits::default() }).await;
    let bytes = 32 * 1024 * 1024;
    for (head, status) in [
        ("POST /spans HTTP/1.1\r\n", "413"),
        ("POST /v1/traces HTTP/1.1\r\ncontent-type: application/json\r\n", "413"),
        ("POST /api/v2/spans HTTP/1.1\r\n", "413"),
        ("POST /spans HTTP/1.1\r\ncontent-type: text/plain\r\n", "415"),
        ("POST /nothing HTTP/1.1\r\n", "404"),
        ("PUT /spans HTTP/1.1\r\n", "405"),
    ] {
        assert_eq!(post_all(&server, head, bytes).await, format!("HTTP/1.1 {status}"), "{head}");
    }
}

#[tokio::test]
async fn a_client_that_asks_first_is_refused_before_it_sends() {
    let server = TestServer::with_limits(Limits { body_bytes_max: 1000, ..Limits::default() }).await;
    let head = "POST /spans HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 1001\r\n\r\n";
    let (status, ..) = said(server.address, head.as_bytes()).await;
    assert_eq!(status, 413);
    let body = json!({"spans": [root(1, 1, SECOND)]}).to_string();
    let head = "POST /spans HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue\r\n";
    let (status, _, rest) =
        said(server.address, format!("{head}content-length: {}\r\n\r\n{body}", body.len()).as_bytes()).await;
    assert!(status == 100 && rest.starts_with("HTTP/1.1 202"), "{status} {rest}");
}
