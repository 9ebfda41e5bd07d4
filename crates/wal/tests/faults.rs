//! Threads append while the disk fails, or loses power, at each operation in turn. Afterwards every acknowledged
//! frame is in the log, and the log has no frame that was not appended.
#![expect(clippy::unwrap_used, reason = "all of this crate is a test")]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;

use platform::disk::Disk;
use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use testkit::{Fault, SimDisk, each_seed, schedules};
use wal::{Durability, End, Entry, Log, LogReader, number_of};

const THREADS: u16 = 4;
const FRAMES: u16 = 8;
const REBOOTS: u64 = 4;

/// Returns the payload of frame `number`: some payloads fit into a sector, some do not.
fn payload(number: u16) -> Vec<u8> {
    let mut payload = vec![number.to_le_bytes()[0] | 1; usize::from(number) * 97 % 1500];
    payload.extend_from_slice(&number.to_le_bytes());
    payload
}

/// Lets all threads append until the disk is off, and returns the numbers of the acknowledged frames.
fn run(disk: &SimDisk, durability: Durability) -> BTreeSet<u16> {
    let Ok(log) = Log::create(Arc::new(disk.clone()), durability, 5) else { return BTreeSet::new() };
    let append_some = |thread: u16| {
        let mut acknowledged = Vec::new();
        for frame in 0..FRAMES {
            let number = thread * FRAMES + frame;
            if log.append(&payload(number)).is_ok() {
                acknowledged.push(number);
            }
            if frame % 3 == thread {
                // It may fail; then the next frame begins the file.
                drop(log.rotate());
            }
            if frame % 4 == 3 {
                drop(log.sync());
            }
        }
        acknowledged
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(move || append_some(thread))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

/// Whether unsynced writes may have been reordered.
#[derive(Clone, Copy, PartialEq)]
enum Expect {
    DamageToo,
    TornEndsOnly,
}

/// Compares the content of a disk with the acknowledged frames.
fn check(disk: &SimDisk, acknowledged: &BTreeSet<u16>, expect: Expect) {
    let mut found = BTreeSet::new();
    for entry in disk.list().unwrap() {
        let bytes = disk.open(&entry.name).unwrap();
        let mut reader = LogReader::open(&bytes).unwrap();
        assert!(reader.number().is_none_or(|number| number_of(&entry.name) == Some(number)));
        for entry in reader.by_ref() {
            match entry {
                Entry::Frame { payload: bytes, .. } => {
                    let number = u16::from_le_bytes(*bytes.last_chunk().unwrap());
                    assert_eq!(bytes, payload(number));
                    assert!(found.insert(number), "frame {number} is there twice");
                }
                Entry::Damage { .. } => assert!(expect == Expect::DamageToo, "{entry:?}"),
            }
        }
        assert!(matches!(reader.end(), End::Clean | End::Torn { .. }));
    }
    let lost: Vec<&u16> = acknowledged.difference(&found).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
}

/// Returns how many operations a run takes if nothing fails. Runs differ, because threads share writes.
fn operations(durability: Durability) -> u64 {
    let disk = SimDisk::new();
    let acknowledged = run(&disk, durability);
    assert_eq!(acknowledged.len(), usize::from(THREADS * FRAMES));
    check(&disk, &acknowledged, Expect::TornEndsOnly);
    disk.operations() + 8
}

fn check_reboots(disk: &SimDisk, acknowledged: &BTreeSet<u16>, seed: u64) {
    check(&disk.reboot_with_synced_only(), acknowledged, Expect::TornEndsOnly);
    let mut random = SmallRng::seed_from_u64(seed);
    for _ in 0..REBOOTS {
        check(&disk.reboot(&mut random), acknowledged, Expect::DamageToo);
    }
}

#[test]
fn synced_frames_survive_a_power_cut_at_every_operation() {
    for operation in 0..operations(Durability::Fsync) {
        let disk = SimDisk::new();
        disk.fail_at(operation, Fault::PowerCut);
        let acknowledged = run(&disk, Durability::Fsync);
        check_reboots(&disk, &acknowledged, operation);
    }
}

#[test]
fn synced_frames_survive_a_fault_at_every_operation_followed_by_a_power_cut() {
    for operation in 0..operations(Durability::Fsync) {
        for fault in [Fault::NoSpace, Fault::Io, Fault::Short(40), Fault::Short(700)] {
            let disk = SimDisk::new();
            disk.fail_at(operation, fault);
            let acknowledged = run(&disk, Durability::Fsync);
            check_reboots(&disk, &acknowledged, operation);
        }
    }
}

#[test]
fn written_frames_survive_the_end_of_the_process_at_every_operation() {
    for operation in 0..operations(Durability::Os) {
        for fault in [Fault::PowerCut, Fault::NoSpace, Fault::Io, Fault::Short(40), Fault::Short(700)] {
            let disk = SimDisk::new();
            disk.fail_at(operation, fault);
            let acknowledged = run(&disk, Durability::Os);
            check(&disk.crash(), &acknowledged, Expect::TornEndsOnly);
        }
    }
}

#[test]
fn synced_frames_survive_any_number_of_faults() {
    each_seed(schedules(300), |random| {
        let disk = SimDisk::new();
        for operation in 0..100 {
            let faults = [Fault::NoSpace, Fault::Io, Fault::Short(random.random_range(0..2000))];
            if random.random_bool(0.2) {
                disk.fail_at(operation, faults[random.random_range(0..faults.len())]);
            }
        }
        disk.fail_at(random.random_range(0..150), Fault::PowerCut);
        let acknowledged = run(&disk, Durability::Fsync);
        check_reboots(&disk, &acknowledged, random.random());
    });
}
