//! Random schedules of batches, questions and clock steps: every answer equals the reference model's.
//!
//! `MODEL_SEED=N` runs one schedule again, `MODEL_SCHEDULES=N` runs more of them.

mod naive;
mod rootless;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rand::RngExt as _;
use rand::rngs::SmallRng;
use span::{Status, TimeRange, Timestamp, TraceId};
use store::{Durability, Outcome, Selection, Series, Settings, Snapshot, Statistics, Store, TraceSpans};
use testkit::model::{Counts, ModelSummary};
use testkit::{Model, OwnedSpan, Schedule, SimDisk, each_seed, schedules, with_borrowed};

use self::naive::naive;

const START: Timestamp = Timestamp(1_790_000_000_000_000_000);
const AHEAD: Duration = Duration::from_secs(10);

/// Where the store keeps its data.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Memory,
    /// A disk, and what an acknowledged batch survives.
    Disk(Durability),
}

/// A store and its model, with the time at which they are asked.
struct Pair {
    settings: Settings,
    place: Place,
    disk: SimDisk,
    store: Store,
    model: Model,
    now: Timestamp,
    subscriber: Option<Subscriber>,
    held: Option<HeldSnapshot>,
}

/// A snapshot that is asked later, and the model when it was taken.
struct HeldSnapshot {
    snapshot: Snapshot,
    model: Model,
}

/// A subscriber, who only asks for changes.
struct Subscriber {
    asked_at: Timestamp,
    place: u64,
    known: BTreeMap<TraceId, ModelSummary>,
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
        Self {
            settings,
            place,
            disk,
            store,
            model: Model::default(),
            now: START,
            subscriber: None,
            held: None,
        }
    }

    /// Ends the process and begins another one. With a power cut, unsynced data may be lost.
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
        self.subscriber = None;
    }

    /// Returns where the store says that its window begins.
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
        let listing = self.store.snapshot(self.now).list(range, limit);
        let expected = self.model.list(range, self.cutoff());
        let found: Vec<ModelSummary> = listing.summaries().map(ModelSummary::from).collect();
        assert_eq!(listing.total, expected.len(), "total of {range:?}");
        assert_eq!(found, expected[..limit.min(expected.len())], "list of {range:?}");
    }

    /// Checks a selection by outcome, and the count of it.
    fn check_selection(&self, range: TimeRange, outcome: Outcome, limit: usize) {
        let selection = Selection { range, outcome };
        let all = self.model.list(range, self.cutoff());
        let is_meant = |summary: &&ModelSummary| match outcome {
            Outcome::Any => true,
            Outcome::Ok => summary.status != Status::Error,
            Outcome::Error => summary.status == Status::Error,
        };
        let expected: Vec<ModelSummary> = all.iter().filter(is_meant).cloned().collect();
        let listing = self.store.snapshot(self.now).list(selection, limit);
        let found: Vec<ModelSummary> = listing.summaries().map(ModelSummary::from).collect();
        assert_eq!(listing.total, expected.len(), "total of {selection:?}");
        assert_eq!(found, expected[..limit.min(expected.len())], "{selection:?}");
        let statistics = self.store.snapshot(self.now).statistics(selection, limit);
        self.check_series(statistics.series.as_ref(), range, limit, &expected);
        assert_eq!(Statistics { series: None, ..statistics }, naive(&all, &expected), "{selection:?}");
    }

    fn check_series(
        &self,
        series: Option<&Series>,
        range: TimeRange,
        parts: usize,
        expected: &[ModelSummary],
    ) {
        let Some(series) = series else {
            let until = if range.until == Timestamp::MAX { self.now } else { range.until };
            assert!(until <= range.from.max(self.cutoff()), "{range:?} has a part of the window");
            return;
        };
        let mut naive = Series {
            from: range.from.max(self.cutoff()),
            step: series.step,
            traces: vec![0; parts],
            errors: vec![0; parts],
        };
        for trace in expected {
            let part = trace.start.nanos_since(naive.from) / series.step;
            let part = usize::try_from(part).expect("a small number").min(parts - 1);
            naive.traces[part] += 1;
            naive.errors[part] += u64::from(trace.status == Status::Error);
        }
        assert_eq!(series, &naive);
    }

    /// A subscriber, who only asks for changes, has the same traces as a client that asks for all.
    fn check_subscriber(&mut self, limit: usize) {
        let Some(Subscriber { asked_at, mut place, mut known }) = self.subscriber.take() else {
            let place = self.store.subscribe(self.now);
            let listing = self.store.snapshot(self.now).list(TimeRange::ALL, usize::MAX);
            let rootless = self.rootless();
            let known = listing
                .summaries()
                .chain(rootless.summaries())
                .map(|summary| (summary.trace_id, summary.into()))
                .collect();
            self.subscriber = Some(Subscriber { asked_at: self.now, place, known });
            return;
        };
        let cutoff = self.cutoff();
        loop {
            let Some(changed) = self.store.changes(place, limit, self.now) else {
                // The clock may have been set back a little since the minute was over.
                assert!(
                    self.now.0 - asked_at.0 > 50_000_000_000,
                    "what a subscriber needs is kept for a minute"
                );
                return;
            };
            let listing = self.store.snapshot(self.now).summaries(&changed.ids);
            assert!(changed.ids.len() <= limit && listing.total == listing.summaries().len());
            // A changed trace that is not listed may have been listed before: its root can have changed, and left the
            // window.
            known.retain(|id, _| !changed.ids.contains(id));
            for summary in listing.summaries() {
                known.insert(summary.trace_id, summary.into());
            }
            place = changed.next;
            if !changed.has_more {
                break;
            }
        }
        known.retain(|_, summary| summary.start >= cutoff);
        let mut expected = self.model.list(TimeRange::ALL, cutoff);
        // Spans that leave the window before their root are no change. Neither is it one if the span leaves that stands
        // for a root, so the subscriber forgets the trace.
        let rootless = self.model.rootless(TimeRange::ALL, cutoff).into_iter();
        expected.extend(rootless.filter(|summary| known.contains_key(&summary.trace_id)));
        let (found, expected): (Vec<_>, Vec<_>) = expected
            .into_iter()
            .map(|summary| {
                let mut found = known.get(&summary.trace_id).cloned().expect("the subscriber was told of it");
                (found.spans, found.status) = (summary.spans, summary.status);
                (found, summary)
            })
            .unzip();
        assert_eq!((known.len(), found), (expected.len(), expected));
        self.subscriber = Some(Subscriber { asked_at: self.now, place, known });
    }

    fn check_trace(&self, id: TraceId) {
        let found = self.store.trace(id, self.now).ok().as_ref().map(spans_of);
        assert_eq!(found, self.model.trace(id, self.cutoff()), "trace {id}");
    }

    /// A snapshot answers as when it was taken, whatever was stored, sealed, merged and evicted since. Only traces
    /// that have left the window since may be missing, because their id may have begun another trace.
    fn check_held(&mut self) {
        let Some(HeldSnapshot { snapshot, model }) = self.held.take() else {
            self.held =
                Some(HeldSnapshot { snapshot: self.store.snapshot(self.now), model: self.model.clone() });
            return;
        };
        let cutoff = self.cutoff();
        let has_stayed = |id: TraceId| {
            let spans = model.trace(id, snapshot.cutoff());
            spans.is_some_and(|spans| spans.iter().any(|span| span.start >= cutoff))
        };
        let expected = model.list(TimeRange::ALL, snapshot.cutoff()).into_iter();
        let expected: Vec<ModelSummary> = expected.filter(|summary| has_stayed(summary.trace_id)).collect();
        let listing = snapshot.list(TimeRange::ALL, usize::MAX);
        let found: Vec<ModelSummary> = listing.summaries().map(ModelSummary::from).collect();
        assert_eq!(listing.total, found.len());
        let stayed: Vec<_> = found.iter().filter(|summary| has_stayed(summary.trace_id)).cloned().collect();
        assert_eq!(stayed, expected, "the list of a snapshot that was taken before");
        let ids: Vec<TraceId> = expected.iter().map(|summary| summary.trace_id).collect();
        let summaries = snapshot.summaries(&ids);
        assert_eq!(summaries.summaries().map(ModelSummary::from).collect::<Vec<_>>(), expected);
        for id in model.trace_ids().filter(|&id| has_stayed(id)) {
            let found = snapshot.trace(id).ok().as_ref().map(spans_of);
            assert_eq!(
                found,
                model.trace(id, snapshot.cutoff()),
                "trace {id} of a snapshot that was taken before"
            );
        }
        let traces = snapshot.statistics(TimeRange::ALL.into(), 0);
        assert_eq!(traces.ok + traces.error, found.len() as u64);
    }

    fn check_all(&mut self) {
        self.check_held();
        self.check_list(TimeRange::ALL, 1000);
        for outcome in [Outcome::Any, Outcome::Ok, Outcome::Error] {
            self.check_selection(TimeRange::ALL, outcome, 1000);
            self.check_rootless(Selection { range: TimeRange::ALL, outcome }, 1000);
        }
        self.check_subscriber(usize::MAX);
        self.model.trace_ids().for_each(|id| self.check_trace(id));
        let mut listed = self.model.list(TimeRange::ALL, self.cutoff());
        listed.extend(self.model.rootless(TimeRange::ALL, self.cutoff()));
        let ids: Vec<TraceId> = listed.iter().map(|summary| summary.trace_id).collect();
        let found = self.store.snapshot(self.now).summaries(&ids);
        assert_eq!(found.summaries().map(ModelSummary::from).collect::<Vec<_>>(), listed);
    }
}

fn spans_of(trace: &TraceSpans) -> Vec<OwnedSpan> {
    let mut spans = Vec::new();
    trace.for_each(0..trace.len(), |span| spans.push(OwnedSpan::from(span)));
    spans
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

/// Returns how many spans were evicted for lack of memory.
fn run(random: &mut SmallRng, schedule: &Schedule, mut pair: Pair) -> u64 {
    let mut sent: Vec<Vec<OwnedSpan>> = Vec::new();
    for _ in 0..random.random_range(5..60) {
        match random.random_range(0..17u8) {
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
            // The system's clock is set back a little, by less than the eviction lags behind.
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
                let outcomes = [Outcome::Any, Outcome::Ok, Outcome::Error];
                let outcome = outcomes[random.random_range(0..3)];
                pair.check_selection(range, outcome, random.random_range(1..30));
                pair.check_rootless(Selection { range, outcome }, random.random_range(1..30));
            }
            16 => pair.check_held(),
            11 => pair.check_subscriber(random.random_range(1..30)),
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

/// So little memory that the oldest spans are evicted in most schedules, but enough to take most batches.
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
