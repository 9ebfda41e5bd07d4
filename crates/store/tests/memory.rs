//! The memory runs out because of data on the disk: the directory of its traces.

use std::sync::Arc;

use span::{Timestamp, TraceId};
use store::{Durability, Settings, Store};
use testkit::{OwnedSpan, SimDisk, with_borrowed};

const START: Timestamp = Timestamp(1_790_000_000_000_000_000);
const MEMORY_BYTES_MAX: usize = 4 * 1024 * 1024;
const BATCH_TRACES: u64 = 500;
const BATCHES: u64 = 1600;
/// A worker would run about this often.
const BATCHES_A_ROUND: u64 = 20;
const BATCH_NANOS: i64 = 1_000_000;

fn settings() -> Settings {
    Settings {
        window: std::time::Duration::from_hours(24),
        durability: Durability::Os,
        memory_bytes_max: MEMORY_BYTES_MAX,
        cores: 1,
        ..Settings::default()
    }
}

/// Returns traces of one span each, which need the most of the directory.
fn batch(number: u64, now: Timestamp) -> Vec<OwnedSpan> {
    let ids = number * BATCH_TRACES..(number + 1) * BATCH_TRACES;
    let root = |id: u64| {
        let id = u128::from(id).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        OwnedSpan { trace_id: TraceId::from_bytes(id.to_be_bytes()), ..OwnedSpan::root(1, 1, now) }
    };
    ids.map(root).collect()
}

fn check(store: &Store, now: Timestamp) {
    let stats = store.stats(now);
    assert!(stats.memory_bytes <= stats.memory_bytes_max, "{stats:?}");
    assert!(stats.segments < 200, "{stats:?}");
}

#[test]
fn a_directory_that_fills_the_memory_only_makes_the_window_shorter() {
    let store = Store::open(settings(), Arc::new(SimDisk::new()), START).unwrap();
    let mut now = START;
    for number in 0..BATCHES {
        now = now.saturating_add(BATCH_NANOS);
        with_borrowed(&batch(number, now), |spans| store.accept(spans, now)).unwrap();
        if number % BATCHES_A_ROUND == 0 {
            store.maintain(now);
            check(&store, now);
        }
    }
    let stats = store.stats(now);
    assert!(stats.traces > MEMORY_BYTES_MAX / 16, "most of the memory is of use: {stats:?}");
}
