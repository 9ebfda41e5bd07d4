//! The floor of an ingest path: an axum server that reads and parses the same bodies and stores nothing.
//!
//! `traced bench` compares the real server with it in one run. It prints its address, and answers `/metrics` with its
//! processor time.

use std::fmt;
use std::hint::black_box;

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Limit: bytes of a body, as in the real server.
const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;

#[derive(Deserialize)]
struct Batch<'a> {
    #[serde(borrow)]
    spans: Vec<Span<'a>>,
}

/// Plain `&str`: the cheapest there is, and enough for bodies without escapes.
#[derive(Deserialize)]
#[expect(dead_code, reason = "parsed, and nothing else")]
#[expect(clippy::struct_field_names, reason = "the contract's names")]
struct Span<'a> {
    trace_id: &'a str,
    span_id: &'a str,
    parent_span_id: Option<&'a str>,
    service: &'a str,
    operation: &'a str,
    start_time: i64,
    end_time: i64,
    status: &'a str,
    #[serde(borrow, default)]
    tags: Tags<'a>,
}

/// A list of pairs: cheaper than any map.
#[derive(Default)]
struct Tags<'a>(#[expect(dead_code, reason = "parsed, and nothing else")] Vec<(&'a str, &'a str)>);

impl<'de: 'a, 'a> Deserialize<'de> for Tags<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TagsVisitor).map(Tags)
    }
}

struct TagsVisitor;

impl<'de> Visitor<'de> for TagsVisitor {
    type Value = Vec<(&'de str, &'de str)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of strings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut tags = Vec::new();
        while let Some(tag) = map.next_entry()? {
            tags.push(tag);
        }
        Ok(tags)
    }
}

async fn spans(body: Bytes) -> (StatusCode, &'static str) {
    match sonic_rs::from_slice::<Batch<'_>>(&body) {
        Ok(batch) => {
            black_box(batch.spans.len());
            (StatusCode::ACCEPTED, r#"{"status":"ok"}"#)
        }
        Err(_) => (StatusCode::BAD_REQUEST, r#"{"error":"not a batch"}"#),
    }
}

async fn metrics() -> String {
    format!("traced_process_cpu_seconds {}\n", platform::process::cpu_time().as_secs_f64())
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "who starts it waits for the address")]
async fn main() -> std::io::Result<()> {
    platform::process::keep_pages_small();
    let router = Router::new()
        .route("/spans", post(spans))
        .route("/metrics", get(metrics))
        .route("/health", get(|| async { r#"{"status":"ok"}"# }))
        .layer(axum::extract::DefaultBodyLimit::max(BODY_BYTES_MAX));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("floor listens on http://{}", listener.local_addr()?);
    axum::serve(listener, router).await
}
