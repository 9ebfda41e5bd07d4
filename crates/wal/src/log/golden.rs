//! Tests that the writer makes exactly the bytes of format version 1. The golden file was made by another program,
//! according to `docs/wal-format.md`.

use std::sync::Arc;

use platform::disk::{Disk as _, MemoryDisk};

use super::{Durability, Log};
use crate::{End, Entry, LogReader, file_name};

const GOLDEN: &[u8] = include_bytes!("../../tests/golden/v1.wal");
const NUMBER: u64 = 0x0123_4567_89ab_cdef;
const SALT: u32 = 0xdead_beef;

fn payloads() -> [Vec<u8>; 4] {
    [b"the first frame".to_vec(), Vec::new(), (0..=255).collect(), vec![0; 1000]]
}

#[test]
fn the_writer_makes_the_golden_file() {
    let disk = Arc::new(MemoryDisk::new());
    let log = Log::with_salt(Arc::clone(&disk) as _, Durability::Fsync, NUMBER, || SALT);
    for payload in payloads() {
        drop(log.append(&payload).unwrap());
    }
    assert_eq!(&*disk.open(&file_name(NUMBER)).unwrap(), GOLDEN);
}

#[test]
fn the_golden_file_opens() {
    let mut reader = LogReader::open(GOLDEN).unwrap();
    let found: Vec<&[u8]> = reader
        .by_ref()
        .map(|entry| match entry {
            Entry::Frame { payload, .. } => payload,
            Entry::Damage { .. } => panic!("{entry:?}"),
        })
        .collect();
    assert_eq!(found, payloads());
    assert_eq!(reader.number(), Some(NUMBER));
    assert_eq!(reader.end(), End::Clean);
}
