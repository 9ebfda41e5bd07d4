//! No space: on the disk, in its budget, or in the memory's. A batch is refused with a reason, acknowledged spans
//! stay in the answers, and when there is space again the store recovers by itself.

mod common;
#[path = "common/hooked_disk.rs"]
mod hooked_disk;

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use common::{SECOND, START, WINDOW, accept, difference, open, settings};
use hooked_disk::before_segment;
use span::{SpanId, Timestamp, TraceId};
use store::{Durability, LimitedBy, Overload, Settings, Store};
use testkit::{Fault, Model, OwnedAttribute, OwnedSpan, SimDisk};

/// Limit: how long maintenance may take before it counts as hanging.
const PATIENCE: Duration = Duration::from_secs(30);

fn id(number: u32) -> [u8; 16] {
    let mut bytes = [5; 16];
    bytes[12..].copy_from_slice(&number.to_be_bytes());
    bytes
}

/// Returns a root in a trace of its own, with a kilobyte of content that does not compress well.
fn large(number: u32, start: Timestamp) -> OwnedSpan {
    let text = |n: u32| format!("{:08x}", n.wrapping_mul(0x9e37_79b9) ^ (n >> 3));
    let noise: String = (0..128).map(|part| text(number * 128 + part)).collect();
    OwnedSpan {
        trace_id: TraceId::from_bytes(id(number)),
        span_id: SpanId::from_bytes(id(number)),
        attributes: vec![OwnedAttribute::text("noise".to_owned(), noise)],
        ..OwnedSpan::root(0, 0, start)
    }
}

struct Pair {
    settings: Settings,
    disk: SimDisk,
    store: Store,
    model: Model,
    now: Timestamp,
}

impl Pair {
    fn new(settings: Settings) -> Self {
        let disk = SimDisk::new();
        let store = match settings.durability {
            Durability::Memory => Store::in_memory(settings, START),
            Durability::Os | Durability::Fsync => open(&settings, &disk, START),
        };
        Self { settings, disk, store, model: Model::default(), now: START }
    }

    fn accept(&mut self, batch: &[OwnedSpan]) -> Result<(), Overload> {
        let accepted = accept(&self.store, batch, self.now)?;
        let counts = self.model.accept(batch, accepted.cutoff, self.now.saturating_add(10 * SECOND));
        assert_eq!((accepted.stored, accepted.stale), (counts.stored, counts.stale));
        Ok(())
    }

    fn check(&self) {
        assert_eq!(difference(&self.store, &self.model, self.now), None);
    }

    fn restart(&mut self) {
        self.disk = self.disk.crash();
        self.store = open(&self.settings, &self.disk, self.now);
        self.check();
    }
}

fn at(seconds: i64) -> Timestamp {
    START.saturating_add(seconds * SECOND)
}

#[test]
fn a_full_disk_refuses_batches_with_a_reason_and_answers_questions_and_recovers() {
    for durability in [Durability::Os, Durability::Fsync] {
        for fault in [Fault::NoSpace, Fault::Io, Fault::Short(30)] {
            let mut pair = Pair::new(settings(durability));
            pair.accept(&[large(1, at(-9))]).expect("there is room");
            pair.store.freeze(START);
            pair.accept(&[large(2, at(-8))]).expect("there is room");
            pair.disk.fail_while(Some(fault));
            for number in 3..20 {
                let refused = pair.accept(&[large(number, at(-7))]).expect_err("nothing can be kept");
                assert!(
                    matches!(&refused, Overload::Log(error) if !error.to_string().is_empty()),
                    "{refused}"
                );
                pair.store.maintain(START);
                pair.check();
                let stats = pair.store.stats(START);
                assert!(
                    stats.health.log_trouble.is_some() && stats.health.segment_trouble.is_some(),
                    "{stats:?}"
                );
            }
            assert_eq!(pair.store.ledger().stored, 2, "no answer shows a refused batch");
            pair.disk.fail_while(None);
            pair.accept(&[large(3, at(-7))]).expect("there is room again");
            pair.store.maintain(START);
            pair.store.freeze(START);
            pair.store.maintain(START);
            pair.check();
            let stats = pair.store.stats(START);
            assert_eq!((stats.frozen_generations, stats.health), (0, store::Health::default()));
            pair.now = at(1);
            pair.restart_without_refused(19);
        }
    }
}

impl Pair {
    /// After a restart any refused batch may be there. Here none is, because its files were removed or cut.
    fn restart_without_refused(&mut self, last: u32) {
        self.restart();
        for number in 4..=last {
            assert!(self.store.trace(TraceId::from_bytes(id(number)), self.now).is_err());
        }
    }
}

#[test]
fn generations_wait_in_memory_while_segments_cannot_be_written() {
    let is_full = Arc::new(AtomicBool::new(true));
    let full = Arc::clone(&is_full);
    let disk = before_segment(SimDisk::new(), move || {
        if full.load(Ordering::SeqCst) { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    });
    let store = open(&settings(Durability::Os), &disk, START);
    let mut model = Model::default();
    for number in 0..6 {
        let batch = [large(number, at(-9)), OwnedSpan::child(9, u8::try_from(number).unwrap(), 1, at(-5))];
        accept(&store, &batch, START).expect("the log can be written");
        model.accept(&batch, at(-60), START);
        store.freeze(START);
        store.maintain(START);
        assert_eq!(difference(&store, &model, START), None);
        let stats = store.stats(START);
        assert_eq!(stats.frozen_generations, usize::try_from(number).unwrap() + 1);
        assert!(stats.health.segment_trouble.is_some() && stats.health.log_trouble.is_none(), "{stats:?}");
    }
    is_full.store(false, Ordering::SeqCst);
    store.maintain(START);
    assert_eq!(difference(&store, &model, START), None);
    let stats = store.stats(START);
    assert_eq!((stats.frozen_generations, &stats.health.segment_trouble), (0, &None));
    assert!(stats.segments > 0);
    let store = open(&settings(Durability::Os), &disk.disk.crash(), START);
    assert_eq!(difference(&store, &model, START), None);
}

/// Fills a store beyond its budget, with ten batches a second, and checks the answers all the time.
fn fill(pair: &mut Pair, limited_by: LimitedBy) {
    let mut was_limited = false;
    for number in 0..400 {
        pair.now = pair.now.saturating_add(SECOND / 10);
        let batch: Vec<OwnedSpan> = (0..4).map(|part| large(number * 4 + part, pair.now)).collect();
        pair.accept(&batch).expect("the oldest make room");
        if number % 8 == 7 {
            pair.store.freeze(pair.now);
        }
        pair.store.maintain(pair.now);
        let stats = pair.store.stats(pair.now);
        if stats.limited_by == limited_by {
            was_limited = true;
            assert!(stats.effective_window < pair.settings.window, "{stats:?}");
            assert!(stats.cutoff > pair.now.saturating_sub(WINDOW), "{stats:?}");
        }
        if number % 20 == 19 {
            pair.check();
        }
    }
    assert!(was_limited, "{:?}", pair.store.stats(pair.now));
    pair.check();
}

#[test]
fn the_oldest_spans_are_evicted_when_the_budget_of_the_disk_is_spent() {
    let settings = Settings { disk_bytes_max: 600_000, merged_segments: 4, ..settings(Durability::Os) };
    let mut pair = Pair::new(settings);
    fill(&mut pair, LimitedBy::Disk);
    let stats = pair.store.stats(pair.now);
    assert!(stats.disk_bytes <= stats.disk_bytes_max, "{stats:?}");
    assert!(pair.store.ledger().evicted_by_disk > 0);
    let cutoff = stats.cutoff;
    pair.restart();
    assert!(pair.store.stats(pair.now).cutoff >= cutoff, "evicted spans do not come back");
    // The window passes everything, and then the whole window is available again.
    pair.now = pair.now.saturating_add(2 * WINDOW);
    pair.store.maintain(pair.now);
    let stats = pair.store.stats(pair.now);
    assert_eq!((stats.limited_by, stats.spans), (LimitedBy::Time, 0));
}

#[test]
fn the_oldest_spans_are_evicted_when_the_budget_of_the_memory_is_spent() {
    let settings = Settings { memory_bytes_max: 500_000, ..settings(Durability::Memory) };
    let mut pair = Pair::new(settings);
    fill(&mut pair, LimitedBy::Memory);
    let stats = pair.store.stats(pair.now);
    assert!(stats.memory_bytes <= stats.memory_bytes_max, "{stats:?}");
    assert!(pair.store.ledger().evicted_by_memory > 0);
}

/// Panics if `task` does not end in time.
fn within_patience(task: impl FnOnce() + Send + 'static) {
    let (sender, receiver) = mpsc::channel();
    let thread = thread::spawn(move || {
        task();
        sender.send(()).expect("somebody waits");
    });
    let result = receiver.recv_timeout(PATIENCE);
    assert!(result != Err(mpsc::RecvTimeoutError::Timeout), "it hangs");
    thread.join().expect("no panic");
}

#[test]
fn a_disk_over_its_budget_that_cannot_be_written_does_not_hold_up_maintenance() {
    let mut pair = Pair::new(settings(Durability::Os));
    // A hundred roots, and one that is ahead of the clock, so that the segment cannot be evicted without a rewrite.
    let batch: Vec<OwnedSpan> = (0..100).map(|number| large(number, at(-30))).collect();
    pair.accept(&batch).expect("there is room");
    pair.accept(&[large(200, at(9))]).expect("there is room");
    pair.store.freeze(START);
    pair.store.maintain(START);
    assert_eq!(pair.store.stats(START).segments, 1);
    let settings = Settings { disk_bytes_max: 50_000, ..pair.settings };
    let disk = pair.disk.crash();
    within_patience(move || {
        let store = open(&settings, &disk, START);
        disk.fail_while(Some(Fault::NoSpace));
        store.maintain(START);
        assert!(store.stats(START).health.segment_trouble.is_some());
        disk.fail_while(None);
        store.maintain(START);
        let stats = store.stats(START);
        assert!(stats.disk_bytes < stats.disk_bytes_max, "{stats:?}");
        assert_eq!((stats.traces, stats.health.segment_trouble), (1, None), "the one that is ahead");
    });
}
