//! Odd and large requests cost time and memory in proportion to their size, not a power of it.

use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::{Method, StatusCode};
use platform::process::{cpu_time, resident_bytes};
use serde_json::{Value, json};
use server::Limits;

use crate::support::{NOW, SECOND, TestServer, root};

const TRACE: &str = "0190163d8694739baea5966c26f8ad91";

/// A span in OTLP's JSON with these attributes.
fn span(number: u64, attributes: &[Value]) -> Value {
    json!({
        "traceId": TRACE, "spanId": format!("{number:016x}"), "name": "GET /orders",
        "startTimeUnixNano": (NOW - SECOND).to_string(), "endTimeUnixNano": NOW.to_string(),
        "attributes": attributes,
    })
}

fn attribute(key: &str, value: &str) -> Value {
    json!({"key": key, "value": {"stringValue": value}})
}

async fn accept(server: &TestServer, resource: &[Value], spans: &[Value]) {
    let resource = json!({ "attributes": resource });
    let body = json!({"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]});
    let headers = [("content-type", "application/json")];
    let answer = server.post_to("/v1/traces", &headers, body.to_string()).await;
    assert_eq!((answer.status, &*answer.body), (StatusCode::OK, &b"{}"[..]));
}

#[tokio::test]
async fn a_span_with_very_many_attributes_is_shown_as_fast_as_another() {
    let server = TestServer::start().await;
    let attributes: Vec<Value> = (0..80_000).map(|number| attribute(&format!("key-{number}"), "v")).collect();
    accept(&server, &[], &[span(1, &attributes)]).await;
    let before = cpu_time();
    let trace = server.get(&format!("/traces/{TRACE}")).await.json();
    let took = cpu_time().saturating_sub(before);
    assert_eq!(trace["spans"][0]["tags"].as_object().map(serde_json::Map::len), Some(50));
    // Comparing every attribute with every other takes minutes without optimisation.
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[tokio::test]
async fn the_first_keys_are_shown_each_with_its_last_value() {
    let server = TestServer::start().await;
    let mut attributes: Vec<Value> = (0..60).map(|number| attribute(&format!("key-{number}"), "v")).collect();
    attributes.push(attribute("key-0", "last"));
    attributes.push(attribute("key-59", "last"));
    accept(&server, &[], &[span(1, &attributes), span(2, &attributes[58..])]).await;
    let trace = server.get(&format!("/traces/{TRACE}")).await.json();
    let mut expected: serde_json::Map<_, _> =
        (0..50).map(|number| (format!("key-{number}"), json!("v"))).collect();
    expected.insert("key-0".to_owned(), json!("last"));
    assert_eq!(trace["spans"][0]["tags"], Value::Object(expected));
    assert_eq!(trace["spans"][1]["tags"], json!({"key-58": "v", "key-59": "last", "key-0": "last"}));
}

#[tokio::test]
async fn spans_with_a_large_resource_are_not_held_whole() {
    let server = TestServer::start().await;
    let spans: Vec<Value> = (1..=500).map(|number| span(number, &[])).collect();
    accept(&server, &[attribute("long", &"v".repeat(60_000))], &spans).await;
    let ids: Vec<_> = (1..=500).map(|number| format!("{number:016x}")).collect();
    let request = server.request(Method::POST, &format!("/api/v1/traces/{TRACE}/spans"));
    let body = json!({ "span_ids": ids }).to_string();
    let before = resident_bytes().expect("the system says");
    let mut answer = server.open(request.body(Full::from(body)).expect("a request")).await;
    let grown = resident_bytes().expect("the system says").saturating_sub(before);
    // All of it is thirty million bytes.
    assert!(grown < 10_000_000, "{grown}");
    let mut bytes = 0;
    while let Some(frame) = answer.frame().await {
        bytes += frame.expect("it comes whole").data_ref().map_or(0, Bytes::len);
    }
    assert!(bytes > 30_000_000, "{bytes}");
}

#[tokio::test]
async fn a_large_resource_is_written_and_searched_once_for_all_spans_that_share_it() {
    let server = TestServer::start().await;
    let spans: Vec<Value> = (1..=2000).map(|number| span(number, &[])).collect();
    accept(&server, &[attribute("long", &"v".repeat(300_000))], &spans).await;
    for path in ["", "/search?q=absent"] {
        let before = cpu_time();
        let answer = server.get(&format!("/api/v1/traces/{TRACE}{path}")).await;
        let took = cpu_time().saturating_sub(before);
        assert_eq!(answer.status, StatusCode::OK);
        // Once for each span would be six hundred million bytes.
        assert!(took < Duration::from_secs(2), "{path}: {took:?}");
    }
}

/// A server that takes bodies in which a span may be larger than a frame of the log.
async fn server_for_large_bodies() -> TestServer {
    let limits = Limits { body_bytes_max: 256 << 20, queued_bytes_max: 512 << 20, ..Limits::default() };
    TestServer::with_limits(limits).await
}

#[tokio::test]
async fn a_span_that_is_larger_than_can_be_kept_is_left_out_alone() {
    let server = server_for_large_bodies().await;
    let large = [attribute("long", &"v".repeat(65 << 20))];
    let body = json!({"resourceSpans": [{"scopeSpans": [{"spans": [span(1, &[]), span(2, &large), span(3, &[])]}]}]});
    let headers = [("content-type", "application/json")];
    let answer = server.post_to("/v1/traces", &headers, body.to_string()).await;
    assert_eq!(
        (answer.status, answer.json()),
        (
            StatusCode::OK,
            json!({"partialSuccess": {"rejectedSpans": "1", "errorMessage": "1 span: larger than can be kept"}})
        )
    );
    let trace = server.get(&format!("/traces/{TRACE}")).await.json();
    assert_eq!(trace["spans"].as_array().map(Vec::len), Some(2));
    let labels = "{protocol=\"otlp_json\",reason=\"span_too_large\"}";
    for (name, count) in [
        (&*format!("traced_protocol_spans_rejected_total{labels}"), 1),
        ("traced_protocol_spans_received_total{protocol=\"otlp_json\"}", 3),
        ("traced_spans_received_total", 3),
        ("traced_spans_stored_total", 2),
        ("traced_spans_rejected_total", 1),
    ] {
        assert_eq!(server.metric(name).await, count, "{name}");
    }
}

#[tokio::test]
async fn a_batch_with_a_span_that_is_larger_than_can_be_kept_is_refused_whole() {
    let server = server_for_large_bodies().await;
    let mut large = root(1, 2, SECOND);
    large["tags"] = json!({"k".repeat(65 << 20): ""});
    let answer = server.post_spans(&[root(1, 1, SECOND), large]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.error(), "spans[1]: is larger than can be kept; send it with fewer or shorter tags");
    assert_eq!(server.list("").await.1, 0);
    let labels = "{protocol=\"contract\",reason=\"span_too_large\"}";
    assert_eq!(server.metric(&format!("traced_protocol_spans_rejected_total{labels}")).await, 2);
    assert_eq!(server.metric("traced_spans_received_total").await, 2);
}
