//! `POST /v1/traces`: what exporters send, and what they are answered.

use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use server::Limits;

use crate::memory::full_server;
use crate::support::{Answer, NOW, SECOND, TestServer, gzip, in_every_order, zstd};

const JSON: (&str, &str) = ("content-type", "application/json");
const PROTOBUF: (&str, &str) = ("content-type", "application/x-protobuf");

/// A root span that starts `back` nanoseconds before the clock's first time, as JSON.
pub(crate) fn span(trace: u8, back: i64) -> Value {
    json!({
        "traceId": format!("{trace:032x}"),
        "spanId": "00000000000000b7",
        "name": "GET /orders",
        "kind": 2,
        "startTimeUnixNano": (NOW - back).to_string(),
        "endTimeUnixNano": (NOW - back + SECOND).to_string(),
        "attributes": [{"key": "n", "value": {"intValue": "7"}}],
        "status": {"code": 2, "message": "boom"},
    })
}

pub(crate) fn request(spans: &[Value]) -> String {
    let resource = json!({"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]});
    json!({"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]}).to_string()
}

/// A field of protobuf that holds bytes.
fn field(number: u8, body: &[u8]) -> Vec<u8> {
    let length = u8::try_from(body.len()).expect("a short field");
    assert!(length < 0x80, "a short field");
    [&[number << 3 | 2, length], body].concat()
}

/// That span as protobuf, without its attribute.
pub(crate) fn protobuf(trace: u8, back: i64) -> Vec<u8> {
    let mut trace_id = [0; 16];
    trace_id[15] = trace;
    let time = |number: u8, nanos: i64| [&[number << 3 | 1][..], &nanos.to_le_bytes()].concat();
    let span = [
        field(1, &trace_id),
        field(2, &[0, 0, 0, 0, 0, 0, 0, 0xb7]),
        field(5, b"GET /orders"),
        time(7, NOW - back),
        time(8, NOW - back + SECOND),
    ];
    field(1, &field(2, &field(2, &span.concat())))
}

async fn post(server: &TestServer, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Answer {
    server.post_to("/v1/traces", headers, body.into()).await
}

#[tokio::test]
async fn what_an_exporter_sends_is_answered_by_the_contract() {
    let server = TestServer::start().await;
    let answer = post(&server, &[JSON], request(&[span(1, SECOND)])).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
    assert_eq!(answer.body, "{}");
    let (ids, total) = server.list("").await;
    assert_eq!((ids.len(), total), (1, 1));
    let trace = server.get(&format!("/traces/{}", ids[0])).await.json();
    assert_eq!(
        trace["spans"][0],
        json!({
            "trace_id": "00000000-0000-0000-0000-000000000001",
            "span_id": "00000000-0000-0000-0000-0000000000b7",
            "service": "shop",
            "operation": "GET /orders",
            "start_time": NOW - SECOND,
            "end_time": NOW,
            "status": "error",
            "tags": {"n": "7"},
        })
    );
}

#[tokio::test]
async fn protobuf_is_answered_in_protobuf() {
    let server = TestServer::start().await;
    let answer = post(&server, &[PROTOBUF], protobuf(1, SECOND)).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/x-protobuf"));
    assert_eq!(answer.body, "");
    assert_eq!(server.list("").await.1, 1);
    for headers in
        [&[PROTOBUF][..], &[PROTOBUF, ("content-encoding", "gzip")], &[PROTOBUF, ("content-encoding", "")]]
    {
        assert_eq!(post(&server, headers, "").await.status, StatusCode::OK, "no spans are a good request");
    }
}

#[tokio::test]
async fn compressed_requests_are_decompressed() {
    let server = TestServer::start().await;
    let charset = ("content-type", "application/json; charset=utf-8");
    for (headers, body) in [
        ([PROTOBUF, ("content-encoding", "gzip")], gzip(&protobuf(1, SECOND))),
        ([PROTOBUF, ("content-encoding", "zstd")], zstd(&protobuf(2, SECOND))),
        ([charset, ("content-encoding", "gzip")], gzip(request(&[span(3, SECOND)]).as_bytes())),
    ] {
        assert_eq!(post(&server, &headers, body).await.status, StatusCode::OK);
    }
    assert_eq!(server.list("").await.1, 3);
}

#[tokio::test]
async fn a_sender_of_json_is_told_where_its_fault_is() {
    let server = TestServer::start().await;
    let mut bad = span(2, SECOND);
    bad["name"] = json!(5);
    let answer = post(&server, &[JSON], request(&[span(1, SECOND), bad])).await;
    let message = "1 span: a field has a value of the wrong type or form; \
        the first such field is resourceSpans[0].scopeSpans[0].spans[1].name: must be a string";
    let partial_success = json!({"rejectedSpans": "1", "errorMessage": message});
    assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({"partialSuccess": partial_success})));
    assert_eq!(server.list("").await.1, 1);
}

/// A collector passes on what Zipkin's clients sent: one id for several kinds of spans.
#[tokio::test]
async fn spans_of_one_id_and_three_kinds_are_all_kept_in_every_order_and_batch() {
    let of_kind = |kind: i32| {
        let mut one = span(1, SECOND);
        one["kind"] = json!(kind);
        one
    };
    for other in [0, 1, 4, 5] {
        for bodies in in_every_order(&[other, 3, 2].map(of_kind)) {
            let server = TestServer::start().await;
            for body in &bodies {
                post(&server, &[JSON], request(body)).await;
            }
            assert_eq!(server.get("/traces").await.json()["traces"][0]["span_count"], 3, "{bodies:?}");
        }
    }
}

#[tokio::test]
async fn spans_that_are_not_stored_are_a_partial_success() {
    let server = TestServer::start().await;
    let mut bad = span(2, SECOND);
    bad["spanId"] = json!("00");
    let spans = [span(1, SECOND), bad, span(3, 3600 * SECOND), span(4, -3600 * SECOND)];
    let answer = post(&server, &[JSON], request(&spans)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.json(),
        json!({"partialSuccess": {
            "rejectedSpans": "3",
            "errorMessage": "1 span: span_id must be 8 bytes and not all zero; \
                the first such field is resourceSpans[0].scopeSpans[0].spans[1].spanId: \
                must be 16 hexadecimal digits, not base64, without hyphens or 0x; \
                1 span: started before the window that is kept; \
                1 span: start too far ahead of the server's clock",
        }})
    );
    assert_eq!(server.list("").await.1, 1);
    let labels = "{protocol=\"otlp_json\",reason=\"span_id\"}";
    assert_eq!(server.metric(&format!("traced_protocol_spans_rejected_total{labels}")).await, 1);
    assert_eq!(server.metric("traced_protocol_spans_received_total{protocol=\"otlp_json\"}").await, 4);
    let received = server.metric("traced_spans_received_total").await;
    let rejected = server.metric("traced_spans_rejected_total").await;
    assert_eq!((received, rejected), (4, 1));
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_a_status() {
    let server = TestServer::start().await;
    let answer = post(&server, &[JSON], "{").await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::BAD_REQUEST, "application/json"));
    let status = answer.json();
    assert_eq!(
        (&status["code"], &status["message"]),
        (&json!(3), &json!("body: the JSON ends too early (at byte 1)"))
    );
    let answer = post(&server, &[PROTOBUF], [7]).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (StatusCode::BAD_REQUEST, "application/x-protobuf")
    );
    assert_eq!(answer.body[..2], [8, 3]);
    assert_eq!(answer.header("retry-after"), "");
    let malformed = "traced_protocol_requests_malformed_total";
    assert_eq!(server.metric(&format!("{malformed}{{protocol=\"otlp_protobuf\"}}")).await, 1);
    assert_eq!(server.metric(&format!("{malformed}{{protocol=\"otlp_json\"}}")).await, 1);
}

#[tokio::test]
async fn other_media_types_paths_and_methods_are_refused_with_a_status() {
    let server = TestServer::start().await;
    let sentence = "content-type: must be application/x-protobuf or application/json";
    for headers in [
        &[("content-type", "text/plain")][..],
        &[("content-type", "application/grpc")],
        &[("content-type", "")],
        &[],
    ] {
        let answer = post(&server, headers, "{}").await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{headers:?}");
        assert_eq!(answer.json(), json!({"code": 12, "message": sentence}), "{headers:?}");
    }
    let answer = post(&server, &[JSON, ("content-encoding", "br")], "{}").await;
    assert_eq!((answer.status, &answer.json()["code"]), (StatusCode::UNSUPPORTED_MEDIA_TYPE, &json!(12)));

    let receiver = server.receiver("OTLP over HTTP");
    for (method, address, path, status) in [
        (Method::GET, server.address, "/v1/traces", StatusCode::METHOD_NOT_ALLOWED),
        (Method::GET, receiver, "/v1/traces", StatusCode::METHOD_NOT_ALLOWED),
        (Method::POST, receiver, "/", StatusCode::NOT_FOUND),
        (Method::POST, receiver, "/v1/metrics", StatusCode::NOT_FOUND),
    ] {
        for content_type in ["application/json", "application/x-protobuf"] {
            let request =
                hyper::Request::builder().method(method.clone()).uri(format!("http://{address}{path}"));
            let request = request.header("content-type", content_type);
            let answer = server.send(request.body(http_body_util::Full::default()).expect("a request")).await;
            assert_eq!(
                (answer.status, answer.header("content-type")),
                (status, content_type),
                "{method} {path}"
            );
            if content_type == "application/json" {
                assert_eq!(answer.json()["code"], 12, "{method} {path}");
            } else {
                assert_eq!(answer.body[..2], [8, 12], "{method} {path}");
            }
            let allow = if status == StatusCode::METHOD_NOT_ALLOWED { "POST" } else { "" };
            assert_eq!(answer.header("allow"), allow, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_too_large_request_is_final_and_one_to_a_full_server_may_be_sent_again() {
    let limits = Limits { body_bytes_max: 100, ..Limits::default() };
    let server = TestServer::with_limits(limits).await;
    let answer = post(&server, &[JSON], "x".repeat(101)).await;
    assert_eq!((answer.status, &answer.json()["code"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!(8)));
    assert_eq!(answer.json()["details"], Value::Null);

    let (server, _slow) = full_server().await;
    let answer = post(&server, &[JSON], request(&[])).await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "1"));
    assert_eq!(answer.json()["code"], 14);
    assert_eq!(answer.json()["details"][0]["retryDelay"], "1.000000000s");
}

#[tokio::test]
async fn a_trace_comes_back_with_all_that_it_came_with() {
    let server = TestServer::start().await;
    let body = request(&[span(1, SECOND)]);
    assert_eq!(post(&server, &[JSON], body.clone()).await.status, StatusCode::OK);
    for path in [
        "/api/v1/traces/00000000000000000000000000000001",
        "/api/v1/traces/00000000-0000-0000-0000-000000000001",
    ] {
        let answer = server.get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
        let mut expected: Value = serde_json::from_str(&body).expect("it is JSON");
        expected["resourceSpans"][0]["scopeSpans"][0]["scope"] = json!({});
        assert_eq!(answer.json(), expected);
    }
    let request = server
        .request(Method::GET, "/api/v1/traces/00000000000000000000000000000001")
        .header("accept", "application/x-protobuf, application/json;q=0.5");
    let answer = server.send(request.body(http_body_util::Full::default()).expect("a request")).await;
    assert_eq!(answer.header("content-type"), "application/x-protobuf");
    // The answer can be sent as a request again.
    let other = TestServer::start().await;
    assert_eq!(post(&other, &[PROTOBUF], answer.body.to_vec()).await.body, "");
    assert_eq!(other.list("").await.1, 1);
    let answer = server.get("/api/v1/traces/00000000000000000000000000000002").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
