//! A subscriber beside batches and maintenance.

use std::collections::{BTreeMap, BTreeSet};

use span::TraceId;
use sync::thread;

use crate::found::{Found, SpanKey, keys_of, trace_ids};
use crate::witness::Witness;
use crate::{SECOND, START, at, batch, explore, join_all};

/// How many notes are asked for at once.
const LIMIT: usize = 1;

/// A subscriber's copy of the store, which it keeps up to date as the dashboard does.
struct Subscriber {
    witness: Witness,
    position: u64,
    spans: BTreeMap<TraceId, BTreeSet<SpanKey>>,
}

impl Subscriber {
    fn new(witness: &Witness) -> Self {
        let mut subscriber = Self { witness: witness.clone(), position: 0, spans: BTreeMap::new() };
        subscriber.read_all();
        subscriber
    }

    fn read_all(&mut self) {
        // Order: first the position, then the snapshot.
        self.position = self.witness.store.subscribe(START);
        let found = Found::read(&self.witness.store.snapshot(START)).spans;
        self.spans = trace_ids().map(|id| (id, of_trace(&found, id))).collect();
    }

    /// Reads what has changed. Returns whether there may be more.
    fn follow(&mut self) -> bool {
        let Some(changed) = self.witness.store.changes(self.position, LIMIT, START) else {
            self.read_all();
            return true;
        };
        for &id in &changed.ids {
            let trace = self.witness.store.trace(id, START).ok();
            self.spans.insert(id, trace.iter().flat_map(keys_of).collect());
        }
        self.position = changed.next;
        changed.has_more
    }

    fn check(&mut self) {
        while self.follow() {}
        let known: BTreeSet<SpanKey> = self.spans.values().flatten().copied().collect();
        assert_eq!(known, self.witness.acknowledged());
    }
}

fn of_trace(found: &BTreeSet<SpanKey>, id: TraceId) -> BTreeSet<SpanKey> {
    found.iter().filter(|key| key.trace == id).copied().collect()
}

/// Lets a subscriber follow while two threads send, beside `other`.
fn follow_beside(other: impl Fn(&Witness) + Send + Sync + Clone + 'static) {
    explore(move || {
        let witness = Witness::in_memory();
        let sends = [[1, 4], [2, 3]].map(|numbers| {
            let witness = witness.clone();
            thread::spawn(move || numbers.iter().for_each(|&number| witness.send(&batch(number), START)))
        });
        let beside = thread::spawn({
            let (witness, other) = (witness.clone(), other.clone());
            move || other(&witness)
        });
        let mut subscriber = Subscriber::new(&witness);
        for _ in 0..2 {
            subscriber.follow();
        }
        join_all(sends.into_iter().chain([beside]));
        subscriber.check();
    });
}

#[test]
fn a_subscriber_hears_of_every_change_that_its_snapshot_does_not_have() {
    follow_beside(|witness| {
        witness.store.freeze(START);
        witness.store.seal();
    });
}

#[test]
fn a_subscriber_that_was_dropped_is_told_to_read_everything_again() {
    // Two minutes later no subscriber has asked for a minute.
    follow_beside(|witness| witness.store.maintain(at(120 * SECOND)));
}
