//! A damaged segment that several threads meet at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use sync::{SlowDisk, thread};
use testkit::DamagingDisk;

use crate::found::{Found, SpanKey, keys_of, trace_ids};
use crate::witness::Witness;
use crate::{START, batch, explore, join_all};

/// A byte of the trace ids in a small segment: a segment with this damage can be opened.
const DAMAGED_BYTE: usize = 200;

/// Returns a store with a good and a damaged segment, and the spans that only the damaged one has.
fn with_damaged_segment() -> (Witness, BTreeSet<SpanKey>) {
    let disk = DamagingDisk::default();
    let witness = Witness::on(Arc::new(SlowDisk(disk.clone())));
    witness.send(&batch(5), START);
    witness.seal_all();
    let good = witness.acknowledged();
    // Its roots supersede those of the good segment.
    witness.send(&batch(6), START);
    disk.damage(Some(DAMAGED_BYTE));
    witness.seal_all();
    disk.damage(None);
    let lost = witness.acknowledged().difference(&good).copied().collect();
    (witness, lost)
}

/// Checks that a snapshot has everything but the spans of the damaged segment.
fn check_snapshot(witness: &Witness, lost: &BTreeSet<SpanKey>) {
    let before: BTreeSet<SpanKey> = witness.acknowledged().difference(lost).copied().collect();
    let snapshot = witness.store.snapshot(START);
    let traces = trace_ids().filter_map(|id| snapshot.trace(id).ok());
    let found: BTreeSet<SpanKey> = traces.flat_map(|trace| keys_of(&trace)).collect();
    assert!(found.is_superset(&before), "{found:?} has not all of {before:?}");
    if snapshot.left_out() == 0 {
        // The segment is not in the view any more, and nothing is missing beside its spans.
        assert!(found.is_disjoint(lost), "{found:?}");
        let whole = Found::read(&snapshot);
        whole.check_list();
        assert_eq!(whole.spans, found);
    }
}

#[test]
fn a_damaged_segment_is_left_out_by_snapshots_batches_seals_and_merges_alike() {
    explore(|| {
        let (witness, lost) = with_damaged_segment();
        let sends = thread::spawn({
            let witness = witness.clone();
            move || [4, 7].iter().for_each(|&number| witness.send(&batch(number), START))
        });
        let reads = [(); 2].map(|()| {
            let (witness, lost) = (witness.clone(), lost.clone());
            thread::spawn(move || check_snapshot(&witness, &lost))
        });
        let maintenance = thread::spawn({
            let witness = witness.clone();
            move || {
                witness.store.freeze(START);
                witness.store.maintain(START);
            }
        });
        join_all(reads.into_iter().chain([sends, maintenance]));
        witness.store.maintain(START);
        let snapshot = witness.store.snapshot(START);
        let expected: BTreeSet<SpanKey> = witness.acknowledged().difference(&lost).copied().collect();
        let found = Found::read(&snapshot);
        found.check_list();
        assert_eq!(found.spans, expected);
        assert_eq!(snapshot.left_out(), 0);
        assert_eq!(witness.store.stats(START).health.damaged_files, 1);
    });
}

/// There is little else, so that most interleavings of the two are met.
#[test]
fn no_root_is_restored_that_a_batch_has_superseded_meanwhile() {
    explore(|| {
        let (witness, lost) = with_damaged_segment();
        // An empty generation would not be frozen.
        witness.send(&batch(4), START);
        let sends = thread::spawn({
            let witness = witness.clone();
            move || {
                witness.store.freeze(START);
                witness.send(&batch(7), START);
            }
        });
        check_snapshot(&witness, &lost);
        sends.join().unwrap();
        let found = Found::read(&witness.store.snapshot(START));
        found.check_list();
    });
}
