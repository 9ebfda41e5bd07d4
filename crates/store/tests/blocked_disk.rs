//! Maintenance waits for the disk. In the meantime batches are taken, questions are answered and damage is handled,
//! because no lock that these need is held during I/O.

#![expect(clippy::unwrap_used, reason = "all of this crate is a test")]

#[path = "common/mod.rs"]
mod common;
#[path = "common/hooked_disk.rs"]
mod hooked_disk;

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use common::{SECOND, START, accept, difference, open, settings};
use hooked_disk::{BeforeSegment, before_segment};
use platform::disk::Disk as _;
use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use span::{SpanId, TimeRange, Timestamp, TraceId};
use store::{Durability, Settings, Store, TrustedClock, Worker};
use testkit::{HookedDisk, Model, OwnedAttribute, OwnedSpan, SimClock, SimDisk};

/// Limit: how long a call may take before it counts as blocked for ever.
const PATIENCE: Duration = Duration::from_mins(1);

/// Blocks the next thread that creates a segment file, until the test lets it go on.
struct BlockingDisk {
    hooked: HookedDisk<BeforeSegment>,
    gate: Arc<Mutex<Option<Gate>>>,
    /// The names of the threads that created a segment file.
    writers: Arc<Mutex<Vec<Option<String>>>>,
}

/// Where a thread waits: it reports its arrival, and goes on when the keeper is dropped.
struct Gate {
    arrived: Sender<()>,
    open: Receiver<()>,
}

/// The side of a gate that the test holds.
struct Keeper {
    arrived: Receiver<()>,
    _open: Sender<()>,
}

/// A thread that seals a generation and is blocked while it creates the segment's file.
struct BlockedSeal {
    keeper: Keeper,
    thread: JoinHandle<bool>,
}

impl BlockingDisk {
    fn new(disk: SimDisk) -> Self {
        let gate: Arc<Mutex<Option<Gate>>> = Arc::default();
        let writers: Arc<Mutex<Vec<Option<String>>>> = Arc::default();
        let (next, names) = (Arc::clone(&gate), Arc::clone(&writers));
        let hooked = before_segment(disk, move || {
            names.lock().unwrap().push(thread::current().name().map(str::to_owned));
            let gate = next.lock().unwrap().take();
            if let Some(Gate { arrived, open }) = gate {
                arrived.send(()).expect("the test waits for this");
                // Fails when the keeper is dropped, which opens the gate.
                open.recv().unwrap_err();
            }
            Ok(())
        });
        Self { hooked, gate, writers }
    }

    fn open(&self, settings: &Settings) -> Arc<Store> {
        Arc::new(open(settings, &self.hooked, START))
    }

    /// Makes the next thread block that creates a segment file.
    fn block_next(&self) -> Keeper {
        let ((arrive, arrived), (open, opened)) = (channel(), channel());
        *self.gate.lock().unwrap() = Some(Gate { arrived: arrive, open: opened });
        Keeper { arrived, _open: open }
    }

    /// Freezes the open generation, and returns when another thread is blocked while it seals it.
    fn block_seal(&self, store: &Arc<Store>) -> BlockedSeal {
        store.freeze(START);
        let keeper = self.block_next();
        let sealed = Arc::clone(store);
        let thread = thread::spawn(move || sealed.seal());
        keeper.arrived.recv_timeout(PATIENCE).expect("the seal writes a segment");
        BlockedSeal { keeper, thread }
    }
}

impl BlockedSeal {
    /// Lets the thread go on, after it has been blocked until now.
    fn finish(self) {
        assert!(!self.thread.is_finished(), "the segment is not written yet");
        drop(self.keeper);
        assert!(self.thread.join().unwrap());
    }
}

/// Calls a function on another thread, and fails if it does not return.
fn in_time<T: Send + 'static>(what: &str, call: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, is_done) = channel();
    thread::spawn(move || drop(done.send(call())));
    is_done.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("{what} waits for maintenance: {error}"))
}

fn at(seconds: i64) -> Timestamp {
    START.saturating_add(seconds * SECOND)
}

/// Returns two traces, one of which has a piece in the previous batch.
fn batch(number: u8) -> Vec<OwnedSpan> {
    let seconds = i64::from(number) - 40;
    vec![
        OwnedSpan::root(number, 1, at(seconds)),
        OwnedSpan::child(number, 2, 1, at(seconds)),
        OwnedSpan::child(number.saturating_sub(1), 10 + number, 1, at(seconds)),
    ]
}

fn bulk_id() -> TraceId {
    TraceId::from_bytes([77; 16])
}

/// Returns spans with so much content that a segment has several blocks, each with a checksum of its own. They belong
/// to a trace that is not listed, so only reading the trace finds the damage.
fn bulk() -> Vec<OwnedSpan> {
    let mut random = SmallRng::seed_from_u64(1);
    let mut span = |number: u32| {
        let mut id = [9; 16];
        id[..4].copy_from_slice(&number.to_be_bytes());
        let noise: String = (0..300).map(|_| char::from(random.random_range(b' '..=b'~'))).collect();
        OwnedSpan {
            trace_id: bulk_id(),
            span_id: SpanId::from_bytes(id),
            attributes: vec![OwnedAttribute::text("noise".to_owned(), noise)],
            ..OwnedSpan::child(0, 0, 1, at(-20))
        }
    };
    (0..1500).map(&mut span).collect()
}

fn model_of(numbers: &[u8]) -> Model {
    let mut model = Model::default();
    for &number in numbers {
        model.accept(&batch(number), at(-60), START);
    }
    model
}

/// Makes a store with one segment for each of these batches, on a disk that can block.
fn sealed(numbers: &[u8], settings: Settings) -> (Arc<Store>, BlockingDisk) {
    let disk = BlockingDisk::new(SimDisk::new());
    let store = disk.open(&settings);
    for &number in numbers {
        accept(&store, &batch(number), START).expect("there is room");
        store.freeze(START);
        assert!(store.seal());
    }
    (store, disk)
}

/// Changes a byte among the attributes of the first segment, and opens a store on the result.
fn reopened_with_damage(disk: &SimDisk, settings: Settings) -> (Arc<Store>, BlockingDisk) {
    let names = disk.list().unwrap().into_iter().map(|entry| entry.name);
    let mut files: Vec<(String, Vec<u8>)> =
        names.map(|name| (name.clone(), disk.open(&name).unwrap().to_vec())).collect();
    let mut segments = files.iter_mut().filter(|(name, _)| segment::generations_of(name).is_some());
    let (_, bytes) = segments.next().expect("there is a segment");
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    let disk = BlockingDisk::new(SimDisk::holding(files));
    (disk.open(&settings), disk)
}

fn damaged_files(store: &Store) -> u64 {
    store.stats(START).health.damaged_files
}

/// Returns settings that merge nothing unless the test asks for it.
fn unmerged() -> Settings {
    Settings { merged_segments: 100, ..settings(Durability::Os) }
}

#[test]
fn batches_are_taken_and_questions_answered_while_a_segment_is_written() {
    let (store, disk) = sealed(&[1, 2], unmerged());
    accept(&store, &batch(3), START).expect("there is room");
    let seal = disk.block_seal(&store);
    let asked = Arc::clone(&store);
    in_time("a batch", move || accept(&asked, &batch(4), START).expect("there is room"));
    let asked = Arc::clone(&store);
    let found = in_time("a question", move || difference(&asked, &model_of(&[1, 2, 3, 4]), START));
    assert_eq!(found, None);
    let asked = Arc::clone(&store);
    in_time("a statistic", move || asked.snapshot(START).statistics(TimeRange::ALL.into(), 10));
    seal.finish();
    assert_eq!(difference(&store, &model_of(&[1, 2, 3, 4]), START), None);
}

#[test]
fn a_question_that_meets_damage_does_not_wait_for_the_segment_that_is_written() {
    let disk = SimDisk::new();
    let store = open(&unmerged(), &disk, START);
    for batch in [[batch(1), bulk()].concat(), batch(2), batch(3)] {
        accept(&store, &batch, START).expect("there is room");
        store.freeze(START);
        assert!(store.seal());
    }
    drop(store);
    let (store, disk) = reopened_with_damage(&disk.crash(), unmerged());
    assert_eq!(damaged_files(&store), 0, "a start does not read this block");
    accept(&store, &batch(4), START).expect("there is room");
    let seal = disk.block_seal(&store);
    let asked = Arc::clone(&store);
    let left_out = in_time("a question that meets damage", move || {
        let snapshot = asked.snapshot(START);
        let listing = snapshot.list(TimeRange::ALL, 100);
        let statistics = snapshot.statistics(TimeRange::ALL.into(), 10);
        assert_eq!((listing.total, listing.left_out), (4, 0), "nothing that it needs is damaged");
        assert_eq!((statistics.ok, statistics.left_out), (4, 0));
        let none = snapshot.trace(bulk_id()).err().expect("all of its spans were in the damaged segment");
        assert_eq!(none.left_out(), 1, "it says that the trace may have been there");
        // From here on the snapshot does without the segment in every answer.
        let listing = snapshot.list(TimeRange::ALL, 100);
        let statistics = snapshot.statistics(TimeRange::ALL.into(), 10);
        assert_eq!((listing.total, listing.summaries().len(), listing.left_out), (3, 3, 1));
        assert_eq!((statistics.ok, statistics.left_out), (3, 1));
        snapshot.left_out()
    });
    assert_eq!(left_out, 1, "the answer says how many segments it does without");
    assert_eq!(damaged_files(&store), 1);
    let asked = Arc::clone(&store);
    let found = in_time("the next question", move || difference(&asked, &model_of(&[2, 3, 4]), START));
    assert_eq!(found, None, "the rest is served, while maintenance still waits");
    assert_eq!(
        store.snapshot(START).left_out(),
        1,
        "its roots may still hide others: maintenance restores those"
    );
    seal.finish();
    store.maintain(START);
    assert_eq!(store.snapshot(START).left_out(), 0, "the segment is gone from every snapshot to come");
    assert_eq!(difference(&store, &model_of(&[2, 3, 4]), START), None);
    drop(store);
    let store = open(&unmerged(), &disk.hooked.disk.crash(), START);
    assert_eq!(difference(&store, &model_of(&[2, 3, 4]), START), None, "after a restart, too");
}

/// Returns a root in a trace of its own, with two kilobytes of content. Later ones start later: a floor that rises with
/// the oldest must not make all others stale.
fn large(number: u64) -> OwnedSpan {
    let id = u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835) | 1;
    let noise = format!("{:032x}", id.wrapping_mul(0x2545_f491_4f6c_dd1d)).repeat(64);
    OwnedSpan {
        trace_id: TraceId::from_bytes(id.to_be_bytes()),
        attributes: vec![OwnedAttribute::text("noise".to_owned(), noise)],
        ..OwnedSpan::root(
            1,
            1,
            START.saturating_add(i64::try_from(number).expect("it is small") - LARGE_ROOTS),
        )
    }
}

const LARGE_ROOTS: i64 = 4000;

#[test]
fn where_a_worker_maintains_the_store_no_batch_writes_a_segment_itself() {
    let disk = BlockingDisk::new(SimDisk::new());
    let settings = Settings { memory_bytes_max: 1024 * 1024, ..settings(Durability::Os) };
    let store = disk.open(&settings);
    let worker =
        Worker::start(Arc::clone(&store), Arc::new(TrustedClock::new(Arc::new(SimClock::at(START)))))
            .unwrap();
    let mut taken = 0;
    for number in 0..LARGE_ROOTS.unsigned_abs() {
        // It may be refused while the worker is slower. Then it is sent again, as a client would.
        let batch = [large(number)];
        while accept(&store, &batch, START).is_err() {
            thread::yield_now();
        }
        taken += 1;
    }
    drop(worker);
    assert_eq!(taken, LARGE_ROOTS);
    let writers = disk.writers.lock().unwrap();
    assert!(writers.len() > 2, "the memory was full more than once: {} segments", writers.len());
    assert!(writers.iter().all(|name| name.as_deref() == Some("maintenance")), "{writers:?}");
}
