//! `POST /api/v2/spans`: what Zipkin's clients send.

use std::collections::HashSet;

use http_body_util::Full;
use hyper::{Method, Request, StatusCode};
use serde_json::{Value, json};
use span::{Kind, Reporter, SpanId};

use crate::memory::full_server;
use crate::support::{NOW, SECOND, TestServer, gzip, in_every_order};

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
async fn bodies_may_be_compressed_empty_or_without_a_type() {
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

fn short_id(id: u64) -> SpanId {
    SpanId::from_bytes(u128::from(id).to_be_bytes())
}

/// Three services, three bodies: the client's half of a call, the server's with the same id, and what the server did.
#[tokio::test]
async fn the_sides_of_a_shared_span_are_told_apart_in_whatever_order_their_bodies_come() {
    let one = |kind: &str, id: &str, parent: Option<&str>, service: &str| {
        let mut one = span(id);
        (one["kind"], one["parentId"]) = (json!(kind), json!(parent));
        one["localEndpoint"]["serviceName"] = json!(service);
        one
    };
    let client = one("CLIENT", "1", None, "web");
    let mut server = one("SERVER", "1", None, "api");
    server["shared"] = json!(true);
    let below = one("CLIENT", "2", Some("1"), "api");
    let half = Reporter::of(Kind::SERVER, "api", Some("")).id_of_copy(short_id(1)).to_string();
    let [first, second] = [1, 2].map(|id| format!("00000000-0000-0000-0000-{id:012}"));
    for order in [[&client, &server, &below], [&below, &server, &client], [&server, &client, &below]] {
        let traced = TestServer::start().await;
        let [one, two, three] = order;
        traced.post_to("/api/v2/spans", &[JSON], json!([one]).to_string()).await;
        let listed = traced.list("").await.1;
        assert_eq!(listed, u64::from(one != &below), "whoever has no parent is the root");
        traced.post_to("/api/v2/spans", &[JSON], json!([two]).to_string()).await;
        traced.post_to("/api/v2/spans", &[JSON], json!([three, one, two]).to_string()).await;
        let trace = traced.get("/traces/00000000-0000-0000-0000-0000000000ab").await.json();
        let spans = trace["spans"].as_array().expect("a list").iter();
        let told: Vec<_> =
            spans.map(|span| [&span["service"], &span["span_id"], &span["parent_span_id"]]).collect();
        let expected = [
            [&json!("web"), &json!(first), &Value::Null],
            [&json!("api"), &json!(second), &json!(half)],
            [&json!("api"), &json!(half), &json!(first)],
        ];
        assert_eq!(told, expected);
        assert_eq!(traced.list("").await.1, 1);
    }
}

/// A stub without a kind, as some clients send it before they know more, must not displace the sides of the call.
#[tokio::test]
async fn spans_of_one_id_and_three_kinds_are_all_kept_in_every_order_and_batch() {
    let of_kind = |kind: Option<&str>| {
        let mut one = span("1");
        one["kind"] = json!(kind);
        one
    };
    for stub in [None, Some("PRODUCER"), Some("CONSUMER")] {
        for bodies in in_every_order(&[stub, Some("CLIENT"), Some("SERVER")].map(of_kind)) {
            let server = TestServer::start().await;
            for body in &bodies {
                server.post_to("/api/v2/spans", &[JSON], json!(body).to_string()).await;
            }
            let trace = server.get("/traces/00000000-0000-0000-0000-0000000000ab").await.json();
            let spans = trace["spans"].as_array().expect("a list").iter();
            let ids: HashSet<String> = spans.map(|span| span["span_id"].to_string()).collect();
            assert_eq!(ids.len(), 3, "{bodies:?}");
            assert_eq!(server.get("/traces").await.json()["traces"][0]["span_count"], 3);
        }
    }
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
    let (server, _slow) = full_server().await;
    let answer = server.post_to("/api/v2/spans", &[JSON], "[{\"traceId\":\"1\",\"id\":\"1\"}]").await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "1"));
}
