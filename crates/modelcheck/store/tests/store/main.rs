//! `Store` under the interleavings of a model checker: batches, snapshots and the change feed beside maintenance.
//!
//! A check that fails names its seed; `MODEL_SEED` runs it again, and `MODEL_SCHEDULES` says how many are run.
#![expect(clippy::unwrap_used, reason = "all of this crate is a test")]

mod changes;
mod damage;
mod eviction;
mod found;
mod log;
mod snapshots;
mod space_gate;
mod witness;

use std::time::Duration;

use checked_store::{Durability, Settings};
use span::Timestamp;
use sync::thread::JoinHandle;
use testkit::OwnedSpan;

/// Few are run with the other tests. `make model-check` runs many.
const SEEDS: u64 = 4;

const START: Timestamp = Timestamp(1_790_000_000_000_000_000);
const SECOND: i64 = 1_000_000_000;
/// Longer than a subscriber may be silent.
const WINDOW: i64 = 600 * SECOND;

/// The span that every batch has, as a client does that sends a batch again.
const SHARED_SPAN: u8 = 100;
const TRACES: u8 = 2;

/// Runs `check` under the interleavings of each seed.
fn explore(check: impl Fn() + Send + Sync + Clone + 'static) {
    explore_some(1, check);
}

/// As `explore`, with one seed where others have `share` of them: for checks that take long.
fn explore_some(share: u64, check: impl Fn() + Send + Sync + Clone + 'static) {
    sync::explore(SEEDS, share, check);
}

fn join_all(threads: impl IntoIterator<Item = JoinHandle<()>>) {
    for thread in threads {
        thread.join().unwrap();
    }
}

/// Returns settings with few shards, and merges of two segments.
fn settings(durability: Durability) -> Settings {
    Settings {
        window: Duration::from_nanos(WINDOW.unsigned_abs()),
        durability,
        cores: 1,
        merged_segments: 2,
        ..Settings::default()
    }
}

fn at(nanos: i64) -> Timestamp {
    START.saturating_add(nanos)
}

/// Returns a batch with spans of all traces. Batches with greater numbers have earlier roots, which supersede those of
/// the others.
fn batch(number: u8) -> Vec<OwnedSpan> {
    let spans = |trace| {
        [
            OwnedSpan::root(trace, number, at(50 - i64::from(number))),
            OwnedSpan::child(trace, 10 + number, number, at(60)),
            OwnedSpan::child(trace, SHARED_SPAN, 1, at(70)),
        ]
    };
    (1..=TRACES).flat_map(spans).collect()
}
