//! Few spans that are large: segments of them are not merged, because a merge must stay within the memory.

use std::sync::Arc;
use std::time::Duration;

use span::{Timestamp, TraceId};
use store::{Durability, LimitedBy, Settings, Store};
use testkit::{OwnedAttribute, OwnedSpan, SimDisk, with_borrowed};

const START: Timestamp = Timestamp(1_790_000_000_000_000_000);
const MEMORY_BYTES_MAX: usize = 16 * 1024 * 1024;

fn settings() -> Settings {
    Settings {
        window: Duration::from_hours(24),
        durability: Durability::Os,
        memory_bytes_max: MEMORY_BYTES_MAX,
        cores: 1,
        ..Settings::default()
    }
}

/// Makes a segment of one span with a text of this many bytes.
fn add_segment(store: &Store, number: u64, text_bytes: usize, now: Timestamp) {
    let trace_id = TraceId::from_bytes(u128::from(number + 1).to_be_bytes());
    let text = OwnedAttribute::text("text", "x".repeat(text_bytes));
    let span = OwnedSpan { trace_id, attributes: vec![text], ..OwnedSpan::root(1, 1, now) };
    with_borrowed(&[span], |spans| store.accept(spans, now)).expect("there is space");
    store.freeze(now);
    assert!(store.seal());
}

#[test]
fn only_segments_that_fit_into_the_memory_together_are_merged() {
    for (text_bytes, merges) in [(16, true), (60_000, true), (300_000, false)] {
        let store = Store::open(settings(), Arc::new(SimDisk::new()), START).unwrap();
        for number in 0..8 {
            add_segment(&store, number, text_bytes, START);
        }
        assert_eq!(store.merge(), merges, "8 segments with {text_bytes} bytes each");
        assert_eq!(store.stats(START).spans, 8);
    }
}

#[test]
fn segments_that_cannot_be_merged_make_the_window_shorter_before_their_numbers_run_out() {
    let store = Store::open(settings(), Arc::new(SimDisk::new()), START).unwrap();
    let mut now = START;
    for number in 0..2100 {
        now = now.saturating_add(1_000_000);
        add_segment(&store, number, 1_100_000, now);
        if number % 16 == 0 {
            store.maintain(now);
        }
    }
    store.maintain(now);
    let stats = store.stats(now);
    assert!((1700..1900).contains(&stats.segments), "{stats:?}");
    assert_eq!((stats.limited_by, stats.spans), (LimitedBy::Memory, stats.segments as u64));
    assert_eq!(store.ledger().evicted_by_memory + stats.spans, 2100);
}
