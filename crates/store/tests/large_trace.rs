//! Each span of a trace of a million spans costs as much as one of a small trace.

use std::time::Duration;

use platform::process::cpu_time;
use span::{SpanId, Timestamp, TraceId};
use store::{Settings, Store};
use testkit::{OwnedSpan, with_borrowed};

const NOW: Timestamp = Timestamp(1_790_000_000_000_000_000);
const SPANS: u32 = 1_000_000;
const BATCH: u32 = 500;

fn span(number: u32) -> OwnedSpan {
    let mut id = [1; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    let start = NOW.saturating_sub(i64::from(number % 1000));
    let child = OwnedSpan::child(1, 0, 1, start);
    OwnedSpan { span_id: SpanId::from_bytes(id), ..child }
}

/// Returns the processor time for a quarter of the spans.
fn insert_quarter(store: &Store, quarter: u32) -> Duration {
    let size = SPANS / 4;
    let mut took = Duration::ZERO;
    for first in (quarter * size..(quarter + 1) * size).step_by(BATCH as usize) {
        let batch: Vec<OwnedSpan> = (first..first + BATCH).map(span).collect();
        with_borrowed(&batch, |spans| {
            let began = cpu_time();
            let accepted = store.accept(spans, NOW).expect("there is room");
            took += cpu_time().saturating_sub(began);
            assert_eq!(accepted.stored, u64::from(BATCH));
        });
    }
    took
}

#[test]
fn a_trace_of_a_million_spans_takes_linear_time() {
    let store = Store::in_memory(Settings::default(), NOW);
    let quarters: Vec<Duration> = (0..4).map(|quarter| insert_quarter(&store, quarter)).collect();
    println!("processor time of each quarter million: {quarters:?}");
    // A walk for each span would make the last quarter seven times as slow as the first. Growing tables cost a
    // little.
    assert!(quarters[3] < quarters[0].max(Duration::from_millis(50)) * 4, "{quarters:?}");

    let again: Vec<OwnedSpan> = (0..BATCH).map(|number| span(number * 1999)).collect();
    let accepted = with_borrowed(&again, |spans| store.accept(spans, NOW)).expect("there is room");
    assert_eq!((accepted.stored, accepted.repeated), (0, u64::from(BATCH)));

    let trace = store.trace(TraceId::from_bytes([1; 16]), NOW).expect("it is there");
    assert_eq!(trace.len(), SPANS as usize);
    let mut previous = None;
    trace.for_each(0..trace.len(), |span| {
        let key = Some((span.start, span.span_id));
        assert!(previous < key, "in order, and none twice");
        previous = key;
    });

    // The whole trace is evicted, including its index.
    store.evict(NOW.saturating_add(3_600_000_000_000));
    let stats = store.stats(NOW);
    assert_eq!(stats.spans, 0);
    assert!(stats.memory_bytes < 1 << 20, "{stats:?}");
}
