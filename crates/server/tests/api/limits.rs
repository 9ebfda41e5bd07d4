//! Every limit has its answer, and a client within it does not notice the limit.

use std::time::Duration;

use hyper::StatusCode;
use serde_json::json;
use server::Limits;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::memory::full_server;
use crate::support::{SECOND, TestServer, eventually, root};

const POST_HEAD: &str = "POST /spans HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";

async fn raw(server: &TestServer, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).await.expect("a connection");
    stream.write_all(text.as_bytes()).await.expect("it is read");
    stream
}

async fn read_all(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    // A server that closes on unread bytes may reset the connection; what came before counts.
    let _reset = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).expect("text")
}

#[tokio::test]
async fn a_body_that_says_it_is_too_large_is_not_read() {
    let server = TestServer::with_limits(Limits { body_bytes_max: 1000, ..Limits::default() }).await;
    let stream = raw(&server, &format!("{POST_HEAD}content-length: 1001\r\n\r\n")).await;
    let answer = read_all(stream).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("the body is larger than 1000 bytes"), "{answer}");
}

#[tokio::test]
async fn a_body_in_pieces_that_becomes_too_large_is_refused() {
    let server = TestServer::with_limits(Limits { body_bytes_max: 1000, ..Limits::default() }).await;
    let chunk = format!("1f4\r\n{}\r\n", " ".repeat(500));
    let head = format!("{POST_HEAD}transfer-encoding: chunked\r\n\r\n");
    let stream = raw(&server, &format!("{head}{}", chunk.repeat(3))).await;
    assert!(read_all(stream).await.starts_with("HTTP/1.1 413"));
    let body = json!({"spans": [root(1, 1, SECOND)]}).to_string();
    let rest = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    let stream =
        raw(&server, &format!("{POST_HEAD}connection: close\r\ntransfer-encoding: chunked\r\n\r\n{rest}"))
            .await;
    assert!(read_all(stream).await.starts_with("HTTP/1.1 202"));
}

#[tokio::test]
async fn a_body_that_trickles_ends_in_408_and_holds_nothing_up() {
    let limits = Limits { body_timeout: Duration::from_millis(300), ..Limits::default() };
    let server = TestServer::with_limits(limits).await;
    let slow = raw(&server, &format!("{POST_HEAD}content-length: 100\r\n\r\n{{")).await;
    server.accept(&[root(1, 1, SECOND)]).await;
    let answer = read_all(slow).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("the body did not arrive within 300ms"), "{answer}");
    assert_eq!(server.metric("traced_queued_bytes").await, 0);
}

#[tokio::test]
async fn an_export_that_trickles_is_told_to_come_back() {
    let limits = Limits { body_timeout: Duration::from_millis(300), ..Limits::default() };
    let server = TestServer::with_limits(limits).await;
    let head = "POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    let slow = raw(&server, &format!("{head}content-length: 100\r\n\r\n{{")).await;
    let answer = read_all(slow).await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.contains("\r\nretry-after: 1\r\n"), "{answer}");
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    assert!(answer.contains("the body did not arrive within 300ms"), "{answer}");
    assert!(answer.contains(r#""retryDelay":"1.000000000s""#), "{answer}");
}

#[tokio::test]
async fn a_head_that_trickles_is_cut_off() {
    let limits = Limits { header_timeout: Duration::from_millis(300), ..Limits::default() };
    let server = TestServer::with_limits(limits).await;
    let silent = raw(&server, "").await;
    let slow = raw(&server, "POST /spans HTT").await;
    server.accept(&[root(1, 1, SECOND)]).await;
    for stream in [silent, slow] {
        let answer = tokio::time::timeout(Duration::from_secs(20), read_all(stream)).await;
        let answer = answer.expect("the server closes the connection");
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
}

#[tokio::test]
async fn too_many_queued_bytes_are_told_to_come_back() {
    let (server, slow) = full_server().await;
    let answer = server.post_spans(&[root(1, 1, SECOND)]).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("retry-after"), "1");
    drop(slow);
    eventually("they are given back", async || server.metric("traced_queued_bytes").await == 0).await;
    server.accept(&[root(1, 1, SECOND)]).await;
}

#[tokio::test]
async fn too_many_connections_are_told_to_come_back() {
    let server = TestServer::with_limits(Limits { connections_max: 2, ..Limits::default() }).await;
    let slow = format!("{POST_HEAD}content-length: 100\r\n\r\n{{");
    let busy = [raw(&server, &slow).await, raw(&server, &slow).await];
    // Until both are in use, one of them may be closed as idle; then there are less than two.
    let mut refused = String::new();
    eventually("both are in use", async || {
        let answer =
            read_all(raw(&server, "GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await)
                .await;
        answer.contains("too many connections")
    })
    .await;
    refused.push_str(&read_all(raw(&server, "").await).await);
    // A client that sends before it reads does not lose the refusal.
    for _ in 0..20 {
        let mut sender = raw(&server, &format!("{POST_HEAD}content-length: 300000\r\n\r\n")).await;
        sender.write_all(&vec![b' '; 300_000]).await.expect("it is read");
        let mut answer = String::new();
        sender.read_to_string(&mut answer).await.expect("it is not reset");
        assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    }
    let answer = refused;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.contains("\r\nretry-after: 1\r\n"), "{answer}");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    assert!(head.contains(&format!("content-length: {}", body.len())), "{answer}");
    assert!(serde_json::from_str::<serde_json::Value>(body).expect("JSON")["error"].is_string());
    drop(busy);
    eventually("there is room again", async || {
        let answer =
            read_all(raw(&server, "GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await)
                .await;
        answer.starts_with("HTTP/1.1 200")
    })
    .await;
}
