//! `GET /traces/{trace_id}`.

use hyper::StatusCode;
use serde_json::{Value, json};

use crate::support::{SECOND, TestServer, child, id, root};

#[tokio::test]
async fn what_was_sent_is_what_comes_back() {
    let server = TestServer::start().await;
    let mut span = child(1, 2, 1, SECOND);
    span["service"] = json!("π \"quoted\" \\ \u{1} 𝄞");
    span["operation"] = json!("");
    span["status"] = json!("error");
    span["tags"] = json!({"": "", "key with \n": "<b>", "ключ": "значение"});
    let root = root(1, 1, 2 * SECOND);
    server.accept(&[span.clone(), root.clone()]).await;
    let expected = json!({"trace_id": id(1), "spans": [root, span]});
    assert_eq!(server.get(&format!("/traces/{}", id(1))).await.json(), expected);
}

#[tokio::test]
async fn spans_come_by_start_and_ties_by_id() {
    let server = TestServer::start().await;
    let spans = [child(1, 5, 1, 7), child(1, 4, 1, 7), root(1, 1, 7), child(1, 9, 1, 8), child(1, 2, 1, 6)];
    server.accept(&spans).await;
    let body = server.get(&format!("/traces/{}", id(1))).await.json();
    let ids: Vec<&Value> = body["spans"].as_array().expect("a list").iter().map(|s| &s["span_id"]).collect();
    assert_eq!(json!(ids), json!([9, 1, 4, 5, 2].map(id)));
}

#[tokio::test]
async fn the_id_may_be_written_in_other_ways() {
    let server = TestServer::start().await;
    server.accept(&[root(0xabc, 1, SECOND)]).await;
    let plain = id(0xabc);
    for written in [plain.to_uppercase(), plain.replace('-', ""), plain.replace('-', "").to_uppercase()] {
        let answer = server.get(&format!("/traces/{written}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{written}");
        assert_eq!(answer.json()["trace_id"], plain);
    }
}

#[tokio::test]
async fn what_is_not_an_id_is_refused_and_what_is_not_there_is_not_found() {
    let server = TestServer::start().await;
    for wrong in
        ["x", "0", "%00", "%ff", "00000000-0000-4000-8000-00000000000", "0190163d8694739baea5966c26f8ad9g"]
    {
        let answer = server.get(&format!("/traces/{wrong}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
        assert!(answer.error().contains("trace_id"), "{}", answer.error());
    }
    let answer = server.get(&format!("/traces/{}", id(1))).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.error().starts_with(&format!("trace {} is not in the window", id(1))));
}

#[tokio::test]
async fn a_large_trace_comes_whole() {
    let server = TestServer::start().await;
    for batch in 0..10u64 {
        let spans: Vec<_> = (0..500).map(|n| child(1, batch * 500 + n + 2, 1, SECOND)).collect();
        server.accept(&spans).await;
    }
    server.accept(&[root(1, 1, SECOND)]).await;
    let body = server.get(&format!("/traces/{}", id(1))).await.json();
    let ids: Vec<&Value> = body["spans"].as_array().expect("a list").iter().map(|s| &s["span_id"]).collect();
    let expected: Vec<_> = (1..=5001).map(id).collect();
    assert_eq!(json!(ids), json!(expected));
    assert_eq!(server.get("/traces").await.json()["traces"][0]["span_count"], 5001);
}
