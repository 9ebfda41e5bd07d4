//! Points: a client keeps them, and asks only for what has changed.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{MINUTE, digits, failed, get};
use crate::support::{NOW, SECOND, TestServer, child, root};

/// A client that keeps the points that it got.
#[derive(Default)]
struct Client {
    query: String,
    cursor: Option<String>,
    /// Spans and flags by trace id.
    traces: BTreeMap<String, (u64, u64)>,
    total: u64,
}

impl Client {
    fn asking(query: &str) -> Self {
        Self { query: query.to_owned(), ..Self::default() }
    }

    /// Asks once, and returns the answer.
    async fn poll(&mut self, server: &TestServer) -> Value {
        let cursor = self.cursor.as_ref().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let answer = get(server, &format!("traces/points?{}{cursor}", self.query)).await;
        if answer["reset"] == true {
            self.traces.clear();
        }
        for id in joined(&answer["gone"]) {
            self.traces.remove(&id);
        }
        let ids = joined(&answer["ids"]);
        for column in ["start", "duration", "service", "operation", "spans", "flags"] {
            assert_eq!(answer[column].as_array().map(Vec::len), Some(ids.len()), "{column} in {answer}");
        }
        for (place, id) in ids.into_iter().enumerate() {
            let number = |column: &str| answer[column][place].as_u64().expect("a number");
            self.traces.insert(id, (number("spans"), number("flags")));
        }
        self.cursor = answer["cursor"].as_str().map(str::to_owned);
        self.total = answer["total"].as_u64().expect("a total");
        answer
    }

    fn known(&self) -> Vec<(&str, u64, u64)> {
        self.traces.iter().map(|(id, &(spans, flags))| (id.as_str(), spans, flags)).collect()
    }
}

fn joined(ids: &Value) -> Vec<String> {
    let ids = ids.as_str().expect("joined ids");
    assert!(ids.len().is_multiple_of(32), "{ids}");
    ids.as_bytes().chunks(32).map(|id| String::from_utf8(id.to_vec()).expect("digits")).collect()
}

#[tokio::test]
async fn points_have_a_column_for_everything_that_is_drawn() {
    let server = TestServer::start().await;
    server.accept(&[root(1, 1, 2 * SECOND), failed(child(1, 2, 1, SECOND))]).await;
    server.accept(&[failed(root(2, 1, SECOND))]).await;
    let answer = get(&server, "traces/points").await;
    let cutoff = NOW - 30 * MINUTE;
    assert_eq!(answer["base_ns"], cutoff.to_string());
    assert_eq!(answer["evict_before_ns"], cutoff.to_string());
    assert_eq!(answer["ids"], digits(2) + &digits(1), "the newest first");
    assert_eq!(answer["start"], json!([30 * MINUTE - SECOND, 30 * MINUTE - 2 * SECOND]));
    assert_eq!(answer["duration"], json!([5_999_999, 5_999_999]));
    assert_eq!((&answer["service"], &answer["services"]), (&json!([0, 0]), &json!(["checkout"])));
    assert_eq!((&answer["operation"], &answer["operations"]), (&json!([0, 0]), &json!(["POST /orders"])));
    assert_eq!((&answer["spans"], &answer["flags"]), (&json!([1, 2]), &json!([3, 1])));
    assert_eq!(
        (&answer["reset"], &answer["more"], &answer["total"]),
        (&json!(true), &json!(false), &json!(2))
    );
    let one = get(&server, "traces/points?max=1").await;
    assert_eq!((&one["ids"], &one["total"]), (&json!(digits(2)), &json!(2)));
}

#[tokio::test]
async fn a_cursor_brings_only_what_has_changed() {
    let server = TestServer::start().await;
    let mut client = Client::default();
    server.accept(&[root(1, 1, 2 * SECOND), root(2, 1, SECOND)]).await;
    assert_eq!(client.poll(&server).await["reset"], true);
    let answer = client.poll(&server).await;
    assert_eq!((&answer["reset"], &answer["ids"], &answer["gone"]), (&json!(false), &json!(""), &json!("")));
    server.accept(&[failed(child(1, 2, 1, SECOND)), root(3, 1, SECOND)]).await;
    let answer = client.poll(&server).await;
    // In any order.
    let ids = answer["ids"].as_str().expect("ids in a string");
    assert_eq!((ids.len(), ids.contains(&digits(1)), ids.contains(&digits(3))), (64, true, true), "{ids}");
    let ids = [1, 2, 3].map(digits);
    assert_eq!(client.known(), [(&*ids[0], 2, 1), (&*ids[1], 1, 0), (&*ids[2], 1, 0)]);
    assert_eq!(client.total, 3);
    server.clock.advance(30 * MINUTE);
    let answer = client.poll(&server).await;
    let said = (&answer["gone"], &answer["total"], &answer["evict_before_ns"]);
    assert_eq!(said, (&json!(""), &json!(0), &json!(NOW.to_string())));
}

#[tokio::test]
async fn changes_come_in_parts_where_there_are_many() {
    let server = TestServer::start().await;
    let mut client = Client::asking("max=4");
    client.poll(&server).await;
    let roots: Vec<Value> = (0..10).map(|number| root(number, 1, SECOND)).collect();
    server.accept(&roots).await;
    let mut answers = 0;
    while client.poll(&server).await["more"] == true {
        answers += 1;
    }
    assert_eq!((answers, client.traces.len()), (2, 10));
}

#[tokio::test]
async fn a_trace_that_is_no_longer_selected_is_gone() {
    let server = TestServer::start().await;
    let mut ok = Client::asking("f=ok");
    let mut error = Client::asking("f=error");
    let from = NOW - 2 * SECOND;
    let mut late = Client::asking(&format!("from={from}&to={NOW}"));
    server.accept(&[root(1, 1, SECOND), root(2, 1, SECOND)]).await;
    for client in [&mut ok, &mut error, &mut late] {
        client.poll(&server).await;
    }
    assert_eq!((ok.total, error.total, late.total), (2, 0, 2));
    // One trace gets an error; the other gets a root that starts before the range.
    server.accept(&[failed(child(1, 2, 1, SECOND)), root(2, 2, 3 * SECOND)]).await;
    for client in [&mut ok, &mut error, &mut late] {
        client.poll(&server).await;
    }
    let ids = [1, 2].map(digits);
    assert_eq!(ok.known(), [(&*ids[1], 2, 0)]);
    assert_eq!(error.known(), [(&*ids[0], 2, 1)]);
    assert_eq!(late.known(), [(&*ids[0], 2, 1)]);
    assert_eq!((ok.total, error.total, late.total), (1, 1, 1));
}

#[tokio::test]
async fn a_cursor_that_is_not_known_begins_again() {
    let server = TestServer::start().await;
    server.accept(&[root(1, 1, SECOND)]).await;
    for cursor in ["nonsense", "0-0", "%F0%9F%A6%80"] {
        let answer = get(&server, &format!("traces/points?cursor={cursor}")).await;
        assert_eq!((&answer["reset"], &answer["ids"]), (&json!(true), &json!(digits(1))), "{cursor}");
    }
    let mut client = Client::default();
    client.poll(&TestServer::start().await).await;
    assert_eq!(client.poll(&server).await["reset"], true, "an epoch is a process's own");
}

#[tokio::test]
async fn services_keep_their_numbers() {
    let server = TestServer::start().await;
    let mut other = root(2, 1, 2 * SECOND);
    other["service"] = json!("shipping");
    server.accept(&[other]).await;
    let first = get(&server, "traces/points").await;
    assert_eq!((&first["services"], &first["service_numbers"]), (&json!(["shipping"]), &json!([0])));
    server.accept(&[root(1, 1, SECOND)]).await;
    let second = get(&server, "traces/points").await;
    assert_eq!(second["services"], json!(["checkout", "shipping"]), "the newest first");
    assert_eq!(second["service_numbers"], json!([1, 0]));
    assert_eq!(get(&server, "info").await["services"], json!(["shipping", "checkout"]));
}
