//! Measures the cost of an append: with one thread, and with four threads whose frames are written together.

use std::sync::Arc;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use platform::disk::{Disk, MemoryDisk, RealDisk};
use tempfile::TempDir;
use wal::{Durability, Log};

/// Roughly the size of a batch of a hundred spans.
const PAYLOAD_BYTES: usize = 10 << 10;
/// Limit: the benchmark must not fill the disk. Beyond this, files are removed, as in a server.
const LOG_BYTES_MAX: u64 = 256 << 20;
const ROTATE_BYTES: u64 = 64 << 20;
const APPENDS: usize = 64;

fn main() {
    divan::main();
}

fn append(log: &Log, payload: &[u8]) {
    drop(log.append(payload).expect("the disk has space"));
}

fn make_room(log: &Log) {
    if log.bytes() > ROTATE_BYTES {
        log.rotate().expect("the disk has space");
    }
    if log.bytes() > LOG_BYTES_MAX {
        log.closed_files()
            .into_iter()
            .for_each(|number| log.remove(number).expect("closed files can be removed"));
    }
}

/// One iteration is `APPENDS` appends in each thread.
fn appends(bencher: Bencher<'_, '_>, disk: Arc<dyn Disk>, threads: usize) {
    let log = Log::create(disk, Durability::Os, 0).expect("the disk is new");
    let payload = vec![7; PAYLOAD_BYTES];
    let bencher = bencher
        .counter(ItemsCount::new(APPENDS * threads))
        .counter(BytesCount::new(PAYLOAD_BYTES * APPENDS * threads));
    bencher.bench_local(|| {
        make_room(&log);
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(|| (0..APPENDS).for_each(|_| append(&log, &payload)));
            }
            (0..APPENDS).for_each(|_| append(&log, &payload));
        });
    });
}

#[divan::bench(args = [1, 4])]
fn memory(bencher: Bencher<'_, '_>, threads: usize) {
    appends(bencher, Arc::new(MemoryDisk::new()), threads);
}

#[divan::bench(args = [1, 4])]
fn real(bencher: Bencher<'_, '_>, threads: usize) {
    let folder = TempDir::new().expect("a temporary folder can be created");
    appends(bencher, Arc::new(RealDisk::open(folder.path()).expect("a new folder can be locked")), threads);
}
