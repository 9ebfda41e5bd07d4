//! `wal::Log` under the interleavings of a model checker: which thread writes for which, and which threads are
//! notified and woken.
//!
//! A check that fails names its seed; `MODEL_SEED` runs it again, and `MODEL_SCHEDULES` says how many are run.
#![expect(clippy::unwrap_used, reason = "all of this crate is a test")]

mod appends;
mod disk;
mod witness;

/// Few are run with the other tests. `make model-check` runs many.
const SEEDS: u64 = 40;

/// Runs `check` under the interleavings of each seed.
fn explore(check: impl Fn() + Send + Sync + Clone + 'static) {
    explore_some(1, check);
}

/// As `explore`, with one seed where others have `share` of them: for checks that take long.
fn explore_some(share: u64, check: impl Fn() + Send + Sync + Clone + 'static) {
    sync::explore(SEEDS, share, check);
}
