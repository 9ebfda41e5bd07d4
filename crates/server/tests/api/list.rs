//! `GET /traces`.

use hyper::StatusCode;
use serde_json::json;

use crate::support::{NOW, SECOND, TestServer, child, id, root};

#[tokio::test]
async fn an_empty_window_is_an_empty_list() {
    let server = TestServer::start().await;
    assert_eq!(server.get("/traces").await.json(), json!({"traces": [], "total": 0}));
}

#[tokio::test]
async fn a_summary_has_the_fields_of_the_contract_and_no_others() {
    let server = TestServer::start().await;
    server.accept(&[root(1, 1, SECOND), child(1, 2, 1, SECOND)]).await;
    let expected = json!({
        "trace_id": id(1),
        "root_service": "checkout",
        "root_operation": "POST /orders",
        "span_count": 2,
        "duration_ms": 5,
        "start_time": NOW - SECOND,
        "status": "ok",
    });
    assert_eq!(server.get("/traces").await.json(), json!({"traces": [expected], "total": 1}));
}

#[tokio::test]
async fn the_latest_come_first_and_ties_go_by_id() {
    let server = TestServer::start().await;
    let spans: Vec<_> = [(5, 3), (4, 3), (1, 1), (3, 3), (2, 9)].map(|(n, back)| root(n, 1, back)).to_vec();
    server.accept(&spans).await;
    assert_eq!(server.list("").await, ([1, 3, 4, 5, 2].map(id).to_vec(), 5));
    assert_eq!(server.list("?limit=2").await, ([1, 3].map(id).to_vec(), 5));
}

#[tokio::test]
async fn the_limit_is_20_where_none_is_named() {
    let server = TestServer::start().await;
    let spans: Vec<_> = (0..30).map(|number| root(number, 1, SECOND)).collect();
    server.accept(&spans).await;
    let (ids, total) = server.list("").await;
    assert_eq!((ids.len(), total), (20, 30));
    assert_eq!(server.list("?limit=1000").await.0.len(), 30);
}

#[tokio::test]
async fn after_includes_its_edge_and_before_does_not() {
    let server = TestServer::start().await;
    let spans: Vec<_> =
        (0..10).map(|number| root(number, 1, i64::try_from(number).expect("small"))).collect();
    server.accept(&spans).await;
    let query = format!("?after={}&before={}", NOW - 6, NOW - 3);
    assert_eq!(server.list(&query).await, ([4, 5, 6].map(id).to_vec(), 3));
    assert_eq!(server.list(&format!("?after={}", NOW - 1)).await, ([0, 1].map(id).to_vec(), 2));
    assert_eq!(server.list(&format!("?before={}", NOW - 8)).await, (vec![id(9)], 1));
    assert_eq!(server.list("?after=&before=").await.1, 10, "an empty value is an absent one");
}

#[tokio::test]
async fn parameters_that_break_their_rule_are_refused() {
    let server = TestServer::start().await;
    for (query, name) in [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=-1", "limit"),
        ("limit=%2B1", "limit"),
        ("limit=", "limit"),
        ("limit=abc", "limit"),
        ("limit=1.5", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("limit=5&limit=5", "limit"),
        ("after=-1", "after"),
        ("after=x", "after"),
        ("after=1e3", "after"),
        ("after=9223372036854775808", "after"),
        ("before=-1", "before"),
        ("before=%00", "before"),
        ("after=5&before=5", "after"),
        ("after=6&before=5", "after"),
    ] {
        let answer = server.get(&format!("/traces?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(
            answer.error().starts_with(&format!("query parameter {name}: ")),
            "{query}: {}",
            answer.error()
        );
    }
    assert_eq!(server.list("?limit=1&unknown=1").await.1, 0, "unknown parameters are ignored");
    assert_eq!(server.list("?after=0&before=9223372036854775807").await.1, 0);
}

#[tokio::test]
async fn the_root_is_the_span_without_a_parent_with_the_smallest_start_and_id() {
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let server = TestServer::start().await;
        let mut roots = [root(1, 7, 5), root(1, 3, 5), root(1, 9, 4)];
        roots[1]["service"] = json!("the root");
        for index in order {
            server.accept(&roots[index..=index]).await;
        }
        let listed = server.get("/traces").await.json();
        assert_eq!(listed["total"], 1, "{order:?}");
        assert_eq!(listed["traces"][0]["root_service"], "the root", "{order:?}");
        assert_eq!(listed["traces"][0]["span_count"], 3, "{order:?}");
    }
}
