//! What the threads of a check have sent to a store, and what its answers must have then.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use checked_store::{Durability, Store};
use platform::disk::Disk;
use span::Timestamp;
use sync::thread;
use testkit::{OwnedSpan, SimDisk, with_borrowed};

use crate::found::{Found, SpanKey, keys_of, trace_ids};
use crate::{START, settings};

/// A store whose answers are compared with what was sent before. Clones are the same store.
#[derive(Clone)]
pub(crate) struct Witness {
    pub(crate) store: Arc<Store>,
    /// Held for a moment only, in which no other thread of the model checker can run.
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    /// The spans of each batch.
    batches: Vec<Vec<SpanKey>>,
    acknowledged: BTreeSet<SpanKey>,
}

fn key_of(span: &OwnedSpan) -> SpanKey {
    let is_root = span.parent_span_id.is_none();
    SpanKey { trace: span.trace_id, span: span.span_id, start: span.start, is_root }
}

impl Witness {
    pub(crate) fn in_memory() -> Self {
        Self::of(Store::in_memory(settings(Durability::Memory), START))
    }

    pub(crate) fn on(disk: Arc<dyn Disk>) -> Self {
        Self::of(Store::open(settings(Durability::Os), disk, START).unwrap())
    }

    fn of(store: Store) -> Self {
        Self { store: Arc::new(store), seen: Arc::default() }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn acknowledged(&self) -> BTreeSet<SpanKey> {
        self.seen().acknowledged.clone()
    }

    /// Sends a batch, and checks that the answers have it when it is acknowledged.
    pub(crate) fn send(&self, batch: &[OwnedSpan], now: Timestamp) {
        let keys: Vec<SpanKey> = batch.iter().map(key_of).collect();
        self.seen().batches.push(keys.clone());
        let accepted = with_borrowed(batch, |spans| self.store.accept(spans, now)).unwrap();
        assert_eq!(accepted.stored + accepted.repeated, batch.len() as u64, "{accepted:?}");
        self.seen().acknowledged.extend(keys);
    }

    /// Seals what was sent so far. No other thread may run yet.
    pub(crate) fn seal_all(&self) {
        self.store.freeze(START);
        assert!(self.store.seal());
    }

    /// Takes a snapshot, checks it, and returns its spans.
    pub(crate) fn check_snapshot(&self, now: Timestamp) -> BTreeSet<SpanKey> {
        let before = self.acknowledged();
        let snapshot = self.store.snapshot(now);
        thread::yield_now();
        let found = Found::read(&snapshot);
        thread::yield_now();
        let again = Found::read(&snapshot);
        let cutoff = self.store.cutoff(now);
        if cutoff == snapshot.cutoff() {
            assert_eq!(again, found, "a snapshot changes");
            found.check_list();
        }
        assert!(found.spans.iter().all(|key| key.start >= snapshot.cutoff()), "{found:?}");
        self.check(&before, &found.spans, cutoff);
        found.spans
    }

    /// Checks each trace when it is read alone, while nothing leaves the window.
    pub(crate) fn check_traces(&self, now: Timestamp) {
        for id in trace_ids() {
            let mut before = self.acknowledged();
            before.retain(|key| key.trace == id);
            let trace = self.store.trace(id, now).ok();
            let found = trace.iter().flat_map(keys_of).collect();
            self.check(&before, &found, Timestamp::MIN);
        }
    }

    /// Checks that a start from these files finds these spans, and no parts of batches.
    pub(crate) fn check_start_on(&self, files: SimDisk, before: &BTreeSet<SpanKey>) {
        let started = Store::open(settings(Durability::Os), Arc::new(files), START).unwrap();
        let snapshot = started.snapshot(START);
        self.check(before, &Found::read(&snapshot).spans, snapshot.cutoff());
    }

    /// Checks that an answer has what was acknowledged before it and starts at or after `cutoff`, nothing that was never
    /// sent, and no part of what a batch has of a trace.
    pub(crate) fn check(&self, before: &BTreeSet<SpanKey>, found: &BTreeSet<SpanKey>, cutoff: Timestamp) {
        for key in before.iter().filter(|key| key.start >= cutoff) {
            assert!(found.contains(key), "acknowledged and not found: {key:?}");
        }
        let seen = self.seen();
        let sent: BTreeSet<&SpanKey> = seen.batches.iter().flatten().collect();
        assert!(found.iter().all(|key| sent.contains(key)), "{found:?}");
        for batch in &seen.batches {
            let is_new = |key: &&SpanKey| key.start >= cutoff && !before.contains(key);
            for id in trace_ids() {
                let keys = batch.iter().filter(|key| key.trace == id).filter(is_new);
                let (there, missing): (Vec<_>, Vec<_>) = keys.partition(|key| found.contains(key));
                let is_of_another = |key: &&SpanKey| {
                    seen.batches.iter().filter(|other| *other != batch).flatten().any(|other| other == *key)
                };
                let there: Vec<_> = there.into_iter().filter(|key| !is_of_another(key)).collect();
                assert!(
                    there.is_empty() || missing.is_empty(),
                    "a part of a batch: {there:?} without {missing:?}"
                );
            }
        }
    }
}
