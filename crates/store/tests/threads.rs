//! Many writers and readers at once: nothing is lost, nothing is twice, and what was acknowledged is seen.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use rand::RngExt as _;
use rand::rngs::SmallRng;
use rand::seq::SliceRandom as _;
use span::{SpanId, TimeRange, Timestamp, TraceId};
use store::{Settings, Store};
use testkit::{Model, OwnedSpan, each_seed, schedules, with_borrowed};

const NOW: Timestamp = Timestamp(1_790_000_000_000_000_000);
const WRITERS: usize = 6;
const TRACES: u16 = 200;
const WINDOW: Duration = Duration::from_mins(1);

fn store() -> Store {
    Store::in_memory(Settings { window: WINDOW, cores: 2, ..Settings::default() }, NOW)
}

fn trace_id(number: u16) -> TraceId {
    let mut bytes = [7; 16];
    bytes[14..].copy_from_slice(&number.to_be_bytes());
    TraceId::from_bytes(bytes)
}

/// Traces of one to nine spans, the root among them, with a few that have two roots or repeats.
fn spans(random: &mut SmallRng) -> Vec<OwnedSpan> {
    let mut spans = Vec::new();
    for number in 0..TRACES {
        let start = NOW.saturating_sub(random.random_range(0..30_000_000_000));
        for span in 0..random.random_range(1..10u8) {
            let is_root = span == 0 || random.random_bool(0.05);
            let parent = (!is_root).then(|| SpanId::from_bytes([0; 16]));
            let base = OwnedSpan::root(0, span, start.saturating_add(i64::from(span) * 1000));
            spans.push(OwnedSpan { trace_id: trace_id(number), parent_span_id: parent, ..base });
        }
    }
    let again: Vec<OwnedSpan> = spans.iter().filter(|_| random.random_bool(0.05)).cloned().collect();
    spans.extend(again);
    spans.shuffle(random);
    spans
}

/// What readers may rely on at any moment.
fn read(store: &Store, acknowledged_roots: &AtomicUsize) {
    let at_least = acknowledged_roots.load(Ordering::SeqCst);
    let listing = store.list(TimeRange::ALL, 1000, NOW);
    assert!(listing.total >= at_least, "{} of at least {at_least}", listing.total);
    let keys: Vec<_> = listing.summaries().map(|s| (std::cmp::Reverse(s.start), s.trace_id)).collect();
    assert_eq!(keys.len(), listing.total);
    assert!(keys.is_sorted(), "in the order of the list");
    let ids: BTreeSet<TraceId> = keys.iter().map(|&(_, id)| id).collect();
    assert_eq!(ids.len(), keys.len(), "no trace twice");
    for summary in listing.summaries().take(20) {
        let trace = store.trace(summary.trace_id, NOW).expect("what is listed is there");
        assert!(trace.len() as u64 >= summary.spans, "a trace only grows");
        let mut span_ids = BTreeSet::new();
        trace.for_each(0..trace.len(), |span| assert!(span_ids.insert(span.span_id), "no span twice"));
    }
}

fn write(store: &Store, share: &[OwnedSpan], acknowledged_roots: &AtomicUsize) {
    for batch in share.chunks(7) {
        with_borrowed(batch, |spans| store.accept(spans, NOW)).expect("there is room");
        let mut new_roots = 0;
        for span in batch {
            let trace = store.trace(span.trace_id, NOW).expect("what is acknowledged is there");
            let mut found = false;
            trace.for_each(0..trace.len(), |stored| found |= stored.span_id == span.span_id);
            assert!(found, "the span is in the answer that follows its acknowledgement");
            // Span 0 is a root of every trace, and each trace has one.
            new_roots += usize::from(span.span_id == SpanId::from_bytes([0; 16]));
        }
        acknowledged_roots.fetch_add(new_roots, Ordering::SeqCst);
    }
}

fn run(random: &mut SmallRng) {
    let mut all = spans(random);
    // Repeats of a root would be counted twice by `write`: each goes to the end, behind the count.
    let mut seen = BTreeSet::new();
    let (first, again): (Vec<_>, Vec<_>) = all.drain(..).partition(|s| seen.insert((s.trace_id, s.span_id)));
    let store = store();
    let acknowledged_roots = AtomicUsize::new(0);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    while !done.load(Ordering::SeqCst) {
                        read(&store, &acknowledged_roots);
                        store.evict(NOW);
                    }
                })
            })
            .collect();
        let share = first.len().div_ceil(WRITERS);
        let writers: Vec<_> = first
            .chunks(share)
            .map(|share| scope.spawn(|| write(&store, share, &acknowledged_roots)))
            .collect();
        let repeats = scope.spawn(|| {
            for batch in again.chunks(5) {
                with_borrowed(batch, |spans| store.accept(spans, NOW)).expect("there is room");
            }
        });
        let joined: Vec<_> = writers.into_iter().map(thread::ScopedJoinHandle::join).collect();
        let repeated = repeats.join();
        done.store(true, Ordering::SeqCst);
        let read: Vec<_> = readers.into_iter().map(thread::ScopedJoinHandle::join).collect();
        assert!(joined.iter().chain(&read).chain([&repeated]).all(Result::is_ok), "no thread failed");
    });
    let mut model = Model::default();
    model.accept(&first, NOW.saturating_sub(60_000_000_000), NOW);
    let expected = model.list(TimeRange::ALL, Timestamp::MIN);
    let listing = store.list(TimeRange::ALL, 1000, NOW);
    let found: Vec<_> = listing.summaries().map(|s| (s.trace_id, s.spans, s.start)).collect();
    let expected: Vec<_> = expected.iter().map(|s| (s.trace_id, s.spans, s.start)).collect();
    assert_eq!(found, expected);
    let ledger = store.ledger();
    assert_eq!((ledger.stored, ledger.repeated), (first.len() as u64, again.len() as u64));
}

#[test]
fn writers_and_readers_at_once_corrupt_nothing() {
    each_seed(schedules(200).min(2_000), run);
}
