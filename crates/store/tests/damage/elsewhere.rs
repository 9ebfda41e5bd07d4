//! The spans of a damaged segment are still elsewhere: in the segments that it was merged from, or in its log.

use std::sync::Arc;

use store::{Durability, Settings, Store};
use testkit::SimDisk;

use super::*;

/// Returns the files of a store with two segments, before and after they were merged.
fn before_and_after_a_merge() -> (Settings, Files, Files) {
    let settings = Settings { merged_segments: 2, ..settings(Durability::Os) };
    let disk = SimDisk::new();
    let store = open(&settings, &disk, START);
    for batch in &batches()[..2] {
        accept(&store, batch, START).expect("there is room");
        store.freeze(START);
        assert!(store.seal());
    }
    store.evict(START);
    let before = files_of(&disk);
    assert!(store.merge());
    (settings, before, files_of(&disk.crash()))
}

#[test]
fn a_merged_segment_beside_its_inputs_is_counted_once() {
    let (settings, before, after) = before_and_after_a_merge();
    let both: Files = before.into_iter().chain(after.clone()).collect();
    assert_eq!(segments_of(&both).count(), 3);
    let disk = SimDisk::holding(both);
    let store = open(&settings, &disk, START);
    assert_eq!(difference(&store, &model_without(&gone(&[2, 3, 4, 5, 6])), START), None);
    assert_eq!(segments_of(&files_of(&disk)).collect::<Vec<_>>(), segments_of(&after).collect::<Vec<_>>());
}

#[test]
fn a_merged_segment_that_is_damaged_gives_way_to_its_inputs() {
    let (settings, before, after) = before_and_after_a_merge();
    let merged = segments_of(&after).next().unwrap().clone();
    for at in 0..after[&merged].len() {
        let mut both: Files = before.clone().into_iter().chain(after.clone()).collect();
        both.get_mut(&merged).unwrap()[at] ^= 1;
        let disk = SimDisk::holding(both);
        let store = Store::open(settings, Arc::new(disk.clone()), START).unwrap();
        let difference = difference(&store, &model_without(&gone(&[2, 3, 4, 5, 6])), START);
        assert_eq!(difference, None, "byte {at}");
    }
}

#[test]
fn a_segment_that_is_damaged_gives_way_to_its_log() {
    let settings = settings(Durability::Os);
    let disk = SimDisk::new();
    let store = open(&settings, &disk, START);
    accept(&store, &batches()[0], START).expect("there is room");
    store.freeze(START);
    let before = files_of(&disk);
    assert!(store.seal());
    let after = files_of(&disk.crash());
    let sealed = segments_of(&after).next().unwrap().clone();
    for at in (0..after[&sealed].len()).filter(|at| !(8..10).contains(at)) {
        let mut both: Files = before.clone().into_iter().chain(after.clone()).collect();
        both.get_mut(&sealed).unwrap()[at] ^= 1;
        let disk = SimDisk::holding(both);
        let store = open(&settings, &disk, START);
        let difference = difference(&store, &model_without(&gone(&[1, 2, 3, 4, 5, 6])), START);
        assert_eq!(difference, None, "byte {at}");
    }
}
