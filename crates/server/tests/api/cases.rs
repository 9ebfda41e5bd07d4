//! Bodies of odd senders, as files: each is taken or refused as it should be.

use std::collections::BTreeSet;

use hyper::StatusCode;
use serde_json::{Value, json};

use crate::support::{Answer, NOW, SECOND, TestServer, in_every_order, root};

const JSON: (&str, &str) = ("content-type", "application/json");
const ZIPKIN: &str = "/api/v2/spans";
const OTLP: &str = "/v1/traces";

/// Moves the times of a file into the window: its spans start ten seconds ago.
fn in_window(file: &str) -> String {
    file.replace("1700000000", &(NOW / SECOND - 10).to_string())
}

async fn send(path: &str, file: &str) -> (TestServer, Answer) {
    let server = TestServer::start().await;
    let answer = server.post_to(path, &[JSON], in_window(file)).await;
    (server, answer)
}

/// The spans of a trace, whose id has these last digits.
async fn spans(server: &TestServer, trace: &str) -> Vec<Value> {
    let answer = server.get(&format!("/traces/{trace:0>32}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()["spans"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn both_halves_of_a_call_are_kept_beside_a_stub_of_their_id() {
    let file = in_window(include_str!("cases/zipkin-three-kinds.json"));
    let three: [Value; 3] = serde_json::from_str(&file).expect("three spans");
    for bodies in in_every_order(&three) {
        let server = TestServer::start().await;
        for body in &bodies {
            let answer = server.post_to(ZIPKIN, &[JSON], json!(body).to_string()).await;
            assert_eq!(answer.status, StatusCode::ACCEPTED);
        }
        let kept = spans(&server, "a01").await;
        let names =
            |field| kept.iter().map(|span| span[field].as_str().expect("text")).collect::<BTreeSet<_>>();
        assert_eq!(names("operation"), ["get", "get /stock", "stub"].into(), "{bodies:?}");
        assert_eq!(names("span_id").len(), 3, "each can be asked for by an id of its own");
    }
}

#[tokio::test]
async fn phps_empty_map_costs_no_span() {
    let (server, answer) = send(ZIPKIN, include_str!("cases/zipkin-php-empty-map.json")).await;
    assert_eq!((answer.status, answer.body.len()), (StatusCode::ACCEPTED, 0));
    let kept = spans(&server, "a02").await;
    assert_eq!(kept.len(), 2);
    assert_eq!(kept[1]["tags"], json!({}));
}

#[tokio::test]
async fn an_id_in_base64_is_refused_with_its_place() {
    let (server, answer) = send(OTLP, include_str!("cases/otlp-base64-ids.json")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let answer = answer.json();
    assert_eq!(answer["partialSuccess"]["rejectedSpans"], "1");
    let message = answer["partialSuccess"]["errorMessage"].as_str().expect("a sentence");
    for part in ["resourceSpans[0].scopeSpans[0].spans[0].traceId", "32 hexadecimal digits, not base64"] {
        assert!(message.contains(part), "{message}");
    }
    assert_eq!(server.list("").await.1, 0);
}

/// Envoy sets the attribute `error` and no status.
#[tokio::test]
async fn the_attribute_error_is_an_error_by_both_protocols() {
    let (server, _) = send(OTLP, include_str!("cases/otlp-envoy-error.json")).await;
    assert_eq!(spans(&server, "a04").await[0]["status"], "error");
    let body = json!([{"traceId": "a05", "id": "ad", "timestamp": (NOW - SECOND) / 1000, "duration": 1,
        "tags": {"error": "true"}}]);
    server.post_to(ZIPKIN, &[JSON], body.to_string()).await;
    assert_eq!(spans(&server, "a05").await[0]["status"], "error");
}

#[tokio::test]
async fn traces_without_a_root_are_kept_and_shown_as_such() {
    let (server, answer) = send(OTLP, include_str!("cases/otlp-no-root.json")).await;
    assert_eq!(answer.body, "{}");
    for (trace, count) in [("a05", 1), ("a06", 2), ("a07", 1)] {
        assert_eq!(spans(&server, trace).await.len(), count, "{trace}");
    }
    let listed = ["00000000-0000-0000-0000-000000000a05".to_owned()];
    assert_eq!(server.list("").await.0, listed, "its own parent is no parent");
    let points = server.get("/api/v1/traces/points").await.json();
    assert_eq!(
        (&points["total"], &points["rootless"]),
        (&json!(1), &json!(2)),
        "a circle, and a parent elsewhere"
    );
}

#[tokio::test]
async fn a_span_that_is_its_own_parent_is_a_root_by_every_protocol() {
    let (server, _) = send(OTLP, include_str!("cases/otlp-no-root.json")).await;
    let body = json!([{"traceId": "b1", "id": "b1", "parentId": "b1", "timestamp": (NOW - SECOND) / 1000}]);
    server.post_to(ZIPKIN, &[JSON], body.to_string()).await;
    let mut own = root(1, 1, SECOND);
    own["parent_span_id"] = own["span_id"].clone();
    server.accept(&[own]).await;
    assert_eq!(server.list("").await.1, 3);
    for trace in ["a05", "b1", "40008000000000000001"] {
        assert_eq!(spans(&server, trace).await[0]["parent_span_id"], Value::Null, "{trace}");
    }
}
