//! A volume that fills up: the oldest spans make room, what has expired goes without being written, and a store whose
//! disk takes nothing is read all the same.

mod common;

use std::sync::Arc;

use common::{SECOND, START, WINDOW, accept, difference, open, settings};
use platform::disk::Disk;
use span::{SpanId, Timestamp, TraceId};
use store::{Durability, LimitedBy, Settings, Store};
use testkit::{DiskCall, DiskOperation, Fault, Model, OwnedAttribute, OwnedSpan, SimDisk};

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

fn after(seconds: i64) -> Timestamp {
    START.saturating_add(seconds * SECOND)
}

struct Pair {
    settings: Settings,
    disk: SimDisk,
    store: Store,
    model: Model,
}

impl Pair {
    fn new(disk: &SimDisk) -> Self {
        let settings = Settings { merged_segments: 4, ..settings(Durability::Os) };
        let store = open(&settings, disk, START);
        Self { settings, disk: disk.clone(), store, model: Model::default() }
    }

    /// Sends batch after batch of four kilobytes. Returns how many were refused.
    fn fill(&mut self, batches: std::ops::Range<u32>, now: impl Fn(u32) -> Timestamp) -> u32 {
        let mut refused = 0;
        for number in batches {
            let batch: Vec<_> = (0..4).map(|part| large(number * 4 + part, now(number))).collect();
            match accept(&self.store, &batch, now(number)) {
                Ok(accepted) => {
                    self.model.accept(&batch, accepted.cutoff, now(number));
                }
                Err(_) => refused += 1,
            }
            if number % 8 == 7 {
                self.store.freeze(now(number));
            }
            self.store.maintain(now(number));
        }
        refused
    }

    fn check(&self, now: Timestamp) {
        assert_eq!(difference(&self.store, &self.model, now), None);
    }

    fn restart(&mut self, now: Timestamp) {
        self.disk = self.disk.crash();
        self.store = open(&self.settings, &self.disk, now);
        self.check(now);
    }
}

#[test]
fn a_volume_that_tells_its_room_is_never_filled_by_the_store() {
    let disk = SimDisk::new();
    disk.set_capacity(Some(600_000));
    disk.tell_available_bytes();
    let mut pair = Pair::new(&disk);
    let now = |number: u32| after(i64::from(number) / 10);
    assert_eq!(pair.fill(0..400, now), 0, "the oldest make room before a batch has to be refused");
    let stats = pair.store.stats(now(400));
    assert_eq!(stats.limited_by, LimitedBy::Disk);
    assert!(stats.takes_writes && stats.spans > 200, "{stats:?}");
    assert_eq!(stats.disk_bytes, disk.used_bytes(), "everything that is on the disk is counted");
    pair.check(now(400));
    pair.restart(now(400));
}

#[test]
fn a_volume_that_somebody_else_fills_gets_room_again_by_the_reserve_and_by_the_oldest() {
    let disk = SimDisk::new();
    disk.set_capacity(Some(2_000_000));
    disk.tell_available_bytes();
    let mut pair = Pair::new(&disk);
    let now = |number: u32| after(i64::from(number) / 10);
    assert_eq!(pair.fill(0..100, now), 0);
    let evicted = pair.store.ledger().evicted_by_disk;
    assert_eq!(evicted, 0, "there is room for all");
    assert!(disk.list().unwrap().iter().any(|entry| entry.name == "space.reserve"));
    disk.set_capacity(Some(disk.used_bytes()));
    assert!(accept(&pair.store, &[large(4000, now(100))], now(100)).is_err(), "the volume is full");
    assert!(!pair.store.takes_writes());
    pair.store.maintain(now(101));
    assert!(
        pair.store.takes_writes(),
        "it has noticed by itself that there is room: {:?}",
        pair.store.stats(now(101))
    );
    assert!(pair.store.ledger().evicted_by_disk > 0);
    pair.check(now(101));
    assert_eq!(pair.fill(102..300, now), 0);
    pair.check(now(300));
    pair.restart(now(300));
}

#[test]
fn what_has_expired_goes_from_a_full_disk_without_being_written() {
    let mut pair = Pair::new(&SimDisk::new());
    pair.fill(0..40, |_| START);
    // A trace whose pieces are in two generations that cannot be sealed.
    let pieces = [OwnedSpan::root(1, 1, START), OwnedSpan::child(1, 2, 1, START)];
    for piece in pieces {
        accept(&pair.store, &[piece], START).expect("there is room");
        pair.store.freeze(START);
    }
    pair.disk.fail_while(Some(Fault::NoSpace));
    for round in 0..5 {
        let batch = [large(1000 + round, START)];
        accept(&pair.store, &batch, START).expect_err("the disk is full");
        pair.store.maintain(START);
        assert!(!pair.store.takes_writes());
    }
    let before = pair.disk.history().len();
    let late = START.saturating_add(WINDOW + 3 * SECOND);
    pair.store.maintain(late);
    let stats = pair.store.stats(late);
    assert_eq!((stats.spans, stats.frozen_generations, stats.segments), (0, 0, 0), "{stats:?}");
    let names = pair.disk.list().unwrap().into_iter().map(|entry| entry.name);
    let names: Vec<_> = names.filter(|name| name.contains(".segment")).collect();
    assert!(names.is_empty() && pair.disk.used_bytes() < 100, "{names:?}");
    let history = pair.disk.history();
    let is_segment = |call: &&DiskCall| call.operation == DiskOperation::Rename;
    assert_eq!(history[before..].iter().find(is_segment), None, "no segment was written");
    let ledger = pair.store.ledger();
    assert_eq!(ledger.stored, ledger.evicted_by_time);
    pair.disk.fail_while(None);
    pair.store.maintain(late);
    assert!(pair.store.takes_writes(), "it has noticed by itself that there is room");
    pair.restart(late);
}

#[test]
fn a_root_that_expired_on_a_full_disk_keeps_its_children_out_of_all_answers() {
    let disk = SimDisk::new();
    let mut pair = Pair::new(&disk);
    let child = OwnedSpan::child(1, 2, 1, after(30));
    for (span, now) in [(OwnedSpan::root(1, 1, START), START), (child, after(30))] {
        let accepted = accept(&pair.store, std::slice::from_ref(&span), now).expect("there is room");
        pair.model.accept(&[span], accepted.cutoff, now);
        pair.store.freeze(now);
    }
    disk.fail_while(Some(Fault::NoSpace));
    pair.store.maintain(after(31));
    let late = START.saturating_add(WINDOW + 3 * SECOND);
    pair.store.maintain(late);
    pair.check(late);
    disk.fail_while(None);
    pair.store.maintain(late);
    pair.check(late);
    pair.restart(late);
    let end = late.saturating_add(WINDOW);
    pair.store.maintain(end);
    pair.check(end);
}

#[test]
fn a_store_on_a_disk_that_takes_nothing_opens_and_is_read_and_recovers() {
    for fault in [Fault::NoSpace, Fault::Io] {
        let mut pair = Pair::new(&SimDisk::new());
        pair.fill(0..20, |_| START);
        let disk = pair.disk.crash();
        disk.fail_while(Some(fault));
        pair.store = Store::open(pair.settings, Arc::new(disk.clone()), START).expect("it can be read");
        pair.check(START);
        assert!(!pair.store.takes_writes());
        pair.store.maintain(START);
        pair.check(START);
        accept(&pair.store, &[large(1000, START)], START).expect_err("nothing can be written");
        disk.fail_while(None);
        pair.store.maintain(START);
        assert!(pair.store.takes_writes(), "it has noticed by itself that it can write");
        let batch = [large(2000, START)];
        let accepted = accept(&pair.store, &batch, START).expect("it can be written");
        pair.model.accept(&batch, accepted.cutoff, START);
        pair.check(START);
        pair.disk = disk;
        pair.restart(START);
    }
}
