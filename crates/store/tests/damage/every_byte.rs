//! Every byte of every file is changed, and every file is cut at every length.

use std::collections::BTreeSet;
use std::sync::Arc;

use store::{Settings, Store};
use testkit::SimDisk;
use wal::{Entry, LogReader};

use super::*;

/// What may be missing if a file is damaged at one offset, and whether the damage may go unnoticed.
struct Allowed {
    gone: Vec<(BTreeSet<usize>, Noticed)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Noticed {
    Always,
    /// Every crash leaves a torn end, which looks like damage to the last frame.
    NotNeeded,
}

/// Opens a store on a damaged disk, reads everything, and compares it with what may be missing.
fn check(settings: &Settings, disk: &SimDisk, name: &str, allowed: &Allowed, told: &str) {
    let before = files_of(disk)[name].clone();
    let store = Store::open(*settings, Arc::new(disk.clone()), START);
    let store = store.unwrap_or_else(|error| panic!("{told}: {error}"));
    let all = model_without(&BTreeSet::new());
    // The first read of a damaged place in a segment takes the whole segment out.
    let is_all_there = difference(&store, &all, START).is_none();
    let damaged_files = store.stats(START).health.damaged_files;
    if is_all_there {
        // The damaged byte does not matter, or only a merge would read it.
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

/// Checks that the damaged file is kept under another name when the store no longer needs it.
fn keeps_the_file(store: &Store, disk: &SimDisk, name: &str, before: &[u8], told: &str) {
    store.freeze(START);
    store.maintain(START);
    let after = files_of(disk);
    assert!(!after.contains_key(name), "{told}: {:?}", after.keys());
    let kept = after.get(&format!("{name}.damaged"));
    assert_eq!(kept.map(Vec::as_slice), Some(before), "{told}: {:?}", after.keys());
}

/// Returns where each batch of a log file ends. The first frame has no batch.
fn frame_ends(bytes: &[u8]) -> Vec<usize> {
    LogReader::open(bytes)
        .unwrap()
        .map(|entry| match entry {
            Entry::Frame { offset, payload, .. } => usize::try_from(offset).unwrap() + 24 + payload.len(),
            Entry::Damage { .. } => panic!("it is healthy"),
        })
        .collect()
}

/// Returns which batches a change of one byte in a log file may cost.
fn allowed_in_log(batches: [usize; 2], ends: &[usize], at: usize) -> Allowed {
    let all_gone = (gone(&batches), Noticed::Always);
    if at < 28 {
        return Allowed { gone: vec![all_gone] };
    }
    let frame = ends.iter().position(|&end| at < end).expect("it is within the file");
    let gone = match frame {
        // The cutoff, and no batch.
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
