//! Batches and freezes with a log: each file of the log belongs to one generation.

use std::sync::Arc;

use platform::disk::Disk as _;
use sync::{SlowDisk, thread};
use testkit::SimDisk;

use crate::witness::Witness;
use crate::{START, batch, explore, join_all};

/// Checks that a process which starts after this moment finds what was acknowledged before it.
fn check_crash(witness: &Witness, disk: &SimDisk) {
    let before = witness.acknowledged();
    let files = disk.list().unwrap().into_iter().map(|file| file.name);
    let copies = files.map(|name| (name.clone(), disk.open(&name).unwrap().to_vec()));
    witness.check_start_on(SimDisk::holding(copies), &before);
}

/// There is little else, so that most interleavings of a batch and a seal are met.
#[test]
fn a_start_finds_a_batch_that_was_taken_beside_a_freeze_and_a_seal() {
    explore(|| {
        let disk = SimDisk::new();
        let witness = Witness::on(Arc::new(SlowDisk(disk.clone())));
        witness.send(&batch(1), START);
        let sends = thread::spawn({
            let witness = witness.clone();
            move || witness.send(&batch(2), START)
        });
        witness.store.freeze(START);
        witness.store.seal();
        sends.join().unwrap();
        check_crash(&witness, &disk);
    });
}

#[test]
fn a_start_finds_what_was_acknowledged_while_log_files_were_closed_and_removed() {
    explore(|| {
        let disk = SimDisk::new();
        let witness = Witness::on(Arc::new(SlowDisk(disk.clone())));
        let sends = [[1, 4], [2, 3]].map(|numbers| {
            let witness = witness.clone();
            thread::spawn(move || numbers.iter().for_each(|&number| witness.send(&batch(number), START)))
        });
        let maintenance = thread::spawn({
            let witness = witness.clone();
            move || {
                witness.store.freeze(START);
                witness.store.seal();
            }
        });
        let crashes = thread::spawn({
            let (witness, disk) = (witness.clone(), disk.clone());
            // The process ends at a moment that the model checker chooses.
            move || check_crash(&witness, &disk)
        });
        join_all(sends.into_iter().chain([maintenance, crashes]));
        check_crash(&witness, &disk);
        assert_eq!(witness.check_snapshot(START), witness.acknowledged());
    });
}
