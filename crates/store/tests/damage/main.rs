//! Damage on the disk: every byte of every file is changed, and every file is cut at every length, one at a time. The
//! answers have everything that was acknowledged except for what the damaged place had, and the loss is counted.

#![expect(clippy::unwrap_used, reason = "all of this crate is a test")]

mod at_runtime;
#[path = "../common/mod.rs"]
mod common;
mod elsewhere;
mod every_byte;
mod late;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use common::{SECOND, START, accept, difference, open, settings};
use platform::disk::Disk;
use store::{Durability, Settings, Store};
use testkit::{Model, OwnedAttribute, OwnedSpan, SimDisk};

type Files = BTreeMap<String, Vec<u8>>;

/// Batches 0, 1 and 2 are a segment each; 3 and 4 are in one log file, 5 and 6 in another.
const SEALED: usize = 3;
const LOG_FILES: [[usize; 2]; 2] = [[3, 4], [5, 6]];

/// Traces with pieces in several batches: roots first and last, a smaller root after a larger one, and an error.
fn batches() -> Vec<Vec<OwnedSpan>> {
    let at = |seconds: i64| START.saturating_add(seconds * SECOND);
    let root = |trace, span, seconds| OwnedSpan {
        attributes: vec![OwnedAttribute::text("http.route".to_owned(), format!("/orders/{seconds}"))],
        ..OwnedSpan::root(trace, span, at(seconds))
    };
    let child = |trace, span, seconds| OwnedSpan::child(trace, span, 1, at(seconds));
    vec![
        vec![root(1, 1, -50), child(1, 2, -49), child(2, 2, -40), root(6, 1, -32)],
        vec![child(1, 3, -48).failed(), root(2, 1, -41), root(3, 1, -35), root(6, 2, -31), root(8, 1, -25)],
        vec![root(4, 1, -20), child(4, 2, -19), child(1, 4, -47), child(3, 2, -34), root(8, 2, -26)],
        vec![child(2, 3, -39), root(5, 1, -15)],
        vec![child(4, 3, -18).failed(), root(6, 3, -29)],
        vec![root(7, 1, -10), child(5, 2, -14)],
        vec![child(7, 2, -9), child(1, 5, -46)],
    ]
}

/// Returns the model of the answers without these batches.
fn model_without(gone: &BTreeSet<usize>) -> Model {
    let mut model = Model::default();
    for (_, batch) in batches().iter().enumerate().filter(|(number, _)| !gone.contains(number)) {
        model.accept(batch, START.saturating_sub(60 * SECOND), START);
    }
    model
}

fn files_of(disk: &SimDisk) -> Files {
    let names = disk.list().unwrap().into_iter().map(|entry| entry.name);
    names.map(|name| (name.clone(), disk.open(&name).unwrap().to_vec())).collect()
}

/// Returns the files of a store that has taken all batches and was killed.
fn healthy() -> (Settings, Files) {
    // More than there are segments, so that none is merged on the way.
    let settings = Settings { merged_segments: 8, ..settings(Durability::Os) };
    let disk = SimDisk::new();
    let store = open(&settings, &disk, START);
    for (number, batch) in batches().iter().enumerate() {
        accept(&store, batch, START).expect("there is room");
        if number < SEALED {
            store.freeze(START);
            assert!(store.seal());
        }
        if number == LOG_FILES[0][1] {
            store.freeze(START);
        }
    }
    store.evict(START);
    assert_eq!(difference(&store, &model_without(&BTreeSet::new()), START), None);
    let files = files_of(&disk.crash());
    assert_eq!(segments_of(&files).count(), SEALED);
    assert_eq!(logs_of(&files).count(), LOG_FILES.len());
    (settings, files)
}

fn segments_of(files: &Files) -> impl Iterator<Item = &String> {
    files.keys().filter(|name| segment::generations_of(name).is_some())
}

fn logs_of(files: &Files) -> impl Iterator<Item = &String> {
    files.keys().filter(|name| wal::number_of(name).is_some())
}

fn disk_with(files: &Files, name: &str, bytes: Vec<u8>) -> SimDisk {
    let mut files = files.clone();
    files.insert(name.to_owned(), bytes);
    SimDisk::holding(files)
}

fn gone(batches: &[usize]) -> BTreeSet<usize> {
    batches.iter().copied().collect()
}

#[test]
fn unknown_files_are_left_alone_and_drafts_are_removed() {
    let (settings, mut files) = healthy();
    let strangers =
        ["notes.txt", "1.wal", "000000000000000g.wal", "0-0.segment", "lost+found", "a.wal.damaged"];
    for name in strangers {
        files.insert(name.to_owned(), b"not ours".to_vec());
    }
    files.insert("0000000000000009-0000000000000009.segment.draft".to_owned(), vec![7; 100]);
    let disk = SimDisk::holding(files);
    let store = open(&settings, &disk, START);
    store.maintain(START);
    assert_eq!(difference(&store, &model_without(&BTreeSet::new()), START), None);
    let after = files_of(&disk);
    assert!(strangers.iter().all(|&name| after[name] == b"not ours"), "{:?}", after.keys());
    assert!(!after.keys().any(|name| name.contains(".draft")), "{:?}", after.keys());
    assert_eq!(store.stats(START).health.damaged_files, 0);
}

/// Sets the version of a file to the next one, with the right checksum.
fn of_next_version(bytes: &mut [u8], checked: usize) {
    bytes[8] += 1;
    let checksum = crc32(&bytes[..checked]);
    bytes[checked..checked + 4].copy_from_slice(&checksum.to_le_bytes());
}

/// The checksum of zlib.
fn crc32(bytes: &[u8]) -> u32 {
    let table = |byte: u32| (0..8).fold(byte, |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()));
    !bytes.iter().fold(u32::MAX, |crc, &byte| (crc >> 8) ^ table((crc ^ u32::from(byte)) & 0xff))
}

#[test]
fn a_file_of_a_later_version_stops_the_start_and_is_named() {
    let (settings, files) = healthy();
    let segments = segments_of(&files).map(|name| (name, 28));
    for (name, checked) in segments.chain(logs_of(&files).map(|name| (name, 24))) {
        let mut bytes = files[name].clone();
        of_next_version(&mut bytes, checked);
        let disk = disk_with(&files, name, bytes.clone());
        let error = Store::open(settings, Arc::new(disk.clone()), START).err().unwrap();
        assert!(error.to_string().contains(name) && error.to_string().contains("version"), "{error}");
        assert_eq!(files_of(&disk)[name], bytes, "it was left alone");
    }
}
