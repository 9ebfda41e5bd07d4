//! `POST /api/v2/spans`: what Zipkin's clients send.

use http_body_util::Full;
use hyper::{Method, Request, StatusCode};
use serde_json::{Value, json};
use server::Limits;

use crate::support::{NOW, SECOND, TestServer, gzip};

const JSON: (&str, &str) = ("content-type", "application/json");

fn span(id: &str) -> Value {
    json!({
        "traceId": "00000000000000ab", "id": id, "name": "get /orders", "kind": "SERVER",
        "timestamp": (NOW - SECOND) / 1000, "duration": 1500,
        "localEndpoint": {"serviceName": "shop"}, "tags": {"http.status_code": "200"},
    })
}

#[tokio::test]
async fn what_a_client_sends_is_answered_by_the_contract() {
    let server = TestServer::start().await;
    let answer = server.post_to("/api/v2/spans", &[JSON], json!([span("1")]).to_string()).await;
    assert_eq!((answer.status, answer.body.len()), (StatusCode::ACCEPTED, 0));
    let trace = server.get("/traces/00000000-0000-0000-0000-0000000000ab").await.json();
    assert_eq!(
        trace["spans"][0],
        json!({
            "trace_id": "00000000-0000-0000-0000-0000000000ab",
            "span_id": "00000000-0000-0000-0000-000000000001",
            "service": "shop",
            "operation": "get /orders",
            "start_time": NOW - SECOND,
            "end_time": NOW - SECOND + 1_500_000,
            "status": "ok",
            "tags": {"http.status_code": "200"},
        })
    );
}

#[tokio::test]
async fn bodies_may_be_packed_empty_or_without_a_type() {
    let server = TestServer::start().await;
    let packed = gzip(json!([span("1")]).to_string().as_bytes());
    let headers = [JSON, ("content-encoding", "gzip")];
    assert_eq!(server.post_to("/api/v2/spans", &headers, packed).await.status, StatusCode::ACCEPTED);
    for body in ["", "[]"] {
        for headers in [&[][..], &[("content-encoding", "")]] {
            assert_eq!(server.post_to("/api/v2/spans", headers, body).await.status, StatusCode::ACCEPTED);
        }
    }
    for coding in ["gzip", "zstd"] {
        let headers = [("content-encoding", coding)];
        let answer = server.post_to("/api/v2/spans", &headers, "").await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "nothing that says it is packed: {answer:?}");
    }
    assert_eq!(server.metric("traced_protocol_spans_received_total{protocol=\"zipkin\"}").await, 1);
}

#[tokio::test]
async fn one_bad_span_refuses_all_with_a_sentence() {
    let server = TestServer::start().await;
    let body = json!([span("1"), span("x")]).to_string();
    let answer = server.post_to("/api/v2/spans", &[JSON], body).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (StatusCode::BAD_REQUEST, "text/plain; charset=utf-8")
    );
    assert_eq!(answer.body, "body: [1].id: must be 1 to 16 hexadecimal digits, not all zero");
    assert_eq!(server.list("").await.1, 0);
}

#[tokio::test]
async fn all_but_the_binary_encodings_is_read_as_json() {
    let server = TestServer::start().await;
    let body = json!([span("1")]).to_string();
    for (content_type, status) in [
        ("text/plain;charset=UTF-8", StatusCode::ACCEPTED),
        ("", StatusCode::ACCEPTED),
        ("application/x-protobuf", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("application/protobuf", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("Application/X-Thrift", StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ] {
        let headers = [("content-type", content_type)];
        let answer = server.post_to("/api/v2/spans", &headers, body.clone()).await;
        assert_eq!(answer.status, status, "{content_type}");
        let sentence =
            if status == StatusCode::ACCEPTED { "" } else { "content-type: must be application/json" };
        assert_eq!(answer.body, sentence, "{content_type}");
    }
    assert_eq!(server.list("").await.1, 1);
}

#[tokio::test]
async fn other_paths_and_methods_are_refused_with_a_sentence() {
    let server = TestServer::start().await;
    let receiver = server.receiver("Zipkin");
    for (method, address, path, status) in [
        (Method::GET, server.address, "/api/v2/spans", StatusCode::METHOD_NOT_ALLOWED),
        (Method::GET, receiver, "/api/v2/spans", StatusCode::METHOD_NOT_ALLOWED),
        (Method::POST, receiver, "/api/v1/spans", StatusCode::NOT_FOUND),
    ] {
        let request = Request::builder().method(method).uri(format!("http://{address}{path}"));
        let answer = server.send(request.body(Full::default()).expect("a request")).await;
        let text = (status, "text/plain; charset=utf-8");
        assert_eq!((answer.status, answer.header("content-type")), text, "{path}");
    }
}

#[tokio::test]
async fn a_full_server_says_when_to_come_again() {
    let limits = Limits { queued_bytes_max: 1, ..Limits::default() };
    let server = TestServer::with_limits(limits).await;
    let answer = server.post_to("/api/v2/spans", &[JSON], "[]").await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "1"));
}
