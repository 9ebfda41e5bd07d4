//! Snapshots while the window moves on.

use sync::thread;
use testkit::OwnedSpan;

use crate::witness::Witness;
use crate::{SECOND, START, WINDOW, at, explore, join_all};

/// A start that is inside the window at `START`, and not a second later.
const OLD: i64 = SECOND / 2 - WINDOW;

#[test]
fn a_snapshot_has_what_its_cutoff_says_while_a_trace_is_evicted_and_its_id_begins_another() {
    explore(|| {
        let later = at(SECOND);
        let witness = Witness::in_memory();
        witness.send(&[OwnedSpan::root(1, 1, at(OLD)), OwnedSpan::root(2, 1, at(OLD))], START);
        witness.seal_all();
        witness.send(&[OwnedSpan::child(1, 2, 1, at(OLD + 1))], START);
        let evicts = thread::spawn({
            let witness = witness.clone();
            move || {
                witness.store.evict(later);
                witness.store.freeze(later);
                witness.store.seal();
                witness.store.evict(later);
            }
        });
        let sends = thread::spawn({
            let witness = witness.clone();
            move || {
                for trace in [1, 2] {
                    witness.send(&[OwnedSpan::root(trace, 3, at(0))], later);
                }
            }
        });
        let reads = [START, later].map(|now| {
            let witness = witness.clone();
            thread::spawn(move || {
                for _ in 0..2 {
                    witness.check_snapshot(now);
                }
            })
        });
        join_all(reads.into_iter().chain([evicts, sends]));
        assert_eq!(witness.check_snapshot(later).len(), 2);
    });
}
