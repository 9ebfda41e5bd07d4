//! OTLP over gRPC, spoken by hand: one message behind its length, and trailers.

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::{HeaderMap, Method, Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use server::Limits;
use tokio::io::AsyncReadExt as _;

use crate::memory::full_server;
use crate::otlp::protobuf;
use crate::support::{SECOND, TestServer, gzip, zstd};

pub(crate) const EXPORT: &str = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

/// An answer: its head and trailers together, and its message.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    fields: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }
}

pub(crate) fn frame(mark: u8, message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).expect("a short message").to_be_bytes();
    [&[mark], &length[..], message].concat()
}

pub(crate) async fn call(server: &TestServer, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
    let client = Client::builder(TokioExecutor::new()).http2_only(true).build_http();
    let url = format!("http://{}{path}", server.receiver("OTLP over gRPC"));
    let mut request = Request::builder().method(Method::POST).uri(url).header("te", "trailers");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::new(Bytes::from(body))).expect("a request");
    let (head, body) = client.request(request).await.expect("an answer comes").into_parts();
    let body = body.collect().await.expect("the answer comes whole");
    let mut fields = head.headers;
    fields.extend(body.trailers().cloned().unwrap_or_default());
    Answer { status: head.status, fields, body: body.to_bytes() }
}

pub(crate) async fn export(server: &TestServer, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
    let headers = [&[("content-type", "application/grpc")], headers].concat();
    call(server, EXPORT, &headers, body).await
}

#[tokio::test]
async fn a_call_is_answered_in_trailers() {
    let server = TestServer::start().await;
    let answer = export(&server, &[], frame(0, &protobuf(1, SECOND))).await;
    assert_eq!((answer.status, answer.field("content-type")), (StatusCode::OK, "application/grpc"));
    assert_eq!((answer.field("grpc-status"), &*answer.body), ("0", &[0; 5][..]));
    assert_eq!(server.list("").await.1, 1);
    assert_eq!(server.metric("traced_protocol_spans_received_total{protocol=\"otlp_grpc\"}").await, 1);
}

#[tokio::test]
async fn messages_may_be_compressed() {
    let server = TestServer::start().await;
    for (coding, mark, message) in [
        ("gzip", 1, gzip(&protobuf(1, SECOND))),
        ("zstd", 1, zstd(&protobuf(2, SECOND))),
        // `grpc-encoding` names the coding of compressed messages; the flag says that this one is not compressed.
        ("gzip", 0, protobuf(3, SECOND)),
    ] {
        let answer = export(&server, &[("grpc-encoding", coding)], frame(mark, &message)).await;
        assert_eq!(answer.field("grpc-status"), "0", "{coding}");
    }
    assert_eq!(server.list("").await.1, 3);
}

#[tokio::test]
async fn what_is_not_stored_is_a_partial_success() {
    let server = TestServer::start().await;
    let answer = export(&server, &[], frame(0, &protobuf(1, 3600 * SECOND))).await;
    assert_eq!(answer.field("grpc-status"), "0");
    // One rejected span, and a sentence.
    assert_eq!(answer.body[5..9], [0x0a, answer.body[6], 8, 1]);
    assert!(String::from_utf8_lossy(&answer.body).contains("1 span: started before the window"));
}

#[tokio::test]
async fn what_cannot_be_read_is_an_invalid_argument() {
    let server = TestServer::start().await;
    let good = protobuf(1, SECOND);
    for (headers, body) in [
        (&[][..], frame(0, &[7])),
        (&[], vec![]),
        (&[], vec![0, 0, 0]),
        (&[], frame(2, &good)),
        (&[], frame(1, &good)),
        (&[], [frame(0, &good), frame(0, &good)].concat()),
        (&[("grpc-encoding", "gzip")], frame(1, &good)),
    ] {
        let answer = export(&server, headers, body).await;
        assert_eq!((answer.status, answer.field("grpc-status")), (StatusCode::OK, "3"));
        assert!(!answer.field("grpc-message").is_empty());
    }
    assert_eq!(server.list("").await.1, 0);
    let answer = export(&server, &[("grpc-encoding", "br")], frame(1, &good)).await;
    assert_eq!(
        (answer.field("grpc-status"), answer.field("grpc-accept-encoding")),
        ("12", "gzip, zstd, identity")
    );
}

#[tokio::test]
async fn other_methods_are_not_there() {
    let server = TestServer::start().await;
    let grpc = ("content-type", "application/grpc+proto");
    let answer = call(&server, "/grpc.health.v1.Health/Watch", &[grpc], frame(0, &[])).await;
    assert_eq!((answer.status, answer.field("grpc-status")), (StatusCode::OK, "12"));
}

#[tokio::test]
async fn other_media_types_are_not_read_as_grpc() {
    let server = TestServer::start().await;
    for content_type in [
        "text/plain",
        "application/grpc-web+proto",
        "application/grpc-web",
        "application/grpc+json",
        "application/grpcx",
    ] {
        let answer = call(&server, EXPORT, &[("content-type", content_type)], frame(0, &[])).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type}");
        assert_eq!(answer.field("grpc-status"), "", "{content_type}");
    }
    for content_type in ["application/grpc", "application/grpc+proto", "application/grpc; charset=utf-8"] {
        let answer = call(&server, EXPORT, &[("content-type", content_type)], frame(0, &[])).await;
        assert_eq!(answer.field("grpc-status"), "0", "{content_type}");
    }
}

#[tokio::test]
async fn a_too_large_message_is_final_and_one_to_a_full_server_may_be_sent_again() {
    let limits = Limits { body_bytes_max: 100, ..Limits::default() };
    let server = TestServer::with_limits(limits).await;
    let bomb = gzip(&vec![0; 10_000]);
    for (mark, message) in [(0, vec![0; 101]), (1, bomb)] {
        let answer = export(&server, &[("grpc-encoding", "gzip")], frame(mark, &message)).await;
        assert_eq!(answer.field("grpc-status"), "8");
        assert!(answer.field("grpc-message").contains("larger than 100 bytes"));
    }
    assert_eq!(server.metric("traced_queued_bytes").await, 0);

    let (server, _slow) = full_server().await;
    let answer = export(&server, &[], frame(0, &protobuf(1, SECOND))).await;
    assert_eq!(answer.field("grpc-status"), "14");
    // A `google.rpc.Status` with that code, in base64.
    assert!(answer.field("grpc-status-details-bin").starts_with("CA4S"), "{:?}", answer.fields);
    assert_eq!(server.metric("traced_grpc_requests_total{code=\"UNAVAILABLE\"}").await, 1);
}

#[tokio::test]
async fn a_client_that_says_nothing_is_cut_off() {
    let limits = Limits { header_timeout: std::time::Duration::from_millis(200), ..Limits::default() };
    let server = TestServer::with_limits(limits).await;
    let mut silent =
        tokio::net::TcpStream::connect(server.receiver("OTLP over gRPC")).await.expect("a connection");
    let mut said = Vec::new();
    // Before that it gets the server's settings.
    silent.read_to_end(&mut said).await.ok();
    assert!(said.len() < 1000);
}

#[tokio::test]
async fn the_other_receivers_take_their_own_paths_alone() {
    let server = TestServer::start().await;
    for (name, path, status) in [
        ("OTLP over HTTP", "/v1/traces", StatusCode::OK),
        ("OTLP over HTTP", "/spans", StatusCode::NOT_FOUND),
        ("Zipkin", "/api/v2/spans", StatusCode::ACCEPTED),
        ("Zipkin", "/v1/traces", StatusCode::NOT_FOUND),
    ] {
        let url = format!("http://{}{path}", server.receiver(name));
        let request = Request::post(url).header("content-type", "application/json");
        let body = if name == "Zipkin" { "[]" } else { "{}" };
        let answer = server.send(request.body(Full::from(body)).expect("a request")).await;
        assert_eq!(answer.status, status, "{name} {path}");
    }
}
