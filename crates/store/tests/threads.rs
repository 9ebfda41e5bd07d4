//! Several writers and readers at once, with maintenance beside them: no span is lost or doubled, and acknowledged
//! spans are seen.

mod common;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use common::{START, WINDOW, accept, difference, open, settings};
use rand::rngs::SmallRng;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use span::{SpanId, TimeRange, TraceId};
use store::{Durability, Settings, Store};
use testkit::{Model, OwnedSpan, SimDisk, each_seed, schedules};

const WRITERS: usize = 6;
const READERS: usize = 2;
const TRACES: u16 = 60;

/// Where the store keeps its data.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Memory,
    Disk,
}

fn trace_id(number: u16) -> TraceId {
    let mut bytes = [7; 16];
    bytes[14..].copy_from_slice(&number.to_be_bytes());
    TraceId::from_bytes(bytes)
}

/// Returns traces of one to nine spans, each with a root; a few have two roots or duplicates.
fn spans(random: &mut SmallRng) -> Vec<OwnedSpan> {
    let mut spans = Vec::new();
    for number in 0..TRACES {
        let start = START.saturating_sub(random.random_range(0..30_000_000_000));
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

/// Checks what readers may rely on at any moment.
fn read(store: &Store, acknowledged_roots: &AtomicUsize) {
    let at_least = acknowledged_roots.load(Ordering::SeqCst);
    let listing = store.snapshot(START).list(TimeRange::ALL, 1000);
    assert!(listing.total >= at_least, "{} of at least {at_least}", listing.total);
    let keys: Vec<_> = listing.summaries().map(|s| (std::cmp::Reverse(s.start), s.trace_id)).collect();
    assert_eq!(keys.len(), listing.total);
    assert!(keys.is_sorted(), "in the order of the list");
    let ids: BTreeSet<TraceId> = keys.iter().map(|&(_, id)| id).collect();
    assert_eq!(ids.len(), keys.len(), "no trace twice");
    for summary in listing.summaries().take(20) {
        let trace = store.trace(summary.trace_id, START).expect("what is listed is there");
        assert!(trace.len() as u64 >= summary.spans, "a trace only grows");
        let mut span_ids = BTreeSet::new();
        trace.for_each(0..trace.len(), |span| assert!(span_ids.insert(span.span_id), "no span twice"));
    }
}

fn write(store: &Store, share: &[OwnedSpan], acknowledged_roots: &AtomicUsize) {
    for batch in share.chunks(7) {
        accept(store, batch, START).expect("there is room");
        let mut new_roots = 0;
        for span in batch {
            let trace = store.trace(span.trace_id, START).expect("what is acknowledged is there");
            let mut found = false;
            trace.for_each(0..trace.len(), |stored| found |= stored.span_id == span.span_id);
            assert!(found, "the span is in the answer that follows its acknowledgement");
            // Span 0 is a root in every trace, and each trace has exactly one such root.
            new_roots += usize::from(span.span_id == SpanId::from_bytes([0; 16]));
        }
        acknowledged_roots.fetch_add(new_roots, Ordering::SeqCst);
    }
}

/// Runs the steps of maintenance in random order until `done`.
fn keep(store: &Store, random: &mut SmallRng, done: &AtomicBool) {
    while !done.load(Ordering::SeqCst) {
        match random.random_range(0..5u8) {
            0 => store.freeze(START),
            1 => drop(store.seal()),
            2 => drop(store.merge()),
            3 => store.evict(START),
            _ => store.maintain(START),
        }
    }
}

/// Writes all spans at once, with readers and maintenance beside them.
fn fill(random: &mut SmallRng, store: &Store, first: &[OwnedSpan], again: &[OwnedSpan]) {
    let acknowledged_roots = AtomicUsize::new(0);
    let done = AtomicBool::new(false);
    let mut of_upkeep = SmallRng::seed_from_u64(random.random());
    thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS)
            .map(|_| {
                scope.spawn(|| {
                    while !done.load(Ordering::SeqCst) {
                        read(store, &acknowledged_roots);
                    }
                })
            })
            .collect();
        let upkeep = scope.spawn(|| keep(store, &mut of_upkeep, &done));
        let share = first.len().div_ceil(WRITERS);
        let writers: Vec<_> = first
            .chunks(share)
            .map(|share| scope.spawn(|| write(store, share, &acknowledged_roots)))
            .collect();
        let repeats = scope.spawn(|| {
            for batch in again.chunks(5) {
                accept(store, batch, START).expect("there is room");
            }
        });
        let mut joined: Vec<_> = writers.into_iter().map(thread::ScopedJoinHandle::join).collect();
        joined.push(repeats.join());
        done.store(true, Ordering::SeqCst);
        joined.push(upkeep.join());
        joined.extend(readers.into_iter().map(thread::ScopedJoinHandle::join));
        assert!(joined.iter().all(Result::is_ok), "no thread failed");
    });
}

fn run(random: &mut SmallRng, place: Place) {
    let mut all = spans(random);
    // `write` would count duplicates of a root twice, so all duplicates are sent by another thread.
    let mut seen = BTreeSet::new();
    let (first, again): (Vec<_>, Vec<_>) = all.drain(..).partition(|s| seen.insert((s.trace_id, s.span_id)));
    let settings = Settings { cores: 2, ..settings(Durability::Os) };
    let disk = SimDisk::new();
    let store = match place {
        Place::Memory => Store::in_memory(settings, START),
        Place::Disk => open(&settings, &disk, START),
    };
    fill(random, &store, &first, &again);
    let mut model = Model::default();
    model.accept(&first, START.saturating_sub(WINDOW), START);
    assert_eq!(difference(&store, &model, START), None);
    let ledger = store.ledger();
    assert_eq!((ledger.stored, ledger.repeated), (first.len() as u64, again.len() as u64));
    if place == Place::Disk {
        let store = open(&settings, &disk.crash(), START);
        assert_eq!(difference(&store, &model, START), None, "after the end of the process");
    }
}

#[test]
fn writers_readers_and_maintenance_at_once_corrupt_nothing_in_memory() {
    each_seed(schedules(200).min(2_000), |random| run(random, Place::Memory));
}

#[test]
fn writers_readers_and_maintenance_at_once_corrupt_nothing_on_a_disk_that_is_opened_again() {
    each_seed(schedules(200).min(2_000), |random| run(random, Place::Disk));
}
