//! The cost of the store without HTTP: taking a batch, a list and a trace.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use divan::Bencher;
use divan::counter::ItemsCount;
use span::{SpanId, TimeRange, Timestamp, TraceId};
use store::{Settings, Store};
use testkit::{OwnedSpan, SimDisk, with_borrowed};

const NOW: Timestamp = Timestamp(1_790_000_000_000_000_000);
const BATCHES: [usize; 3] = [10, 100, 500];
const TRACE_SPANS: u64 = 4;
/// Bounded, so that a benchmark of any length fits into memory. Eviction is then part of the measurement.
const MEMORY_BYTES_MAX: usize = 1 << 30;

fn main() {
    divan::main();
}

fn store() -> Store {
    let window = Duration::from_mins(30);
    let settings = Settings { window, memory_bytes_max: MEMORY_BYTES_MAX, ..Settings::default() };
    Store::in_memory(settings, NOW)
}

fn mixed(number: u64) -> [u8; 16] {
    (u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)).to_be_bytes()
}

/// Returns spans `first..first + count` of an endless sequence of traces of four spans.
fn spans(first: u64, count: usize) -> Vec<OwnedSpan> {
    (first..first + count as u64)
        .map(|number| {
            let start = NOW.saturating_add(i64::try_from(number / 100).expect("a small number"));
            let base = OwnedSpan::child(0, 0, 1, start);
            let is_root = number % TRACE_SPANS == 0;
            OwnedSpan {
                trace_id: TraceId::from_bytes(mixed(number / TRACE_SPANS)),
                span_id: SpanId::from_bytes(mixed(number)),
                parent_span_id: base.parent_span_id.filter(|_| !is_root),
                ..base
            }
        })
        .collect()
}

/// Makes a store with this many spans.
fn filled(count: u64) -> Store {
    let store = store();
    for first in (0..count).step_by(500) {
        with_borrowed(&spans(first, 500), |spans| store.accept(spans, NOW)).expect("there is room");
    }
    store
}

#[divan::bench(args = BATCHES)]
fn accept(bencher: Bencher<'_, '_>, count: usize) {
    let store = store();
    let next = Cell::new(0);
    bencher
        .counter(ItemsCount::new(count))
        .with_inputs(|| {
            let first = next.get();
            next.set(first + count as u64);
            spans(first, count)
        })
        .bench_local_refs(|batch| with_borrowed(batch, |spans| store.accept(spans, NOW)).is_ok());
}

/// Spans of traces that go on for long: each trace has a span in this many segments already.
#[divan::bench(args = [0, 1, 11])]
fn accept_after_pieces(bencher: Bencher<'_, '_>, pieces: u64) {
    const TRACES: u64 = 100_000;
    const BATCH: u64 = 100;
    let settings = Settings { merged_segments: 1000, ..Settings::default() };
    let store = Store::open(settings, Arc::new(SimDisk::new()), NOW).expect("an empty disk");
    let batch = |piece: u64, first: u64| -> Vec<OwnedSpan> {
        let span = |trace: u64| OwnedSpan {
            trace_id: TraceId::from_bytes(mixed(trace)),
            span_id: SpanId::from_bytes(mixed(trace * (pieces + 1) + piece)),
            ..OwnedSpan::child(0, 0, 1, NOW)
        };
        (first..first + BATCH).map(span).collect()
    };
    for piece in 0..pieces {
        for first in (0..TRACES).step_by(100) {
            with_borrowed(&batch(piece, first), |spans| store.accept(spans, NOW)).expect("there is room");
        }
        store.freeze(NOW);
        while store.seal() {}
    }
    let next = Cell::new(0);
    bencher
        .counter(ItemsCount::new(BATCH))
        .with_inputs(|| batch(pieces, next.replace((next.get() + BATCH) % TRACES)))
        .bench_local_refs(|batch| with_borrowed(batch, |spans| store.accept(spans, NOW)).is_ok());
}

#[divan::bench(args = [10_000, 1_000_000])]
fn list_1000(bencher: Bencher<'_, '_>, spans: u64) {
    let store = filled(spans);
    bencher.bench_local(|| store.snapshot(NOW).list(TimeRange::ALL, 1000).total);
}

#[divan::bench(args = [10_000, 1_000_000])]
fn trace(bencher: Bencher<'_, '_>, spans: u64) {
    let store = filled(spans);
    let next = Cell::new(0);
    bencher.bench_local(|| {
        next.set((next.get() + 7919) % (spans / TRACE_SPANS));
        store.trace(TraceId::from_bytes(mixed(next.get())), NOW).map(|trace| trace.len())
    });
}
