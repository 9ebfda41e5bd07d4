//! A child process: runs one phase with one store, and prints its results as lines `key=value`.

use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::contract::SpanStore;
use crate::generate::{self, Batches, EPOCH, WINDOW_NANOS};
use crate::measure;

const CHUNK_BATCHES: usize = 100;
const QUESTIONS: usize = 1000;
/// A store may expire a little more or less than it was told to.
const GRACE_NANOS: i64 = 3_000_000_000;
const LIST_LIMIT: usize = 20;
const CHECKED_TRACES: usize = 2000;

/// The phase for a store that keeps nothing: ingest alone.
pub(crate) fn bare(store: &mut dyn SpanStore, traces: u64) {
    let (spans, cpu) = ingest(store, traces);
    report("ack_us", cpu / spans);
}

/// The phase that measures ingest, questions and expiry.
pub(crate) fn full(store: &mut dyn SpanStore, folder: &Path, traces: u64) {
    let (spans, cpu) = ingest(store, traces);
    report("spans", spans);
    report("ack_us", cpu / spans);
    let before = measure::cpu_micros();
    store.settle();
    measure::wait_until_quiet();
    report("ingest_us", (cpu + measure::cpu_micros() - before) / spans);
    report_disk("bytes", folder, spans);
    report("rss_mib", measure::peak_resident_bytes() / f64::from(1 << 20));
    check(store, traces, EPOCH);
    ask(store, traces);

    let cutoff = EPOCH + WINDOW_NANOS / 2;
    let before = measure::cpu_micros();
    store.expire(cutoff);
    store.settle();
    measure::wait_until_quiet();
    report("expire_us", (measure::cpu_micros() - before) / (spans / 2.0));
    report_disk("bytes_after", folder, spans / 2.0);
    check(store, traces, cutoff + GRACE_NANOS);
}

/// The phase that ingests, and then waits to be killed.
pub(crate) fn crash(store: &mut dyn SpanStore, traces: u64) {
    ingest(store, traces);
    report("acknowledged", 1.0);
    loop {
        std::thread::sleep(Duration::from_secs(1));
    }
}

/// The phase that opens what a killed process has left, until it answers with an exact list.
pub(crate) fn reopen(open: &dyn Fn() -> Box<dyn SpanStore>, traces: u64) {
    let (before, began) = (measure::cpu_micros(), Instant::now());
    let mut store = open();
    let total = store.list(EPOCH, LIST_LIMIT).total;
    report("reopen_ms", began.elapsed().as_secs_f64() * 1e3);
    report("reopen_cpu_ms", (measure::cpu_micros() - before) / 1e3);
    assert_eq!(total as u64, traces, "what was acknowledged is there");
    check(store.as_mut(), traces, EPOCH);
}

/// Ingests all batches. Returns the number of spans, and the processor time without that of making them.
fn ingest(store: &mut dyn SpanStore, traces: u64) -> (f64, f64) {
    let before = measure::cpu_micros();
    let mut making = 0.0;
    let mut batches = Batches::new(traces);
    loop {
        let began = measure::thread_cpu_micros();
        let chunk: Vec<_> = batches.by_ref().take(CHUNK_BATCHES).collect();
        making += measure::thread_cpu_micros() - began;
        if chunk.is_empty() {
            break;
        }
        for batch in &chunk {
            store.accept(batch);
        }
    }
    (batches.spans as f64, measure::cpu_micros() - before - making)
}

/// Checks that the store has exactly what was sent, with a sample of the traces.
fn check(store: &mut dyn SpanStore, traces: u64, cutoff: i64) {
    let listed = |number: &u64| generate::root_start(*number, traces) >= cutoff;
    let expected = (0..traces).filter(listed).count();
    let listing = store.list(cutoff, LIST_LIMIT);
    assert_eq!(listing.total, expected, "the total is exact");
    assert!(listing.rows.is_sorted_by(|a, b| a.start >= b.start), "the latest is first");
    assert_eq!(listing.rows.len(), LIST_LIMIT.min(expected));

    let mut random = SmallRng::seed_from_u64(1);
    let numbers = (0..CHECKED_TRACES).map(|_| random.random_range(0..traces)).filter(listed);
    for number in numbers {
        let sent = generate::trace(number, traces);
        let mut found = store.trace(sent[0].trace_id);
        let order = |id| sent.iter().position(|span| span.span_id == id);
        found.sort_by_key(|span| order(span.span_id));
        assert_eq!(found.len(), sent.len(), "every span is stored once");
        for (found, sent) in found.iter().zip(&sent) {
            assert_eq!((found.span_id, found.parent_span_id), (sent.span_id, sent.parent_span_id));
            assert_eq!((found.start, found.duration), (sent.start.0, sent.duration()));
            assert_eq!(found.status, sent.status);
        }
    }
}

/// Measures the latencies of lists and of traces, each at random times.
fn ask(store: &mut dyn SpanStore, traces: u64) {
    let mut random = SmallRng::seed_from_u64(2);
    latencies("list", || {
        let cutoff = EPOCH + random.random_range(0..WINDOW_NANOS / 2);
        let began = Instant::now();
        std::hint::black_box(store.list(cutoff, LIST_LIMIT));
        began.elapsed()
    });
    let mut random = SmallRng::seed_from_u64(3);
    latencies("detail", || {
        let id = generate::trace(random.random_range(0..traces), traces)[0].trace_id;
        let began = Instant::now();
        std::hint::black_box(store.trace(id));
        began.elapsed()
    });
}

fn latencies(what: &str, mut question: impl FnMut() -> Duration) {
    let mut micros: Vec<f64> = (0..QUESTIONS).map(|_| question().as_secs_f64() * 1e6).collect();
    micros.sort_by(f64::total_cmp);
    report(&format!("{what}_p50_us"), measure::percentile(&micros, 0.50));
    report(&format!("{what}_p99_us"), measure::percentile(&micros, 0.99));
}

/// Reports bytes on disk, if there are some.
fn report_disk(key: &str, folder: &Path, spans: f64) {
    let bytes = measure::disk_bytes(folder);
    if bytes > 0.0 {
        report(key, bytes / spans);
    }
}

fn report(key: &str, value: f64) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{key}={value}").and_then(|()| out.flush()).expect("the parent listens");
}
