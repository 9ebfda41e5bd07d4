//! What the owner of a log may rely on: files, guards, errors, and recovery from errors.
#![expect(clippy::unwrap_used, reason = "all of this crate is a test")]

use std::collections::BTreeSet;
use std::error::Error as _;
use std::io::ErrorKind;
use std::sync::Arc;
use std::thread;

use platform::disk::{Disk, MemoryDisk};
use testkit::{Fault, SimDisk};
use wal::{
    Appended, BUFFER_BYTES_MAX, DiskAction, Durability, Entry, FRAME_BYTES_MAX, Log, LogError, LogReader,
    file_name,
};

fn log(disk: &SimDisk, durability: Durability) -> Log {
    Log::create(Arc::new(disk.clone()), durability, 0).unwrap()
}

fn put(log: &Log, payload: &[u8]) -> u64 {
    log.append(payload).unwrap().file_number()
}

fn kind(error: &LogError) -> Option<(DiskAction, ErrorKind)> {
    match error {
        LogError::Disk { action, source, .. } => Some((*action, source.kind())),
        LogError::FrameTooLarge { .. } | LogError::InUse { .. } | LogError::UnknownFile { .. } => None,
    }
}

/// Returns the payloads in all files of a disk.
fn payloads(disk: &dyn Disk) -> BTreeSet<Vec<u8>> {
    let mut payloads = BTreeSet::new();
    for file in disk.list().unwrap() {
        let bytes = disk.open(&file.name).unwrap();
        payloads.extend(LogReader::open(&bytes).unwrap().filter_map(|entry| match entry {
            Entry::Frame { payload, .. } => Some(payload.to_vec()),
            Entry::Damage { .. } => None,
        }));
    }
    payloads
}

fn set(payloads: &[&[u8]]) -> BTreeSet<Vec<u8>> {
    payloads.iter().map(|payload| payload.to_vec()).collect()
}

#[test]
fn after_a_rotation_frames_go_to_the_next_file() {
    let disk = SimDisk::new();
    let log = log(&disk, Durability::Os);
    assert_eq!(put(&log, b"a"), 0);
    assert_eq!(log.rotate().unwrap(), 1);
    assert_eq!(put(&log, b"b"), 1);
    assert_eq!(log.number(), 1);
    assert_eq!(log.closed_files(), [0]);
}

#[test]
fn a_file_without_frames_is_not_rotated() {
    let log = log(&SimDisk::new(), Durability::Os);
    assert_eq!(log.rotate().unwrap(), 0);
    assert!(log.closed_files().is_empty());
}

#[test]
fn a_file_is_in_use_while_a_guard_lives() {
    let disk = SimDisk::new();
    let log = log(&disk, Durability::Os);
    let guard: Appended = log.append(b"a").unwrap();
    log.rotate().unwrap();
    assert!(log.closed_files().is_empty());
    assert!(matches!(log.remove(0).unwrap_err(), LogError::InUse { number: 0 }));
    drop(guard);
    assert_eq!(log.closed_files(), [0]);
    log.remove(0).unwrap();
    assert!(log.closed_files().is_empty());
    assert!(disk.open(&file_name(0)).is_err());
}

#[test]
fn the_current_file_and_unknown_files_are_not_removed() {
    let log = log(&SimDisk::new(), Durability::Os);
    put(&log, b"a");
    let (in_use, unknown) = (log.remove(0).unwrap_err(), log.remove(7).unwrap_err());
    assert!(matches!(in_use, LogError::InUse { number: 0 }), "{in_use}");
    assert!(matches!(unknown, LogError::UnknownFile { number: 7 }), "{unknown}");
}

#[test]
fn a_file_that_cannot_be_removed_stays_closed() {
    let disk = SimDisk::new();
    let log = log(&disk, Durability::Os);
    put(&log, b"a");
    log.rotate().unwrap();
    disk.fail_while(Some(Fault::Io));
    assert_eq!(kind(&log.remove(0).unwrap_err()), Some((DiskAction::Remove, ErrorKind::Other)));
    disk.fail_while(None);
    assert_eq!(log.closed_files(), [0]);
    log.remove(0).unwrap();
}

#[test]
fn the_byte_count_is_that_of_the_files() {
    let disk = Arc::new(MemoryDisk::new());
    let log = Log::create(Arc::clone(&disk) as Arc<dyn Disk>, Durability::Os, 0).unwrap();
    put(&log, &[1; 100]);
    log.rotate().unwrap();
    put(&log, &[1; 1000]);
    assert_eq!(log.bytes(), disk.bytes());
    log.remove(0).unwrap();
    assert_eq!(log.bytes(), disk.bytes());
}

#[test]
fn a_frame_may_be_as_long_as_the_limit_and_no_longer() {
    let disk = Arc::new(MemoryDisk::new());
    let log = Log::create(Arc::clone(&disk) as Arc<dyn Disk>, Durability::Os, 0).unwrap();
    let payload = vec![0; FRAME_BYTES_MAX + 1];
    let error = log.append(&payload).unwrap_err();
    assert_eq!(error.to_string(), "a frame of 67108865 bytes is over the limit of 67108864 bytes");
    put(&log, &payload[1..]);
    assert_eq!(payloads(&*disk).first().map(Vec::len), Some(FRAME_BYTES_MAX));
}

#[test]
fn a_log_does_not_begin_in_a_file_that_exists() {
    let disk = SimDisk::new();
    drop(log(&disk, Durability::Os));
    let error = Log::create(Arc::new(disk), Durability::Os, 0).unwrap_err();
    assert_eq!(kind(&error), Some((DiskAction::Create, ErrorKind::AlreadyExists)));
    let cause = error.source().expect("the disk said why");
    assert_eq!(error.to_string(), format!("the log file 0000000000000000.wal cannot be created: {cause}"));
}

#[test]
fn after_a_failed_write_the_next_frame_begins_a_new_file() {
    let disk = SimDisk::new();
    let log = log(&disk, Durability::Os);
    put(&log, b"first");
    disk.fail_at(disk.operations(), Fault::Short(9));
    let error = log.append(b"refused").unwrap_err();
    assert_eq!(kind(&error), Some((DiskAction::Write, ErrorKind::StorageFull)));
    assert_eq!(log.closed_files(), [0]);
    assert_eq!(put(&log, b"second"), 1);
    assert_eq!(payloads(&disk), set(&[b"first", b"second"]));
}

#[test]
fn after_a_failed_sync_the_file_is_closed_and_later_frames_survive() {
    let disk = SimDisk::new();
    let log = log(&disk, Durability::Fsync);
    put(&log, b"first");
    disk.fail_at(disk.operations() + 1, Fault::Io);
    assert_eq!(kind(&log.append(b"refused").unwrap_err()), Some((DiskAction::Sync, ErrorKind::Other)));
    assert_eq!(put(&log, b"second"), 1);
    assert_eq!(payloads(&disk.reboot_with_synced_only()), set(&[b"first", b"second"]));
}

#[test]
fn a_log_on_a_full_disk_recovers_when_there_is_space_and_leaves_no_unused_files() {
    for fault in [Fault::NoSpace, Fault::Short(5), Fault::Io] {
        let disk = SimDisk::new();
        let log = log(&disk, Durability::Fsync);
        put(&log, b"first");
        disk.fail_while(Some(fault));
        for _ in 0..20 {
            log.append(b"refused").unwrap_err();
            log.rotate().unwrap_err();
        }
        disk.fail_while(None);
        put(&log, b"second");
        assert_eq!(disk.list().unwrap().len(), 2, "{fault:?}");
        assert_eq!(log.closed_files(), [0]);
        assert_eq!(payloads(&disk.reboot_with_synced_only()), set(&[b"first", b"second"]));
    }
}

#[test]
fn without_a_sync_a_power_cut_loses_what_the_kernel_had() {
    let disk = SimDisk::new();
    let log = log(&disk, Durability::Os);
    put(&log, b"a");
    log.rotate().unwrap();
    put(&log, b"b");
    assert!(payloads(&disk.crash().reboot_with_synced_only()).is_empty());
}

#[test]
fn synced_frames_survive_a_power_cut() {
    let disk = SimDisk::new();
    let log = log(&disk, Durability::Os);
    put(&log, b"a");
    log.rotate().unwrap();
    put(&log, b"b");
    log.sync().unwrap();
    put(&log, b"c");
    assert_eq!(payloads(&disk.reboot_with_synced_only()), set(&[b"a", b"b"]));
}

#[test]
fn a_file_that_could_not_be_synced_is_never_called_safe() {
    let disk = SimDisk::new();
    let log = log(&disk, Durability::Os);
    put(&log, b"a");
    disk.fail_at(disk.operations(), Fault::Io);
    let error = log.sync().unwrap_err();
    assert_eq!(kind(&error), Some((DiskAction::Sync, ErrorKind::Other)));
    assert_eq!(put(&log, b"b"), 1);
    assert_eq!(log.sync().unwrap_err().to_string(), error.to_string());
    log.remove(0).unwrap();
    log.sync().unwrap();
    assert_eq!(payloads(&disk.reboot_with_synced_only()), set(&[b"b"]));
}

/// The frames are larger than the buffer: some threads wait for space, and all frames are written.
#[test]
fn threads_with_large_frames_wait_for_room() {
    const THREADS: u8 = 6;
    let disk = Arc::new(MemoryDisk::new());
    let log = Log::create(Arc::clone(&disk) as Arc<dyn Disk>, Durability::Os, 0).unwrap();
    let frame = |number: u8| vec![number; BUFFER_BYTES_MAX / 3 * (1 + usize::from(number % 4))];
    thread::scope(|scope| {
        for number in 0..THREADS {
            let log = &log;
            scope.spawn(move || (0..3).for_each(|_| drop(log.append(&frame(number)).unwrap())));
        }
    });
    assert_eq!(payloads(&*disk), (0..THREADS).map(frame).collect());
}

#[test]
fn waiting_for_a_file_ends_when_its_last_guard_is_dropped() {
    let disk = SimDisk::new();
    let log = Log::create(Arc::new(disk), Durability::Os, 5).unwrap();
    let (one, other) = (log.append(b"a").unwrap(), log.append(b"b").unwrap());
    assert_eq!(log.rotate_to(1 << 32).unwrap(), 1 << 32);
    let later = log.append(b"c").unwrap();
    thread::scope(|scope| {
        let waiter = scope.spawn(|| log.wait_until_unused(1 << 32));
        drop(one);
        assert!(!waiter.is_finished(), "a guard is left");
        drop(other);
        waiter.join().unwrap();
    });
    assert_eq!((log.closed_files(), later.file_number()), (vec![5], 1 << 32));
    assert_eq!(log.rotate_to(7).unwrap(), (1 << 32) + 1, "numbers only grow");
}
