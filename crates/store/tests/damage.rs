//! Damage on the disk: every byte of every file changed, every file cut at every length, one at a time. What is
//! served is exactly what was acknowledged, all of it but what the damaged place had; and what is lost is counted.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{SECOND, START, accept, difference, open, settings};
use platform::disk::Disk;
use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use store::{Durability, OpenError, Settings, Store};
use testkit::{Model, OwnedAttribute, OwnedSpan, SimDisk};
use wal::{Entry, LogReader};

type Files = BTreeMap<String, Vec<u8>>;

/// Batches 0, 1 and 2 are a segment each; 3 and 4 are in one file of the log, 5 and 6 in another.
const SEALED: usize = 3;
const LOG_FILES: [[usize; 2]; 2] = [[3, 4], [5, 6]];

/// Of each trace pieces in several places: roots first and last, a smaller root behind a larger one, an error.
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

/// What is to be answered when these batches are gone.
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

/// The disk of a store that has taken all batches and was killed.
fn healthy() -> (Settings, Files) {
    // As many segments as there are, so that none is merged on the way.
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

/// What may be missing where a file is damaged at a place, and whether that may go unnoticed.
struct Allowed {
    gone: Vec<(BTreeSet<usize>, Noticed)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Noticed {
    Always,
    /// A torn end is what every crash leaves: it cannot be told from damage to the last frame.
    NotNeeded,
}

/// Opens a store on a damaged disk, reads all there is, and compares it with what may be missing.
fn check(settings: &Settings, disk: &SimDisk, name: &str, allowed: &Allowed, told: &str) {
    let before = files_of(disk)[name].clone();
    let store = match Store::open(settings.clone(), std::sync::Arc::new(disk.clone()), START) {
        Ok(store) => store,
        Err(OpenError::Foreign { file, reason }) => {
            assert_eq!(file, name, "{told}");
            assert!(reason.contains("version"), "{told}: {reason}");
            assert_eq!(files_of(disk)[name], before, "it was left alone: {told}");
            return;
        }
        Err(error) => panic!("{told}: {error}"),
    };
    let all = model_without(&BTreeSet::new());
    // Damage within a segment is met by who reads there first: from then on it is gone as a whole.
    let is_all_there = difference(&store, &all, START).is_none();
    let damaged_files = store.stats(START).health.damaged_files;
    if is_all_there {
        // A place that nothing rests on, or one that only a merge would read.
        return;
    }
    let models = allowed.gone.iter().map(|(gone, noticed)| (model_without(gone), noticed, gone));
    let differences: Vec<_> =
        models.map(|(model, noticed, gone)| (difference(&store, &model, START), *noticed, gone)).collect();
    let Some((_, noticed, _)) = differences.iter().find(|(difference, ..)| difference.is_none()) else {
        let first = &differences[0];
        panic!("{told}: without {:?}: {}", first.2, first.0.as_ref().unwrap());
    };
    if *noticed == Noticed::NotNeeded && damaged_files == 0 {
        return;
    }
    assert_eq!(damaged_files, 1, "{told}");
    keeps_the_file(&store, disk, name, &before, told);
}

/// The damaged file stays, under another name, when the store has no more need of it.
fn keeps_the_file(store: &Store, disk: &SimDisk, name: &str, before: &[u8], told: &str) {
    store.freeze(START);
    store.maintain(START);
    let after = files_of(disk);
    assert!(!after.contains_key(name), "{told}: {:?}", after.keys());
    let kept = after.get(&format!("{name}.damaged"));
    assert_eq!(kept.map(Vec::as_slice), Some(before), "{told}: {:?}", after.keys());
}

/// Where each batch of a file of the log ends; the first frame has none.
fn frame_ends(bytes: &[u8]) -> Vec<usize> {
    LogReader::open(bytes)
        .unwrap()
        .map(|entry| match entry {
            Entry::Frame { offset, payload, .. } => usize::try_from(offset).unwrap() + 24 + payload.len(),
            Entry::Damage { .. } => panic!("it is healthy"),
        })
        .collect()
}

/// What a change of one byte of a log file may cost.
fn allowed_in_log(batches: [usize; 2], ends: &[usize], at: usize) -> Allowed {
    let all_gone = (gone(&batches), Noticed::Always);
    if at < 28 {
        return Allowed { gone: vec![all_gone] };
    }
    let frame = ends.iter().position(|&end| at < end).expect("it is within the file");
    let gone = match frame {
        // The edge of the window, and no batch.
        0 => vec![],
        1 => vec![(gone(&batches[..1]), Noticed::Always)],
        _ => vec![(gone(&batches[1..]), Noticed::NotNeeded)],
    };
    Allowed { gone }
}

#[test]
fn a_changed_byte_in_a_segment_costs_that_segment_at_most() {
    let (settings, files) = healthy();
    for (number, name) in segments_of(&files).enumerate() {
        let allowed = Allowed { gone: vec![(gone(&[number]), Noticed::Always)] };
        for at in 0..files[name].len() {
            let bits: Vec<u8> =
                if at % 16 == 0 { (0..8).collect() } else { vec![u8::try_from(at % 8).unwrap()] };
            for bit in bits {
                let mut bytes = files[name].clone();
                bytes[at] ^= 1 << bit;
                let told = format!("bit {bit} of byte {at} of {name}, which has {}", bytes.len());
                check(&settings, &disk_with(&files, name, bytes), name, &allowed, &told);
            }
        }
    }
}

#[test]
fn a_segment_that_is_cut_costs_that_segment_and_no_other() {
    let (settings, files) = healthy();
    for (number, name) in segments_of(&files).enumerate() {
        let allowed = Allowed { gone: vec![(gone(&[number]), Noticed::Always)] };
        for length in 0..files[name].len() {
            let told = format!("{name}, cut at {length}");
            let disk = disk_with(&files, name, files[name][..length].to_vec());
            check(&settings, &disk, name, &allowed, &told);
        }
    }
}

#[test]
fn a_changed_byte_in_the_log_costs_one_batch_at_most_or_is_in_the_header() {
    let (settings, files) = healthy();
    for (name, batches) in logs_of(&files).zip(LOG_FILES) {
        let ends = frame_ends(&files[name]);
        for at in 0..files[name].len() {
            let allowed = allowed_in_log(batches, &ends, at);
            let bits: Vec<u8> =
                if at % 16 == 0 { (0..8).collect() } else { vec![u8::try_from(at % 8).unwrap()] };
            for bit in bits {
                let mut bytes = files[name].clone();
                bytes[at] ^= 1 << bit;
                let told = format!("bit {bit} of byte {at} of {name}");
                check(&settings, &disk_with(&files, name, bytes), name, &allowed, &told);
            }
        }
    }
}

#[test]
fn a_log_that_is_cut_keeps_every_batch_before_the_cut() {
    let (settings, files) = healthy();
    for (name, batches) in logs_of(&files).zip(LOG_FILES) {
        let ends = frame_ends(&files[name]);
        for length in 0..files[name].len() {
            let whole = ends.iter().filter(|&&end| end <= length).count().saturating_sub(1);
            let allowed = Allowed { gone: vec![(gone(&batches[whole..]), Noticed::NotNeeded)] };
            let disk = disk_with(&files, name, files[name][..length].to_vec());
            check(&settings, &disk, name, &allowed, &format!("{name}, cut at {length}"));
        }
    }
}

/// The files of a store with two segments, before and after they were merged.
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
        let Ok(store) = Store::open(settings.clone(), std::sync::Arc::new(disk.clone()), START) else {
            // The version says that it is another one's.
            assert!((8..10).contains(&at));
            continue;
        };
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

#[test]
fn files_of_others_stay_as_they_are_and_drafts_go() {
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
    assert!(!after.keys().any(|name| name.ends_with(".draft")), "{:?}", after.keys());
    assert_eq!(store.stats(START).health.damaged_files, 0);
}

/// Says that a file is of the next version, with the right checksum.
fn of_next_version(bytes: &mut [u8], checked: usize) {
    bytes[8] += 1;
    let checksum = crc32(&bytes[..checked]);
    bytes[checked..checked + 4].copy_from_slice(&checksum.to_le_bytes());
}

/// As in zlib.
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
        let error = Store::open(settings.clone(), std::sync::Arc::new(disk.clone()), START).err().unwrap();
        assert!(error.to_string().contains(name) && error.to_string().contains("version"), "{error}");
        assert_eq!(files_of(&disk)[name], bytes, "it was left alone");
    }
}

/// Enough that a segment has several blocks, each with its own checksum: damage in one is met only by who reads it.
fn bulk() -> Vec<OwnedSpan> {
    let mut random = SmallRng::seed_from_u64(1);
    let mut noise = || {
        let text: String = (0..300).map(|_| char::from(random.random_range(b' '..=b'~'))).collect();
        OwnedAttribute::text("noise".to_owned(), text)
    };
    let mut span = |number: u32| {
        let mut id = [9; 16];
        id[..4].copy_from_slice(&number.to_be_bytes());
        let start = START.saturating_sub(20 * SECOND);
        OwnedSpan {
            span_id: span::SpanId::from_bytes(id),
            attributes: vec![noise()],
            ..OwnedSpan::child(9, 0, 1, start)
        }
    };
    (0..1500).map(&mut span).collect()
}

#[test]
fn damage_that_is_met_late_costs_the_segment_and_no_trace_elsewhere() {
    let settings = Settings { merged_segments: 8, ..settings(Durability::Os) };
    // All but the last: its root is the smaller one of two, and a list does not show the other before a restart.
    let all = [&batches()[0][..3], &bulk()].concat();
    let others = &batches()[1..];
    let disk = SimDisk::new();
    let store = open(&settings, &disk, START);
    let mut without = Model::default();
    let mut whole = Model::default();
    for (number, batch) in std::iter::once(&all).chain(others).enumerate() {
        accept(&store, batch, START).expect("there is room");
        whole.accept(batch, START.saturating_sub(60 * SECOND), START);
        if number > 0 {
            without.accept(batch, START.saturating_sub(60 * SECOND), START);
        }
        if number < SEALED {
            store.freeze(START);
            assert!(store.seal());
        }
    }
    store.evict(START);
    assert_eq!(difference(&store, &whole, START), None);
    let files = files_of(&disk.crash());
    let name = segments_of(&files).next().unwrap();
    let mut met_late = 0;
    for part in 1..16 {
        let mut bytes = files[name].clone();
        let at = bytes.len() * part / 16;
        bytes[at] ^= 1;
        let disk = disk_with(&files, name, bytes);
        let store = open(&settings, &disk, START);
        met_late += usize::from(store.stats(START).health.damaged_files == 0);
        // Whoever reads all of it meets the damage.
        drop(difference(&store, &whole, START));
        assert_eq!(difference(&store, &without, START), None, "byte {at}");
        assert_eq!(store.stats(START).health.damaged_files, 1);
        let store = open(&settings, &disk.crash(), START);
        assert_eq!(difference(&store, &without, START), None, "byte {at}, after a restart");
    }
    assert!(met_late > 5, "{met_late}");
}
