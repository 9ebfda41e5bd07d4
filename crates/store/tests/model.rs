//! Random schedules of batches, questions and clock steps: every answer equals the reference model's.
//!
//! `MODEL_SEED=N` runs one schedule again, `MODEL_SCHEDULES=N` runs more of them.

use std::sync::Arc;
use std::time::Duration;

use rand::RngExt as _;
use rand::rngs::SmallRng;
use span::{TimeRange, Timestamp, TraceId};
use store::{Durability, Settings, Store};
use testkit::model::{Counts, ModelSummary};
use testkit::{Model, OwnedSpan, Schedule, SimDisk, each_seed, schedules, with_borrowed};

const START: Timestamp = Timestamp(1_790_000_000_000_000_000);
const AHEAD: Duration = Duration::from_secs(10);

/// Where the store keeps its data.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Memory,
    /// A disk, and what an acknowledgement survives.
    Disk(Durability),
}

/// A store and the model of it, with the time they are asked at.
struct Pair {
    settings: Settings,
    place: Place,
    disk: SimDisk,
    store: Store,
    model: Model,
    now: Timestamp,
}

impl Pair {
    fn new(schedule: &Schedule, memory_bytes_max: usize, place: Place) -> Self {
        let durability = match place {
            Place::Memory => Durability::Memory,
            Place::Disk(durability) => durability,
        };
        let window = Duration::from_nanos(schedule.window_nanos.unsigned_abs());
        let settings = Settings {
            window,
            ahead: AHEAD,
            durability,
            memory_bytes_max,
            cores: 1,
            merged_segments: 2,
            ..Settings::default()
        };
        let disk = SimDisk::new();
        let store = match place {
            Place::Memory => Store::in_memory(settings, START),
            Place::Disk(_) => open(settings, &disk, START),
        };
        Self { settings, place, disk, store, model: Model::default(), now: START }
    }

    /// The process ends at once and another one begins; with a power cut, what was not synced is in danger.
    fn crash(&mut self, random: &mut SmallRng) {
        let power_cut = match self.place {
            Place::Memory | Place::Disk(Durability::Memory) => return,
            Place::Disk(Durability::Os) => false,
            Place::Disk(Durability::Fsync) => random.random_bool(0.5),
        };
        self.disk = if power_cut {
            self.disk.cut_power();
            self.disk.reboot(random)
        } else {
            self.disk.crash()
        };
        self.store = open(self.settings, &self.disk, self.now);
    }

    /// Where the store says that its window begins.
    fn cutoff(&self) -> Timestamp {
        self.store.stats(self.now).cutoff
    }

    fn advance(&mut self, nanos: i64) {
        self.now = self.now.saturating_add(nanos);
    }

    fn accept(&mut self, batch: &[OwnedSpan]) {
        let Ok(accepted) = with_borrowed(batch, |spans| self.store.accept(spans, self.now)) else {
            return;
        };
        let latest = self.now.saturating_add(i64::try_from(AHEAD.as_nanos()).expect("ten seconds fit"));
        let counts = self.model.accept(batch, accepted.cutoff, latest);
        let found = Counts {
            stored: accepted.stored,
            repeated: accepted.repeated,
            stale: accepted.stale,
            ahead: accepted.ahead,
        };
        assert_eq!(found, counts, "the ledger of a batch");
    }

    fn check_list(&self, range: TimeRange, limit: usize) {
        let listing = self.store.list(range, limit, self.now);
        let expected = self.model.list(range, self.cutoff());
        let found: Vec<ModelSummary> = listing.summaries().map(ModelSummary::from).collect();
        assert_eq!(listing.total, expected.len(), "total of {range:?}");
        assert_eq!(found, expected[..limit.min(expected.len())], "list of {range:?}");
    }

    fn check_trace(&self, id: TraceId) {
        let found = self.store.trace(id, self.now).map(|trace| {
            let mut spans = Vec::new();
            trace.for_each(0..trace.len(), |span| spans.push(OwnedSpan::from(span)));
            spans
        });
        assert_eq!(found, self.model.trace(id, self.cutoff()), "trace {id}");
    }

    fn check_all(&self) {
        self.check_list(TimeRange::ALL, 1000);
        self.model.trace_ids().for_each(|id| self.check_trace(id));
    }
}

fn open(settings: Settings, disk: &SimDisk, now: Timestamp) -> Store {
    Store::open(settings, Arc::new(disk.clone()), now).expect("the disk can be read")
}

fn draw_range(random: &mut SmallRng, schedule: &Schedule, now: Timestamp) -> TimeRange {
    let mut edge =
        || now.saturating_sub(random.random_range(-schedule.window_nanos / 4..schedule.window_nanos));
    let (one, other) = (edge(), edge());
    TimeRange { from: one.min(other), until: one.max(other) }
}

/// Returns how many spans have left for want of memory.
fn run(random: &mut SmallRng, schedule: &Schedule, mut pair: Pair) -> u64 {
    let mut sent: Vec<Vec<OwnedSpan>> = Vec::new();
    for _ in 0..random.random_range(5..60) {
        match random.random_range(0..16u8) {
            0..=4 => {
                let batch = schedule.batch(random, pair.now);
                pair.accept(&batch);
                sent.push(batch);
            }
            5 if !sent.is_empty() => {
                let again = random.random_range(0..sent.len());
                pair.accept(&sent[again]);
            }
            6 => pair.advance(random.random_range(0..schedule.window_nanos / 2)),
            7 => pair.advance(random.random_range(0..1_000_000_000)),
            // The system's clock is set back a little, within the lag of the eviction.
            8 => pair.advance(-random.random_range(0..100_000_000)),
            9 => pair.store.evict(pair.now),
            12 => pair.store.freeze(pair.now),
            13 => drop(pair.store.seal()),
            14 => match random.random_range(0..4u8) {
                0 => pair.store.maintain(pair.now),
                1 | 2 => drop(pair.store.merge()),
                _ => pair.crash(random),
            },
            10 => {
                let range = draw_range(random, schedule, pair.now);
                pair.check_list(range, random.random_range(1..30));
            }
            _ => {
                let id = schedule.trace_id(random);
                pair.check_trace(id);
            }
        }
    }
    pair.check_all();
    pair.store.ledger().evicted_by_memory
}

#[test]
fn every_answer_equals_the_model() {
    each_seed(schedules(20_000), |random| {
        let schedule = Schedule::draw(random);
        let places = [
            Place::Memory,
            Place::Disk(Durability::Memory),
            Place::Disk(Durability::Os),
            Place::Disk(Durability::Fsync),
        ];
        let place = places[random.random_range(0..places.len())];
        run(random, &schedule, Pair::new(&schedule, usize::MAX, place));
    });
}

/// So little that the oldest leave in most schedules, and so much that most batches are taken.
const SCARCE_MEMORY: std::ops::Range<usize> = 8_000..16_000;

#[test]
fn every_answer_equals_the_model_when_memory_runs_out() {
    let (mut ran, mut shed) = (0, 0);
    each_seed(schedules(20_000) / 4, |random| {
        let schedule = Schedule { batch_spans_max: 40, traces: 200, ..Schedule::draw(random) };
        let memory_bytes_max = random.random_range(SCARCE_MEMORY);
        let evicted = run(random, &schedule, Pair::new(&schedule, memory_bytes_max, Place::Memory));
        (ran, shed) = (ran + 1, shed + u64::from(evicted > 0));
    });
    println!("memory ran out in {shed} of {ran} schedules");
    assert!(ran < 100 || shed > ran / 2, "{shed} of {ran}");
}
