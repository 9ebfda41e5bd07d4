//! Threads append while the owner of the log rotates, syncs, reads closed files and removes them.
#![expect(clippy::unwrap_used, reason = "all of this crate is a test")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use platform::disk::{Disk, MemoryDisk};
use wal::{Durability, End, Entry, Log, LogReader, file_name};

const THREADS: u64 = 6;
const FRAMES: u64 = 3000;

fn payload(thread: u64, frame: u64) -> Vec<u8> {
    let mut payload = [thread.to_le_bytes(), frame.to_le_bytes()].concat();
    payload.resize(16 + usize::try_from(frame % 700).unwrap(), 0xfb);
    payload
}

/// Reads a whole file, and checks that the frames of each thread are complete and in the order of its appends.
fn read(disk: &dyn Disk, number: u64, next: &mut [u64]) {
    let bytes = disk.open(&file_name(number)).unwrap();
    let mut reader = LogReader::open(&bytes).unwrap();
    for entry in reader.by_ref() {
        let Entry::Frame { payload: found, .. } = entry else { panic!("{entry:?}") };
        let thread = u64::from_le_bytes(*found.first_chunk().unwrap());
        let frame = &mut next[usize::try_from(thread).unwrap()];
        assert_eq!(found, payload(thread, *frame));
        *frame += 1;
    }
    assert_eq!(reader.end(), End::Clean);
}

/// Rotates until no thread appends any more, and removes closed files, the oldest first.
fn own(log: &Log, disk: &dyn Disk, appending: &AtomicUsize) -> Vec<u64> {
    let mut next = vec![0; usize::try_from(THREADS).unwrap()];
    let mut oldest = 0;
    loop {
        let is_last = appending.load(Ordering::SeqCst) == 0;
        let current = log.rotate().unwrap();
        log.sync().unwrap();
        // The owner waits for a file that is in use: its frames have to be read before those of later files.
        while oldest < current && log.closed_files().first() == Some(&oldest) {
            read(disk, oldest, &mut next);
            log.remove(oldest).unwrap();
            oldest += 1;
        }
        if is_last {
            assert_eq!(oldest, current, "no guard lives any more");
            return next;
        }
    }
}

fn check(durability: Durability) {
    let disk = Arc::new(MemoryDisk::new());
    let log = Log::create(Arc::clone(&disk) as Arc<dyn Disk>, durability, 0).unwrap();
    let appending = AtomicUsize::new(usize::try_from(THREADS).unwrap());
    let append_all = |thread| {
        for frame in 0..FRAMES {
            drop(log.append(&payload(thread, frame)).unwrap());
        }
        appending.fetch_sub(1, Ordering::SeqCst);
    };
    let next = thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || append_all(thread));
        }
        own(&log, &*disk, &appending)
    });
    assert_eq!(next, vec![FRAMES; next.len()]);
    assert_eq!(log.bytes(), disk.bytes());
}

#[test]
fn no_frame_is_lost_between_rotations_syncs_and_removals() {
    check(Durability::Os);
    check(Durability::Fsync);
}
