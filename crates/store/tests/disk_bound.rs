//! `disk_bytes_max` bounds everything that is on the disk: what is being written and merged, the log of an earlier
//! process, damaged files, and removed files that a snapshot still reads.

mod common;

use common::{SECOND, START, accept, difference, open, settings};
use platform::disk::Disk;
use span::{SpanId, Timestamp, TraceId};
use store::{Durability, Settings, Store};
use testkit::{Model, OwnedAttribute, OwnedSpan, SimDisk};

const DISK_BYTES: u64 = 1_500_000;

fn limited() -> Settings {
    Settings { disk_bytes_max: DISK_BYTES, merged_segments: 2, ..settings(Durability::Os) }
}

/// Returns a root in a trace of its own, with a kilobyte of content that does not compress.
fn large(number: u32, start: Timestamp) -> OwnedSpan {
    let mut bytes = [5; 16];
    bytes[12..].copy_from_slice(&number.to_be_bytes());
    let text = |n: u32| format!("{:08x}", n.wrapping_mul(0x9e37_79b9) ^ (n >> 3));
    let noise: String = (0..128).map(|part| text(number * 128 + part)).collect();
    OwnedSpan {
        trace_id: TraceId::from_bytes(bytes),
        span_id: SpanId::from_bytes(bytes),
        attributes: vec![OwnedAttribute::text("noise".to_owned(), noise)],
        ..OwnedSpan::root(0, 0, start)
    }
}

fn after(number: u32) -> Timestamp {
    START.saturating_add(i64::from(number) * SECOND / 20)
}

/// Sends batches of four kilobytes. Returns how many were refused.
fn fill(store: &Store, batches: std::ops::Range<u32>) -> usize {
    let send = |number: &u32| {
        let now = after(*number);
        let batch: Vec<_> = (0..4).map(|part| large(number * 4 + part, now)).collect();
        let result = accept(store, &batch, now);
        if number % 4 == 3 {
            store.freeze(now);
            store.maintain(now);
        }
        result.is_err()
    };
    batches.filter(send).count()
}

#[test]
fn nothing_that_the_store_writes_goes_beyond_the_limit() {
    let disk = SimDisk::new();
    // One byte more than the limit would be an error of the disk.
    disk.set_capacity(Some(DISK_BYTES));
    let store = open(&limited(), &disk, START);
    assert_eq!(fill(&store, 0..1000), 0, "the oldest make room before a batch has to be refused");
    let stats = store.stats(after(1000));
    assert_eq!(stats.health, store::Health::default(), "no write has failed");
    assert!(stats.disk_bytes > DISK_BYTES * 2 / 3, "and the space is used: {stats:?}");
    assert!(store.ledger().evicted_by_disk > 1000);
    let merged = disk.list().unwrap().into_iter().filter(|entry| {
        segment::generations_of(&entry.name).is_some_and(|generations| generations.first < generations.last)
    });
    assert!(merged.count() > 0, "merges took place");
}

#[test]
fn the_log_of_an_earlier_process_counts_until_its_spans_are_in_segments() {
    let disk = SimDisk::new();
    let store = open(&limited(), &disk, START);
    let mut model = Model::default();
    for number in 0..100 {
        let batch = [large(number, START)];
        let accepted = accept(&store, &batch, START).expect("there is room");
        model.accept(&batch, accepted.cutoff, START);
    }
    let disk = disk.crash();
    let store = open(&limited(), &disk, START);
    assert_eq!(difference(&store, &model, START), None);
    let stats = store.stats(START);
    assert!(stats.disk_bytes > 100_000, "{stats:?}");
    assert_eq!(stats.disk_bytes, disk.used_bytes());
    store.freeze(START);
    store.maintain(START);
    assert_eq!(store.stats(START).disk_bytes, disk.used_bytes());
}

#[test]
fn removed_files_count_while_a_snapshot_reads_them() {
    let disk = SimDisk::new();
    let store = open(&limited(), &disk, START);
    fill(&store, 0..40);
    let snapshot = store.snapshot(after(40));
    let before = store.stats(after(40)).disk_bytes;
    let end = after(40).saturating_add(120 * SECOND);
    store.maintain(end);
    store.maintain(end);
    let stats = store.stats(end);
    assert_eq!(stats.segments, 0, "all have left the window");
    assert!(disk.used_bytes() < 1000, "their names are gone");
    assert!(stats.disk_bytes >= before / 2, "their bytes are not: {stats:?}");
    drop(snapshot);
    store.maintain(end);
    assert_eq!(store.stats(end).disk_bytes, disk.used_bytes());
}

#[test]
fn damaged_files_count_and_the_oldest_of_them_go_beyond_an_eighth() {
    let disk = SimDisk::new();
    let store = open(&limited(), &disk, START);
    fill(&store, 0..40);
    drop(store);
    let files = disk.crash();
    let names = files.list().unwrap().into_iter().map(|entry| entry.name);
    let damaged = (0..10u64).map(|number| {
        let name = segment::file_name(segment::Generations { first: 1000 + number, last: 1000 + number });
        (format!("{name}.damaged"), vec![7; 50_000])
    });
    let kept = names.map(|name| (name.clone(), files.open(&name).unwrap().to_vec()));
    let disk = SimDisk::holding(kept.chain(damaged).collect::<Vec<_>>());
    let store = open(&limited(), &disk, after(40));
    let left: Vec<_> =
        disk.list().unwrap().into_iter().filter(|entry| entry.name.contains("damaged")).collect();
    assert_eq!(left.len(), 3, "three of 50,000 bytes are less than an eighth of 1,500,000: {left:?}");
    assert!(left[0].name.starts_with("00000000000003ef"), "the last ones are kept: {left:?}");
    assert_eq!(store.stats(after(40)).disk_bytes, disk.used_bytes());
}
