//! Slow clients take nothing from the others.

use std::convert::Infallible;
use std::time::Duration;

use futures_util::stream;
use http_body_util::{Full, StreamBody};
use hyper::body::{Bytes, Frame};
use hyper::{Method, Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::json;
use server::Limits;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use crate::grpc::{export, frame};
use crate::otlp::protobuf;
use crate::support::{SECOND, TestServer, child, eventually, id, root};

/// A request whose body does not come to its end.
async fn slow_body(server: &TestServer, peer: &str) -> TcpStream {
    let head = format!(
        "POST /spans HTTP/1.1\r\nhost: x\r\nx-forwarded-for: {peer}\r\ncontent-length: 100\r\n\r\n{{"
    );
    let mut stream = TcpStream::connect(server.address).await.expect("a connection");
    stream.write_all(head.as_bytes()).await.expect("it is read");
    stream
}

async fn read_all(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_string(&mut answer)).await;
    read.expect("it ends").expect("text");
    answer
}

/// What a peer gets for a small batch.
async fn post_as(server: &TestServer, peer: &str) -> StatusCode {
    let body = json!({"spans": [root(1, 1, SECOND)]}).to_string();
    server.post_with(&[("x-forwarded-for", peer)], body).await.status
}

async fn bodies(server: &TestServer, count: u64) {
    let have = async || server.metric("traced_http_bodies_arriving").await == count;
    eventually("the bodies are arriving", have).await;
}

#[tokio::test]
async fn bodies_that_trickle_keep_neither_batches_nor_queries_out() {
    let server = TestServer::with_limits(Limits { requests_max: 1, ..Limits::default() }).await;
    let mut slow = Vec::new();
    for _ in 0..20 {
        slow.push(slow_body(&server, "").await);
    }
    bodies(&server, 20).await;
    server.accept(&[root(1, 1, SECOND)]).await;
    assert_eq!(server.list("").await.1, 1);
}

#[tokio::test]
async fn exports_that_trickle_keep_no_export_out() {
    let limits = Limits { requests_max: 10, bodies_max: 400, ..Limits::default() };
    let server = TestServer::with_limits(limits).await;
    for _ in 0..2 {
        let client = Client::builder(TokioExecutor::new()).http2_only(true).build_http();
        for _ in 0..100 {
            let url = format!(
                "http://{}/opentelemetry.proto.collector.trace.v1.TraceService/Export",
                server.receiver("OTLP over gRPC")
            );
            let request = Request::post(url).header("content-type", "application/grpc");
            let body = StreamBody::new(stream::pending::<Result<Frame<Bytes>, Infallible>>());
            tokio::spawn(client.request(request.body(body).expect("a request")));
        }
    }
    bodies(&server, 200).await;
    let answer = export(&server, &[], frame(0, &protobuf(1, SECOND))).await;
    assert_eq!(answer.field("grpc-status"), "0");
}

#[tokio::test]
async fn a_slow_body_gives_way_when_there_is_no_place_for_another() {
    let server = TestServer::with_limits(Limits { bodies_max: 1, ..Limits::default() }).await;
    let slow = slow_body(&server, "").await;
    bodies(&server, 1).await;
    assert_eq!(
        post_as(&server, "").await,
        StatusCode::SERVICE_UNAVAILABLE,
        "it may still turn out to be fast"
    );
    eventually("it has turned out to be slow", async || post_as(&server, "").await == StatusCode::ACCEPTED)
        .await;
    let answer = read_all(slow).await;
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("\r\nretry-after: 1\r\n"), "{answer}");
    assert!(answer.contains("other clients needed the place or the memory"), "{answer}");
    assert_eq!(server.metric("traced_http_cut_off_total{what=\"body\"}").await, 1);
}

#[tokio::test]
async fn without_a_trusted_proxy_all_clients_of_an_address_are_one_peer() {
    let server = TestServer::with_limits(Limits { bodies_max: 1, ..Limits::default() }).await;
    let _slow = slow_body(&server, "192.0.2.1").await;
    bodies(&server, 1).await;
    assert_eq!(post_as(&server, "192.0.2.2").await, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn an_answer_that_nobody_takes_gives_way() {
    let server = TestServer::with_limits(Limits { requests_max: 1, ..Limits::default() }).await;
    // More than the buffers of a connection take.
    let tags: serde_json::Map<_, _> =
        (0..50).map(|number| (number.to_string(), json!("x".repeat(1000)))).collect();
    server.accept(&[root(1, 1, SECOND)]).await;
    for first in 0..4 {
        let spans = (0..100).map(|number| {
            let mut span = child(1, 10 + first * 100 + number, 1, SECOND);
            span["tags"] = json!(tags);
            span
        });
        server.accept(&spans.collect::<Vec<_>>()).await;
    }
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4096).expect("a buffer");
    let mut slow = socket.connect(server.address).await.expect("a connection");
    let request = format!("GET /traces/{} HTTP/1.1\r\nhost: x\r\n\r\n", id(1));
    slow.write_all(request.as_bytes()).await.expect("it is read");
    slow.read_exact(&mut [0; 12]).await.expect("an answer begins");
    assert_eq!(server.get("/traces").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(server.get("/health").await.status, StatusCode::OK, "who watches is always answered");
    server.accept(&[root(2, 1, SECOND)]).await;
    eventually("it gives way", async || server.get("/traces").await.status == StatusCode::OK).await;
    assert_eq!(server.metric("traced_http_cut_off_total{what=\"answer\"}").await, 1);
    let mut rest = Vec::new();
    assert!(slow.read_to_end(&mut rest).await.is_err() || !rest.ends_with(b"0\r\n\r\n"), "the answer is cut");
}

#[tokio::test]
async fn a_slow_body_gives_its_memory_to_others() {
    let server = TestServer::with_limits(Limits { queued_bytes_max: 100_000, ..Limits::default() }).await;
    let head = "POST /spans HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n";
    let mut slow = TcpStream::connect(server.address).await.expect("a connection");
    slow.write_all(format!("{head}{}", " ".repeat(99_990)).as_bytes()).await.expect("it is read");
    eventually("it holds the memory", async || server.metric("traced_queued_bytes").await > 90_000).await;
    assert_eq!(post_as(&server, "").await, StatusCode::SERVICE_UNAVAILABLE);
    let began = tokio::time::Instant::now();
    eventually("it gives way", async || post_as(&server, "").await == StatusCode::ACCEPTED).await;
    assert!(began.elapsed() < Limits::default().body_timeout / 2);
    assert!(read_all(slow).await.contains("other clients needed the place or the memory"));
}

#[tokio::test]
async fn an_open_stream_holds_no_slot_of_queries() {
    let server = TestServer::with_limits(Limits { requests_max: 1, ..Limits::default() }).await;
    let request = server.request(Method::GET, "/api/v1/stream").body(Full::default()).expect("a request");
    let stream = server.open(request).await;
    assert_eq!(stream.status(), StatusCode::OK);
    assert_eq!(server.get("/traces").await.status, StatusCode::OK);
}

#[tokio::test]
async fn one_peer_leaves_some_streams_to_others() {
    let server = TestServer::behind_proxy(Limits { streams_max: 18, ..Limits::default() }).await;
    let open = async |peer: &str| {
        let request = server.request(Method::GET, "/api/v1/stream").header("x-forwarded-for", peer);
        server.open(request.body(Full::default()).expect("a request")).await
    };
    let mut streams = Vec::new();
    for _ in 0..18 {
        streams.push(open("192.0.2.1").await);
    }
    let refused = streams.iter().filter(|stream| stream.status() == StatusCode::SERVICE_UNAVAILABLE).count();
    assert_eq!(refused, 1, "alone it has nearly all of them");
    assert_eq!(open("192.0.2.2").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn connections_that_wait_for_a_request_close_for_others() {
    let server = TestServer::with_limits(Limits { connections_max: 4, ..Limits::default() }).await;
    let mut idle = Vec::new();
    for _ in 0..10 {
        idle.push(TcpStream::connect(server.address).await.expect("a connection"));
    }
    for number in 0..10 {
        server.accept(&[root(number, 1, SECOND)]).await;
    }
    assert_eq!(server.list("").await.1, 10);
    let mut first = idle.remove(0);
    assert_eq!(first.read(&mut [0; 10]).await.expect("it closes in peace"), 0);
    assert!(server.metric("traced_http_cut_off_total{what=\"idle_connection\"}").await >= 6);
}
