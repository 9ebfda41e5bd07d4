//! Snapshots beside batches, freezes, seals and merges.

use std::collections::BTreeSet;

use sync::thread;

use crate::witness::Witness;
use crate::{START, batch, explore, join_all};

const READS: usize = 2;

/// Sends batches of two threads.
fn send_from_two(witness: &Witness) -> Vec<thread::JoinHandle<()>> {
    let sends = [[1, 4], [2, 3]].map(|numbers| {
        let witness = witness.clone();
        thread::spawn(move || numbers.iter().for_each(|&number| witness.send(&batch(number), START)))
    });
    sends.into()
}

fn read_again_and_again(witness: &Witness) -> thread::JoinHandle<()> {
    let witness = witness.clone();
    thread::spawn(move || {
        let mut before = BTreeSet::new();
        for _ in 0..READS {
            let found = witness.check_snapshot(START);
            assert!(found.is_superset(&before), "a later snapshot has less");
            before = found;
            witness.check_traces(START);
        }
    })
}

fn maintain(witness: &Witness, work: impl Fn(&Witness) + Send + 'static) -> thread::JoinHandle<()> {
    let witness = witness.clone();
    thread::spawn(move || work(&witness))
}

/// Takes snapshots while one batch is taken and `work` is done. There is little else, so that most interleavings of the
/// two are met.
fn read_beside_one_batch(prepare: fn(&Witness), work: fn(&Witness)) {
    explore(move || {
        let witness = Witness::in_memory();
        prepare(&witness);
        let works = maintain(&witness, work);
        let sends = maintain(&witness, |witness| witness.send(&batch(7), START));
        let reads = maintain(&witness, |witness| drop(witness.check_snapshot(START)));
        join_all([works, sends, reads]);
        assert_eq!(witness.check_snapshot(START), witness.acknowledged());
    });
}

#[test]
fn a_snapshot_is_of_one_moment_beside_a_batch() {
    read_beside_one_batch(
        |witness| {
            witness.send(&batch(5), START);
            witness.seal_all();
            witness.send(&batch(6), START);
        },
        |_| {},
    );
}

#[test]
fn a_snapshot_is_of_one_moment_beside_a_freeze() {
    read_beside_one_batch(|witness| witness.send(&batch(6), START), |witness| witness.store.freeze(START));
}

#[test]
fn a_snapshot_is_of_one_moment_beside_a_seal() {
    read_beside_one_batch(
        |witness| {
            witness.send(&batch(6), START);
            witness.store.freeze(START);
        },
        |witness| assert!(witness.store.seal()),
    );
}

#[test]
fn a_snapshot_is_of_one_moment_beside_a_merge() {
    read_beside_one_batch(
        |witness| {
            for number in [5, 6] {
                witness.send(&batch(number), START);
                witness.seal_all();
            }
        },
        |witness| assert!(witness.store.merge()),
    );
}

#[test]
fn a_snapshot_has_what_was_acknowledged_while_generations_are_frozen_and_sealed() {
    explore(|| {
        let witness = Witness::in_memory();
        let mut threads = send_from_two(&witness);
        threads.push(read_again_and_again(&witness));
        threads.push(maintain(&witness, |witness| {
            for _ in 0..2 {
                witness.store.freeze(START);
                witness.store.seal();
            }
        }));
        join_all(threads);
        assert_eq!(witness.check_snapshot(START), witness.acknowledged());
    });
}

#[test]
fn a_snapshot_has_what_was_acknowledged_while_segments_are_merged() {
    explore(|| {
        let witness = Witness::in_memory();
        for number in [5, 6] {
            witness.send(&batch(number), START);
            witness.seal_all();
        }
        let mut threads = send_from_two(&witness);
        threads.push(read_again_and_again(&witness));
        threads.push(maintain(&witness, |witness| {
            witness.store.merge();
            witness.store.freeze(START);
            witness.store.seal();
            witness.store.merge();
        }));
        join_all(threads);
        assert_eq!(witness.check_snapshot(START), witness.acknowledged());
    });
}
