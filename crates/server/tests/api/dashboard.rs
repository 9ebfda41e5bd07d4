//! What the dashboard asks beyond the contract.

use std::collections::BTreeMap;

use hyper::StatusCode;
use serde_json::{Value, json};

use crate::support::{NOW, SECOND, TestServer, child, id, root};

const MINUTE: i64 = 60 * SECOND;

/// An id as the dashboard has it.
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

/// A client that keeps what it was told.
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
    assert_eq!(info["services"], json!(["checkout"]), "those that were in an answer");
    assert_eq!(info["limited_by"], "time");
    assert!(info["features"].as_array().expect("a list").contains(&json!("points")));
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
    assert_eq!(answer["ids"], digits(1) + &digits(3));
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
async fn a_trace_that_is_no_longer_meant_is_gone() {
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
    // One fails, and the other has begun earlier than it seemed.
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

#[tokio::test]
async fn statistics_are_over_all_traces_that_are_meant() {
    let server = TestServer::start().await;
    let spans: Vec<Value> = (1u64..=100)
        .map(|number| {
            let mut span = root(number, 1, 10 * SECOND);
            span["end_time"] = json!(NOW - 10 * SECOND + i64::try_from(number).expect("small") * 1000);
            if number % 10 == 0 { failed(span) } else { span }
        })
        .collect();
    server.accept(&spans).await;
    let all = get(&server, "stats").await;
    let numbers = |answer: &Value| {
        ["all", "ok", "error", "traces", "errors", "spans"]
            .map(|name| answer[name].as_u64().expect("a number"))
    };
    let times = |answer: &Value| {
        ["avg_ns", "p50_ns", "p95_ns", "p99_ns"].map(|name| answer[name].as_u64().expect("a number"))
    };
    assert_eq!(numbers(&all), [100, 90, 10, 100, 10, 100]);
    assert_eq!(times(&all), [50_500, 50_000, 95_000, 99_000]);
    assert_eq!((&all["approximate"], all.get("series")), (&json!(false), None));
    let errors = get(&server, "stats?f=error").await;
    assert_eq!(
        (numbers(&errors), times(&errors)),
        ([100, 90, 10, 10, 10, 10], [55_000, 50_000, 100_000, 100_000])
    );
    for query in [format!("stats?to={}", NOW - 20 * SECOND), format!("stats?from={NOW}&to=0&buckets=4")] {
        let none = get(&server, &query).await;
        assert_eq!((numbers(&none), times(&none), none.get("series")), ([0; 6], [0; 4], None), "{query}");
    }
    let (from, until) = (NOW - 20 * SECOND, NOW);
    let series = &get(&server, &format!("stats?from={from}&to={until}&buckets=4")).await["series"];
    assert_eq!((&series["base_ns"], &series["step_ns"]), (&json!(from.to_string()), &json!(5 * SECOND)));
    assert_eq!((&series["traces"], &series["errors"]), (&json!([0, 0, 100, 0]), &json!([0, 0, 10, 0])));
}

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

#[tokio::test]
async fn a_tree_without_a_root_has_no_end() {
    let server = TestServer::start().await;
    server.accept(&[child(1, 2, 1, SECOND)]).await;
    assert_eq!(get(&server, &format!("traces/{}/tree", id(1))).await["expires_ns"], json!(null));
    for path in ["tree", "search?q=x", "spans/00000000000000b7"] {
        let (status, _) = refused(&server, &format!("traces/{}/{path}", id(2))).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        let (status, error) = refused(&server, &format!("traces/nonsense/{path}")).await;
        assert!(status == StatusCode::BAD_REQUEST && error.starts_with("trace_id: "), "{path}: {error}");
    }
}

/// A span with everything that OpenTelemetry's have.
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
    assert_eq!(answer.json()["spans"], json!([expected, expected]));
    for body in [json!({}), json!({"span_ids": []}), json!({"span_ids": vec!["00f067aa0ba902b7"; 501]})] {
        let answer = server.post_to(&path, &[("content-type", "application/json")], body.to_string()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");
    }
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
    assert!(status == StatusCode::BAD_REQUEST && error.starts_with("q: "), "{error}");
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
        assert!(error.starts_with(&format!("{name}: ")), "{path}: {error}");
    }
}
