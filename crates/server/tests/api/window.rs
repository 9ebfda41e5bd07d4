//! A span that leaves the window leaves every answer at that moment, and its memory soon after.

use std::time::Duration;

use hyper::StatusCode;
use server::Limits;
use store::Settings;

use crate::support::{SECOND, TestServer, child, eventually, id, root};

async fn with_window(seconds: u64) -> TestServer {
    let store = Settings { window: Duration::from_secs(seconds), ..Settings::default() };
    TestServer::with(Limits::default(), store).await
}

#[tokio::test]
async fn a_trace_leaves_with_its_root_to_the_nanosecond() {
    let server = with_window(60).await;
    server.accept(&[root(1, 1, 10 * SECOND), child(1, 2, 1, 0)]).await;
    server.clock.advance(50 * SECOND);
    assert_eq!(server.list("").await.1, 1);
    server.clock.advance(1);
    assert_eq!(server.list("").await.1, 0, "the child is inside the window, the root is not");
    assert_eq!(server.get(&format!("/traces/{}", id(1))).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn spans_without_a_root_leave_by_their_own_time() {
    let server = with_window(60).await;
    server.accept(&[child(1, 2, 1, 10 * SECOND), child(1, 3, 1, 0)]).await;
    server.clock.advance(50 * SECOND + 1);
    let path = format!("/traces/{}", id(1));
    assert_eq!(server.get(&path).await.json()["spans"].as_array().map(Vec::len), Some(1));
    server.clock.advance(10 * SECOND);
    assert_eq!(server.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_child_that_started_before_its_root_leaves_before_it() {
    let server = with_window(60).await;
    let mut early = child(1, 2, 1, 10 * SECOND);
    early["status"] = "error".into();
    server.accept(&[root(1, 1, 0), early]).await;
    let listed = server.get("/traces").await.json();
    assert_eq!(
        (&listed["traces"][0]["span_count"], &listed["traces"][0]["status"]),
        (&2.into(), &"error".into())
    );
    server.clock.advance(50 * SECOND + 1);
    let listed = server.get("/traces").await.json();
    assert_eq!(
        (&listed["traces"][0]["span_count"], &listed["traces"][0]["status"]),
        (&1.into(), &"ok".into())
    );
}

#[tokio::test]
async fn memory_goes_back_without_a_request_for_it() {
    let server = with_window(60).await;
    for trace in 0..200 {
        let spans: Vec<_> = (0..100).map(|span| child(trace, span + 2, 1, SECOND)).collect();
        server.accept(&spans).await;
    }
    let full = server.metric("traced_memory_bytes").await;
    assert!(full > 1_500_000, "{full}");
    server.clock.advance(63 * SECOND);
    // Asking for metrics frees nothing: the background thread does.
    eventually("the spans are gone", async || server.metric("traced_spans").await == 0).await;
    eventually("the memory is given back", async || server.metric("traced_memory_bytes").await < full / 4)
        .await;
    assert_eq!(server.metric("traced_spans_evicted_total{reason=\"time\"}").await, 20_000);
}

#[tokio::test]
async fn the_health_says_how_far_back_it_reaches() {
    const TRACES: u32 = 990;
    const MEMORY_BYTES_MAX: usize = 1 << 20;
    // Little more than what one generation takes.
    let store = Settings { memory_bytes_max: MEMORY_BYTES_MAX, cores: 1, ..Settings::default() };
    let server = TestServer::with(Limits::default(), store).await;
    let health = server.get("/health").await.json();
    assert_eq!(health["status"], "ok");
    assert_eq!(health["window"]["limited_by"], "time");
    assert_eq!(health["window"]["effective_seconds"], 1800.0);
    for trace in 0..TRACES {
        let back = 1000 * SECOND - i64::from(trace) * SECOND;
        let spans: Vec<_> = (0..100).map(|span| child(trace.into(), span + 2, 1, back)).collect();
        // While a busy machine does not get to sealing, the memory is full and batches are refused.
        eventually("the batch is taken", async || {
            let status = server.post_spans(&spans).await.status;
            assert!([StatusCode::ACCEPTED, StatusCode::SERVICE_UNAVAILABLE].contains(&status), "{status}");
            status == StatusCode::ACCEPTED
        })
        .await;
        server.clock.advance(SECOND / 100);
    }
    let health = server.get("/health").await.json();
    assert_eq!(health["window"]["limited_by"], "memory");
    let effective = health["window"]["effective_seconds"].as_f64().expect("a number");
    assert!((1.0..1800.0).contains(&effective), "{effective}");
    // The last batch may have exceeded the limit; what has to leave for it is evicted in the background.
    eventually("the memory is what it may be", async || {
        let health = server.get("/health").await.json();
        health["memory_bytes"].as_u64() <= Some(MEMORY_BYTES_MAX as u64)
    })
    .await;
    assert_eq!(server.get(&format!("/traces/{}", id(0))).await.status, StatusCode::NOT_FOUND);
    assert_eq!(server.get(&format!("/traces/{}", id((TRACES - 1).into()))).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_health_says_that_the_clock_is_doubted_and_nothing_leaves() {
    let server = with_window(60).await;
    server.accept(&[root(1, 1, 10 * SECOND)]).await;
    let clock = async || server.get("/health").await.json()["clock"].clone();
    assert_eq!(clock().await, serde_json::json!({"status": "trusted"}));
    server.clock.jump(3600 * SECOND);
    let doubted =
        serde_json::json!({"status": "doubted", "ahead_seconds": 3600.0, "trusted_in_seconds": 300.0});
    assert_eq!(clock().await, doubted);
    assert_eq!(server.metric("traced_clock_doubted").await, 1);
    server.accept(&[root(2, 1, 0), root(3, 1, -3600 * SECOND)]).await;
    assert_eq!(server.list("").await.1, 3, "spans of either time are there");
    server.clock.jump(-3600 * SECOND);
    assert_eq!(clock().await, serde_json::json!({"status": "trusted"}));
    assert_eq!(
        (server.metric("traced_clock_doubted").await, server.metric("traced_clock_jumps_total").await),
        (0, 1)
    );
    server.accept(&[root(4, 1, 0)]).await;
    assert_eq!(server.list("").await.1, 4);
    // An hour that has held is trusted, and the window moves on.
    server.clock.jump(3600 * SECOND);
    clock().await;
    server.clock.advance(300 * SECOND);
    assert_eq!(clock().await, serde_json::json!({"status": "trusted"}));
    assert_eq!(server.list("").await.1, 0);
}
