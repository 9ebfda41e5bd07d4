//! Damage that only a later question finds.

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use span::{TimeRange, TraceId};
use store::{Durability, Outcome, Selection, Settings};
use testkit::{Model, OwnedAttribute, OwnedSpan, SimDisk};

use super::*;

/// Returns so many spans that a segment has several blocks, each with its own checksum; only reading a block finds
/// damage.
fn bulk() -> Vec<OwnedSpan> {
    let mut random = SmallRng::seed_from_u64(1);
    let mut noise = || {
        let text: String = (0..300).map(|_| char::from(random.random_range(b' '..=b'~'))).collect();
        OwnedAttribute::text("noise".to_owned(), text)
    };
    let mut span = |number: u32| {
        let mut id = [9; 16];
        id[..4].copy_from_slice(&number.to_be_bytes());
        let start = START.saturating_sub(20 * SECOND);
        OwnedSpan {
            span_id: span::SpanId::from_bytes(id),
            attributes: vec![noise()],
            ..OwnedSpan::child(9, 0, 1, start)
        }
    };
    (0..1500).map(&mut span).collect()
}

#[test]
fn damage_that_is_met_late_costs_the_segment_and_no_trace_elsewhere() {
    let settings = Settings { merged_segments: 8, ..settings(Durability::Os) };
    let all = [&batches()[0][..], &bulk()].concat();
    let others = &batches()[1..];
    let disk = SimDisk::new();
    let store = open(&settings, &disk, START);
    let mut without = Model::default();
    let mut whole = Model::default();
    for (number, batch) in std::iter::once(&all).chain(others).enumerate() {
        accept(&store, batch, START).expect("there is room");
        whole.accept(batch, START.saturating_sub(60 * SECOND), START);
        if number > 0 {
            without.accept(batch, START.saturating_sub(60 * SECOND), START);
        }
        if number < SEALED {
            store.freeze(START);
            assert!(store.seal());
        }
    }
    store.evict(START);
    assert_eq!(difference(&store, &whole, START), None);
    let files = files_of(&disk.crash());
    let name = segments_of(&files).next().unwrap();
    let mut met_late = 0;
    for part in 1..16 {
        let mut bytes = files[name].clone();
        let at = bytes.len() * part / 16;
        bytes[at] ^= 1;
        let disk = disk_with(&files, name, bytes);
        let store = open(&settings, &disk, START);
        met_late += usize::from(store.stats(START).health.damaged_files == 0);
        // Reads everything, and so finds the damage.
        drop(difference(&store, &whole, START));
        // Maintenance lists the roots again that the segment superseded.
        store.maintain(START);
        assert_eq!(difference(&store, &without, START), None, "byte {at}");
        assert_eq!(store.stats(START).health.damaged_files, 1);
        let store = open(&settings, &disk.crash(), START);
        assert_eq!(difference(&store, &without, START), None, "byte {at}, after a restart");
    }
    assert!(met_late > 5, "{met_late}");
}

/// Returns so many traces that the columns of their roots have several blocks.
fn many_traces() -> Vec<OwnedSpan> {
    let root = |number: u32| {
        let mut id = [7; 16];
        id[12..].copy_from_slice(&number.to_be_bytes());
        let start = START.saturating_sub(20 * SECOND).saturating_add(i64::from(number) * 7919);
        OwnedSpan { trace_id: TraceId::from_bytes(id), ..OwnedSpan::root(1, 1, start) }
    };
    (0..60_000).map(root).collect()
}

/// A list reads the latest rows of a segment, and its total by outcome then reads all of them.
#[test]
fn an_answer_has_all_of_a_segment_or_nothing_when_only_counting_meets_the_damage() {
    const LIMIT: usize = 10;
    let settings = settings(Durability::Os);
    let disk = SimDisk::new();
    let store = open(&settings, &disk, START);
    let traces = many_traces();
    for batch in traces.chunks(5000) {
        accept(&store, batch, START).expect("there is room");
    }
    store.freeze(START);
    assert!(store.seal());
    let files = files_of(&disk.crash());
    let name = segments_of(&files).next().unwrap();
    let selection = Selection { range: TimeRange::ALL, outcome: Outcome::Ok };
    let mut met = 0;
    for part in 1..64 {
        let mut bytes = files[name].clone();
        let at = bytes.len() * part / 64;
        bytes[at] ^= 1;
        let store = open(&settings, &disk_with(&files, name, bytes), START);
        let snapshot = store.snapshot(START);
        let listing = snapshot.list(selection, LIMIT);
        let expected = if listing.left_out > 0 { 0 } else { traces.len() };
        let rows = listing.summaries().len();
        if store.stats(START).health.damaged_files == 0 || listing.left_out > 0 {
            assert_eq!((listing.total, rows), (expected, expected.min(LIMIT)), "byte {at}");
        }
        met += listing.left_out;
    }
    assert!(met > 5, "{met}");
}
