//! One trace: its tree, its whole spans, and the search in it.

use hyper::StatusCode;
use serde_json::json;

use super::{MINUTE, digits, failed, get, refused};
use crate::support::{NOW, SECOND, TestServer, child, id, root};

#[tokio::test]
async fn a_tree_has_the_spans_in_columns() {
    let server = TestServer::start().await;
    let spans = [root(1, 1, 4 * SECOND), child(1, 2, 1, 3 * SECOND), failed(child(1, 3, 99, 2 * SECOND))];
    server.accept(&spans).await;
    let tree = get(&server, &format!("traces/{}/tree", id(1))).await;
    assert_eq!(tree["trace_id"], digits(1));
    assert_eq!(tree["base_ns"], (NOW - 4 * SECOND).to_string());
    assert_eq!(tree["expires_ns"], (NOW - 4 * SECOND + 30 * MINUTE).to_string());
    assert_eq!((&tree["id_digits"], &tree["ids"]), (&json!(32), &json!([1, 2, 3].map(digits).concat())));
    assert_eq!((&tree["parent"], &tree["start"]), (&json!([-1, 0, -2]), &json!([0, SECOND, 2 * SECOND])));
    assert_eq!((&tree["service"], &tree["services"]), (&json!([0, 1, 1]), &json!(["checkout", "payment"])));
    assert_eq!((&tree["flags"], &tree["kind"]), (&json!([0, 0, 1]), &json!([])));
    let rev = tree["rev"].as_str().expect("a revision").to_owned();
    let path = format!("traces/{}/tree?since_rev={rev}", digits(1));
    let same = get(&server, &path).await;
    assert_eq!((&same["unchanged"], &same["rev"], same.get("ids")), (&json!(true), &json!(rev), None));
    server.accept(&[child(1, 4, 1, SECOND)]).await;
    let grown = get(&server, &path).await;
    assert_eq!(grown["parent"], json!([-1, 0, -2, 0]));
    assert_ne!(grown["rev"], rev);
}

/// A number in a browser has 53 bits.
#[tokio::test]
async fn a_duration_is_a_number_that_a_browser_can_hold() {
    const NUMBER_MAX: i64 = (1 << 53) - 1;
    let server = TestServer::start().await;
    let mut endless = root(1, 1, SECOND);
    endless["end_time"] = json!(i64::MAX);
    server.accept(&[endless]).await;
    let tree = get(&server, &format!("traces/{}/tree", id(1))).await;
    assert_eq!(tree["duration"], json!([NUMBER_MAX]));
    assert_eq!(get(&server, "traces/points").await["duration"], json!([NUMBER_MAX]));
    let stats = get(&server, "stats").await;
    assert_eq!(["avg_ns", "p50_ns", "p99_ns"].map(|name| &stats[name]), [&json!(NUMBER_MAX); 3]);
}

#[tokio::test]
async fn a_tree_without_a_root_has_no_end() {
    let server = TestServer::start().await;
    server.accept(&[child(1, 2, 1, SECOND)]).await;
    assert_eq!(get(&server, &format!("traces/{}/tree", id(1))).await["expires_ns"], json!(null));
    for path in ["tree", "search?q=x", "spans/00000000000000b7"] {
        let (status, _) = refused(&server, &format!("traces/{}/{path}", id(2))).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        let (status, error) = refused(&server, &format!("traces/nonsense/{path}")).await;
        assert!(
            status == StatusCode::BAD_REQUEST && error.starts_with("path parameter trace_id: "),
            "{path}: {error}"
        );
    }
}

/// A span with everything that a span of OTLP can have.
async fn accept_whole_span(server: &TestServer) {
    let text = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    let span = json!({
        "traceId": "0190163d8694739baea5966c26f8ad91",
        "spanId": "00f067aa0ba902b7",
        "name": "GET /orders",
        "kind": 2,
        "flags": 1,
        "traceState": "a=b",
        "startTimeUnixNano": (NOW - SECOND).to_string(),
        "endTimeUnixNano": NOW.to_string(),
        "attributes": [text("http.route", "/Orders"), {"key": "n", "value": {"intValue": "7"}}],
        "droppedAttributesCount": 3,
        "events": [{"timeUnixNano": NOW.to_string(), "name": "exception", "attributes": [text("type", "Ärger")]}],
        "links": [{"traceId": "0190163d8694739baea5966c26f8ad92", "spanId": "00f067aa0ba902b8"}],
        "status": {"code": 2, "message": "boom"},
    });
    let resource = json!({"attributes": [text("service.name", "shop"), text("host.name", "h1")]});
    let scope = json!({"scope": {"name": "lib", "version": "2"}, "spans": [span]});
    let body = json!({"resourceSpans": [{"resource": resource, "scopeSpans": [scope]}]}).to_string();
    let answer = server.post_to("/v1/traces", &[("content-type", "application/json")], body).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
}

#[tokio::test]
async fn a_span_comes_with_all_that_it_has() {
    let server = TestServer::start().await;
    accept_whole_span(&server).await;
    let trace = "traces/0190163d8694739baea5966c26f8ad91";
    let tree = get(&server, &format!("{trace}/tree")).await;
    assert_eq!((&tree["id_digits"], &tree["ids"]), (&json!(16), &json!("00f067aa0ba902b7")));
    assert_eq!((&tree["kind"], &tree["events"], &tree["links"]), (&json!([2]), &json!([1]), &json!([1])));
    let text = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    let expected = json!({
        "trace_id": "0190163d8694739baea5966c26f8ad91",
        "span_id": "00f067aa0ba902b7",
        "parent_span_id": null,
        "service": "shop",
        "operation": "GET /orders",
        "kind": 2,
        "flags": 1,
        "trace_state": "a=b",
        "start_ns": (NOW - SECOND).to_string(),
        "end_ns": NOW.to_string(),
        "status": {"code": 2, "message": "boom"},
        "attributes": [text("http.route", "/Orders"), {"key": "n", "value": {"intValue": "7"}}],
        "dropped_attributes": 3,
        "events": [{"time_ns": NOW.to_string(), "name": "exception", "attributes": [text("type", "Ärger")], "dropped_attributes": 0}],
        "dropped_events": 0,
        "links": [{"trace_id": "0190163d8694739baea5966c26f8ad92", "span_id": "00f067aa0ba902b8", "trace_state": "", "flags": 0, "attributes": [], "dropped_attributes": 0}],
        "dropped_links": 0,
        "resource": {"attributes": [text("service.name", "shop"), text("host.name", "h1")], "dropped_attributes": 0, "schema_url": ""},
        "scope": {"name": "lib", "version": "2", "attributes": [], "dropped_attributes": 0, "schema_url": ""},
    });
    for id in ["00f067aa0ba902b7", "000000000000000000F067AA0BA902B7", "00000000-0000-0000-00f0-67aa0ba902b7"]
    {
        let found = get(&server, &format!("{trace}/spans/{id}")).await;
        assert_eq!(found["span"], expected, "{id}");
    }
    assert_eq!(refused(&server, &format!("{trace}/spans/00f067aa0ba902b8")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(refused(&server, &format!("{trace}/spans/xyz")).await.0, StatusCode::BAD_REQUEST);
    let body = json!({"span_ids": ["00f067aa0ba902b9", "00f067aa0ba902b7", "00f067aa0ba902b7"]}).to_string();
    let path = format!("/api/v1/{trace}/spans");
    let answer = server.post_to(&path, &[("content-type", "application/json")], body).await;
    assert_eq!(answer.json()["spans"], json!([expected]), "each once");
    for body in [json!({}), json!({"span_ids": []}), json!({"span_ids": vec!["00f067aa0ba902b7"; 501]})] {
        let answer = server.post_to(&path, &[("content-type", "application/json")], body.to_string()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");
    }
    // Millions of empty ids would be in memory before they are counted.
    let body = json!({"span_ids": vec![""; 30_000]}).to_string();
    let answer = server.post_to(&path, &[("content-type", "application/json")], body).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{answer:?}");
}

#[tokio::test]
async fn a_text_is_found_wherever_a_person_would_look_for_it() {
    let server = TestServer::start().await;
    accept_whole_span(&server).await;
    for (text, is_there) in [
        ("orders", true),
        ("HTTP.ROUTE", true),
        ("7", true),
        ("exception", true),
        ("%C3%A4rger", true),
        ("BOOM", true),
        ("h1", true),
        ("absent", false),
    ] {
        let found = get(&server, &format!("traces/0190163d8694739baea5966c26f8ad91/search?q={text}")).await;
        assert_eq!(found["matches"], if is_there { json!([0]) } else { json!([]) }, "{text}");
        assert_eq!(found["truncated"], false);
    }
    let (status, error) = refused(&server, "traces/0190163d8694739baea5966c26f8ad91/search").await;
    assert!(status == StatusCode::BAD_REQUEST && error.starts_with("query parameter q: "), "{error}");
}
