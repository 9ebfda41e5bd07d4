//! A byte of a segment changes after the segment was written, while the store is open. The store has no start in
//! between that would check the file.

use std::collections::BTreeSet;

use store::{Durability, Settings, Store};
use testkit::{DamagingDisk, SimDisk};

use super::*;

/// The batch that goes into the damaged segment.
const DAMAGED: usize = 1;

/// Returns a store that has taken all batches, with a damaged byte in one segment. If the store cannot open the segment,
/// it writes it again later.
fn store_with_damaged(byte: usize) -> Store {
    let settings = Settings { merged_segments: 2, ..settings(Durability::Os) };
    let disk = DamagingDisk::default();
    let store = open(&settings, &disk, START);
    for (number, batch) in batches().iter().enumerate() {
        accept(&store, batch, START).expect("there is room");
        if number < SEALED {
            disk.damage((number == DAMAGED).then_some(byte));
            store.freeze(START);
            assert!(store.seal() || number == DAMAGED, "byte {byte}, segment {number}");
        }
    }
    store
}

fn segment_bytes() -> usize {
    healthy()
        .1
        .iter()
        .filter(|(name, _)| name.ends_with(".segment"))
        .map(|(_, bytes)| bytes.len())
        .max()
        .unwrap()
}

#[test]
fn a_byte_that_changes_while_the_store_runs_costs_that_segment_at_most() {
    let (all, without) = (model_without(&BTreeSet::new()), model_without(&gone(&[DAMAGED])));
    let (mut unnoticed, mut costly) = (0, 0);
    for byte in 0..segment_bytes() {
        let store = store_with_damaged(byte);
        // The first read of a damaged place takes the segment out.
        if difference(&store, &all, START).is_none() {
            unnoticed += 1;
        } else {
            assert_eq!(difference(&store, &without, START), None, "byte {byte}");
            assert_eq!(store.stats(START).health.damaged_files, 1, "byte {byte}");
            costly += 1;
        }
        // A merge reads what no question reads.
        store.maintain(START);
        let model = if store.stats(START).health.damaged_files == 0 { &all } else { &without };
        assert_eq!(difference(&store, model, START), None, "byte {byte}, after a merge");
    }
    assert!(costly > 200 && unnoticed > 200, "{costly} bytes cost the segment, and {unnoticed} do not");
}

/// Without a log, nothing but the quarantined file knows its generation.
#[test]
fn a_quarantined_file_is_never_replaced_by_a_later_one() {
    let settings = settings(Durability::Memory);
    let mut disk = SimDisk::new();
    for round in 1..=3 {
        let store = open(&settings, &disk, START);
        accept(&store, &batches()[0], START).expect("there is room");
        store.freeze(START);
        assert!(store.seal());
        let mut files = files_of(&disk.crash());
        let name = segments_of(&files).next().expect("it was just sealed").clone();
        let middle = files[&name].len() / 2;
        files.get_mut(&name).expect("it is there")[middle] ^= 1;
        disk = SimDisk::holding(files);
        let store = open(&settings, &disk, START);
        drop(difference(&store, &model_without(&gone(&[])), START));
        store.maintain(START);
        let after = files_of(&disk.crash());
        let kept = after.keys().filter(|name| name.ends_with(".damaged")).count();
        assert_eq!(kept, round, "{:?}", after.keys());
        disk = SimDisk::holding(after);
    }
}
