//! `GET /api/v1/stats`.

use serde_json::{Value, json};

use super::{failed, get};
use crate::support::{NOW, SECOND, TestServer, root};

#[tokio::test]
async fn statistics_are_over_all_traces_that_are_selected() {
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
