//! `POST /spans`: what is accepted is visible at once, what is refused is not stored.

use hyper::StatusCode;
use serde_json::json;

use crate::support::{NOW, SECOND, TestServer, child, gzip, id, root, zstd};

#[tokio::test]
async fn an_acknowledged_span_is_in_the_next_answer() {
    let server = TestServer::start().await;
    let answer = server.post_spans(&[root(1, 1, SECOND)]).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    let expected = json!({"status": "ok", "received": 1, "stored": 1, "repeated": 0, "stale": 0});
    assert_eq!(answer.json(), expected);
    assert_eq!(server.list("").await, (vec![id(1)], 1));
}

#[tokio::test]
async fn children_before_their_root_are_counted_when_it_comes() {
    let server = TestServer::start().await;
    server.accept(&[child(1, 2, 1, SECOND)]).await;
    server.accept(&[child(1, 3, 2, SECOND / 2)]).await;
    assert_eq!(server.list("").await, (vec![], 0));
    assert_eq!(
        server.get(&format!("/traces/{}", id(1))).await.json()["spans"].as_array().map(Vec::len),
        Some(2)
    );
    server.accept(&[root(1, 1, 2 * SECOND)]).await;
    let body = server.get("/traces").await.json();
    assert_eq!(body["total"], 1);
    assert_eq!(body["traces"][0]["span_count"], 3);
    assert_eq!(body["traces"][0]["root_service"], "checkout");
    assert_eq!(body["traces"][0]["duration_ms"], 5);
    assert_eq!(body["traces"][0]["start_time"], NOW - 2 * SECOND);
}

#[tokio::test]
async fn an_answer_does_not_depend_on_the_order_of_the_spans() {
    let mut spans = vec![root(1, 1, 4 * SECOND), child(1, 2, 1, 3 * SECOND), child(1, 3, 1, 3 * SECOND)];
    spans.push(child(1, 4, 3, SECOND));
    spans[3]["status"] = json!("error");
    let mut answers = Vec::new();
    for turn in 0..spans.len() {
        let server = TestServer::start().await;
        spans.rotate_left(1);
        let cut = turn.max(1);
        server.accept(&spans[cut..]).await;
        server.accept(&spans[..cut]).await;
        let list = server.get("/traces").await.json();
        answers.push((list, server.get(&format!("/traces/{}", id(1))).await.json()));
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    assert_eq!(answers[0].0["traces"][0]["status"], "error");
}

#[tokio::test]
async fn a_span_that_comes_again_is_stored_once_and_the_first_stays() {
    let server = TestServer::start().await;
    server.accept(&[root(1, 1, SECOND)]).await;
    let mut again = root(1, 1, SECOND);
    again["service"] = json!("other");
    let answer = server.post_spans(&[again]).await.json();
    assert_eq!((&answer["stored"], &answer["repeated"]), (&json!(0), &json!(1)));
    let listed = server.get("/traces").await.json();
    assert_eq!(listed["traces"][0]["span_count"], 1);
    assert_eq!(listed["traces"][0]["root_service"], "checkout");
}

#[tokio::test]
async fn one_bad_span_refuses_the_whole_batch() {
    let server = TestServer::start().await;
    let mut bad = root(2, 2, SECOND);
    bad["end_time"] = json!(NOW - 2 * SECOND);
    let answer = server.post_spans(&[root(1, 1, SECOND), bad]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.error(), "spans[1].end_time: must be >= start_time");
    assert_eq!(server.list("").await, (vec![], 0));
}

#[tokio::test]
async fn spans_outside_the_window_are_dropped_without_an_error() {
    let server = TestServer::start().await;
    let window = 30 * 60 * SECOND;
    let spans = [
        root(1, 1, window),
        root(2, 1, window + 1),
        root(3, 1, -5 * 60 * SECOND),
        root(4, 1, -5 * 60 * SECOND - 1),
    ];
    let answer = server.post_spans(&spans).await.json();
    assert_eq!((&answer["stored"], &answer["stale"]), (&json!(2), &json!(2)));
    assert_eq!(server.list("").await, (vec![id(3), id(1)], 2));
}

#[tokio::test]
async fn compressed_bodies_are_decompressed() {
    let server = TestServer::start().await;
    let body = |trace| json!({ "spans": [root(trace, 1, SECOND)] }).to_string();
    let json_type = ("content-type", "application/json; charset=utf-8");
    for (number, coding, packed) in [
        (1, "gzip", gzip(body(1).as_bytes())),
        (2, "GZIP", gzip(body(2).as_bytes())),
        (3, "zstd", zstd(body(3).as_bytes())),
        (4, "identity", body(4).into_bytes()),
    ] {
        let answer = server.post_with(&[json_type, ("content-encoding", coding)], packed).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{number} {coding}");
    }
    assert_eq!(server.list("").await.1, 4);
}

#[tokio::test]
async fn a_body_that_cannot_be_decompressed_is_refused() {
    let server = TestServer::start().await;
    let json_type = ("content-type", "application/json");
    let packed = gzip(b"{\"spans\":[]}");
    for (coding, body) in [
        ("gzip", b"not gzip".to_vec()),
        ("gzip", packed[..packed.len() - 4].to_vec()),
        ("zstd", b"not zstd".to_vec()),
    ] {
        let answer = server.post_with(&[json_type, ("content-encoding", coding)], body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.error().starts_with("the body cannot be decompressed as "), "{answer:?}");
    }
    for coding in ["br", "gzip, gzip", "deflate"] {
        let answer = server.post_with(&[json_type, ("content-encoding", coding)], "{}").await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert_eq!(answer.header("accept-encoding"), "gzip, zstd, identity");
        assert_eq!(answer.error(), "content-encoding: must be gzip, zstd or identity");
    }
}

#[tokio::test]
async fn a_body_whose_media_type_is_not_json_is_refused() {
    let server = TestServer::start().await;
    let body = json!({ "spans": [root(1, 1, SECOND)] }).to_string();
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
        let answer = server.post_with(&[("content-type", content_type)], body.clone()).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type}");
        assert_eq!(answer.error(), "content-type: must be application/json");
    }
    assert_eq!(server.post_with(&[], body).await.status, StatusCode::ACCEPTED, "a client that says nothing");
}

#[tokio::test]
async fn the_ledger_adds_up() {
    let server = TestServer::start().await;
    server.accept(&[root(1, 1, SECOND), root(1, 1, SECOND), root(2, 1, -3600 * SECOND)]).await;
    server.accept(&[root(3, 1, 3600 * SECOND)]).await;
    assert_eq!(server.post_spans(&[root(4, 1, SECOND), json!({})]).await.status, StatusCode::BAD_REQUEST);
    let stored = server.metric("traced_spans_stored_total").await;
    let repeated = server.metric("traced_spans_repeated_total").await;
    let old = server.metric("traced_spans_stale_total{reason=\"old\"}").await;
    let ahead = server.metric("traced_spans_stale_total{reason=\"ahead\"}").await;
    let rejected = server.metric("traced_spans_rejected_total").await;
    assert_eq!([stored, repeated, old, ahead, rejected], [1, 1, 1, 1, 2]);
    assert_eq!(server.metric("traced_spans_received_total").await, 6);
}

#[tokio::test]
async fn a_bomb_is_stopped_and_holds_nothing() {
    let server = TestServer::start().await;
    let zeros = vec![b' '; 65 * 1024 * 1024];
    for (coding, packed) in [("gzip", gzip(&zeros)), ("zstd", zstd(&zeros))] {
        let headers = [("content-type", "application/json"), ("content-encoding", coding)];
        let answer = server.post_with(&headers, packed).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{coding}");
        assert!(answer.error().contains("67108864 bytes"), "{answer:?}");
    }
    assert_eq!(server.metric("traced_queued_bytes").await, 0);
}
