//! API v1.

mod points;
mod rootless;
mod statistics;
mod trace;

use hyper::StatusCode;
use serde_json::{Value, json};

use crate::support::{NOW, SECOND, TestServer, child, id, root};

const MINUTE: i64 = 60 * SECOND;

/// An id in the form of API v1: 32 digits.
pub(crate) fn digits(number: u64) -> String {
    id(number).replace('-', "")
}

async fn get(server: &TestServer, path: &str) -> Value {
    let answer = server.get(&format!("/api/v1/{path}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    let body = answer.json();
    assert!(body["epoch"].as_str().is_some_and(|epoch| !epoch.is_empty()), "{body}");
    assert!(body["now_ns"].as_str().is_some_and(|now| now.parse::<i64>().is_ok()), "{body}");
    body
}

async fn refused(server: &TestServer, path: &str) -> (StatusCode, String) {
    let answer = server.get(&format!("/api/v1/{path}")).await;
    (answer.status, answer.error())
}

fn failed(mut span: Value) -> Value {
    span["status"] = json!("error");
    span
}

#[tokio::test]
async fn info_says_what_the_server_is_and_holds() {
    let server = TestServer::start().await;
    let info = get(&server, "info").await;
    assert_eq!(
        (&info["oldest_ns"], &info["newest_ns"], &info["traces"]),
        (&json!(null), &json!(null), &json!(0))
    );
    assert_eq!(info["window_ns"], json!(30 * MINUTE));
    server.accept(&[root(1, 1, 2 * SECOND), child(1, 2, 1, SECOND), child(2, 1, 9, 3 * SECOND)]).await;
    server.accept(&[root(1, 1, 2 * SECOND)]).await;
    get(&server, "traces/points").await;
    let info = get(&server, "info").await;
    let number = |name: &str| info[name].as_u64().expect("a number");
    assert_eq!((number("traces"), number("spans"), number("repeated_spans")), (1, 3, 1));
    assert_eq!(info["oldest_ns"], (NOW - 3 * SECOND).to_string());
    assert_eq!(info["newest_ns"], (NOW - SECOND).to_string());
    assert_eq!(info["services"], json!(["checkout", "payment"]), "those that were in an answer");
    assert_eq!(info["limited_by"], "time");
    assert!(info["features"].as_array().expect("a list").contains(&json!("points")));
}

#[tokio::test]
async fn parameters_that_break_their_rule_are_refused() {
    let server = TestServer::start().await;
    for (path, name) in [
        ("traces/points?max=0", "max"),
        ("traces/points?max=100001", "max"),
        ("traces/points?f=bad", "f"),
        ("traces/points?from=-1", "from"),
        ("traces/points?to=1e9", "to"),
        ("traces/points?f=ok&f=ok", "f"),
        ("stats?buckets=401", "buckets"),
    ] {
        let (status, error) = refused(&server, path).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path}");
        assert!(error.starts_with(&format!("query parameter {name}: ")), "{path}: {error}");
    }
}
