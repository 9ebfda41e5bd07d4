//! Rootless traces: counted apart, and shown by their earliest span.

use serde_json::{Value, json};

use super::{digits, get};
use crate::support::{NOW, SECOND, TestServer, child, eventually, root};

const ROOTLESS: u64 = 4;

/// Ids, starts and flags of all points, and their counts: those with a root, and those without.
async fn points(server: &TestServer, query: &str) -> (Vec<(String, i64, u64)>, [u64; 2]) {
    let answer = get(server, &format!("traces/points?{query}")).await;
    let base: i64 = answer["base_ns"].as_str().and_then(|base| base.parse().ok()).expect("a time");
    let ids = answer["ids"].as_str().expect("ids").as_bytes().chunks(32);
    let id = |id: &[u8]| String::from_utf8(id.to_vec()).expect("digits");
    let row = |(place, digits)| {
        let start = base + answer["start"][place].as_i64().expect("an offset");
        (id(digits), start, answer["flags"][place].as_u64().expect("flags"))
    };
    let counts = ["total", "rootless"].map(|name| answer[name].as_u64().expect("a count"));
    (ids.enumerate().map(row).collect(), counts)
}

/// Waits until the counts that may be a moment old are these.
async fn counts_become(server: &TestServer, rootless: u64) {
    let is_counted = async || {
        let info = get(server, "info").await;
        let metric = server.metric("traced_traces_rootless").await;
        info["rootless_traces"] == rootless && metric == rootless
    };
    eventually("rootless traces are counted", is_counted).await;
}

#[tokio::test]
async fn the_earliest_span_stands_for_a_root_that_has_not_arrived() {
    let server = TestServer::start().await;
    let failed = |mut span: Value| {
        span["status"] = json!("error");
        span
    };
    let spans = [child(1, 3, 9, 2 * SECOND), failed(child(1, 2, 9, 5 * SECOND)), root(2, 1, 4 * SECOND)];
    server.accept(&spans).await;
    let rootless = (digits(1), NOW - 5 * SECOND, 1 + 2 + ROOTLESS);
    let (found, counts) = points(&server, "").await;
    assert_eq!((found.len(), counts), (2, [1, 1]));
    assert!(found.contains(&rootless), "{found:?}");
    assert_eq!(points(&server, "f=error").await, (vec![rootless], [0, 1]));
    let late = format!("from={}", NOW - 3 * SECOND);
    assert_eq!(points(&server, &late).await.1, [0, 0]);
    counts_become(&server, 1).await;
    assert_eq!(get(&server, "info").await["traces"], 1);
    assert_eq!(get(&server, "stats").await["all"], 1, "statistics are about traces with a root");
    assert_eq!(server.list("").await.1, 1, "the contract does not list it");
}

#[tokio::test]
async fn a_trace_is_rootless_until_its_root_arrives() {
    let server = TestServer::start().await;
    server.accept(&[child(1, 2, 1, SECOND)]).await;
    let before = get(&server, "traces/points?").await;
    assert_eq!((&before["flags"], &before["rootless"]), (&json!([ROOTLESS]), &json!(1)));
    server.accept(&[root(1, 1, 2 * SECOND)]).await;
    let cursor = before["cursor"].as_str().expect("a cursor");
    let after = get(&server, &format!("traces/points?cursor={cursor}")).await;
    assert_eq!(
        (&after["ids"], &after["flags"], &after["total"]),
        (&json!(digits(1)), &json!([0]), &json!(1))
    );
    counts_become(&server, 0).await;
    assert_eq!(points(&server, "").await.1, [1, 0]);
}

#[tokio::test]
async fn the_latest_traces_of_both_kinds_are_in_an_answer_that_is_cut() {
    let server = TestServer::start().await;
    for number in 1..=4 {
        let back = i64::try_from(number).expect("small") * 2 * SECOND;
        server.accept(&[root(number, 1, back), child(number + 10, 2, 1, back + SECOND)]).await;
    }
    let (found, counts) = points(&server, "max=3").await;
    let ids: Vec<String> = found.into_iter().map(|(id, ..)| id).collect();
    assert_eq!((ids, counts), (vec![digits(1), digits(11), digits(2)], [4, 4]));
}
