//! A stop answers what is in flight.

use hyper::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{SECOND, TestServer, eventually, root};

#[tokio::test]
async fn requests_in_flight_are_answered_and_new_ones_are_not_taken() {
    let server = TestServer::start().await;
    let address = server.address;
    server.accept(&[root(1, 1, SECOND)]).await;
    let body = serde_json::json!({"spans": [root(2, 1, SECOND)]}).to_string();
    let (first, second) = body.as_bytes().split_at(10);
    let mut slow = TcpStream::connect(address).await.expect("a connection");
    let head = format!("POST /spans HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n", body.len());
    slow.write_all(head.as_bytes()).await.expect("it is read");
    slow.write_all(first).await.expect("it is read");
    eventually("it is in flight", async || server.metric("traced_http_bodies_arriving").await == 1).await;

    let stopping = server.begin_stop();
    eventually("no connection is taken", async || TcpStream::connect(address).await.is_err()).await;
    assert!(!stopping.is_finished(), "it waits for the request in flight");
    slow.write_all(second).await.expect("it is read");
    let mut answer = String::new();
    slow.read_to_string(&mut answer).await.expect("the answer comes whole");
    assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    stopping.await.expect("the server ends in peace");
}

#[tokio::test]
async fn an_idle_server_stops_at_once() {
    let server = TestServer::start().await;
    assert_eq!(server.get("/health").await.status, StatusCode::OK);
    server.stop().await;
}
