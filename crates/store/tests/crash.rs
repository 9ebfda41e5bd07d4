//! A disk that fails. A schedule runs once to record its disk operations, and then again with a fault at one of them,
//! for every kind of operation and of fault. In the end every acknowledged span is there, no span is there twice, and
//! a refused batch is there as a whole or not at all.

#![expect(clippy::unwrap_used, reason = "all of this crate is a test")]
#![expect(clippy::print_stdout, reason = "a test says what it has tried")]

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;

use common::{SECOND, START, WINDOW, accept, difference, open, settings};
use platform::disk::Disk as _;
use rand::RngExt as _;
use rand::rngs::SmallRng;
use span::Timestamp;
use store::{Durability, Settings, Store};
use testkit::{DiskCall, DiskOperation, Fault, Model, OwnedSpan, Schedule, SimDisk, each_seed, schedules};

/// How many operations of each kind are tried in a schedule.
const TRIED_OF_A_KIND: usize = 2;
/// Limit: after this many faults, which some ten schedules have, every kind of operation was tried.
const CASES_THAT_MEET_ALL: u64 = 800;
/// How many random outcomes of a power cut are tried.
const REBOOTS: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    Accept(Vec<OwnedSpan>),
    Advance(i64),
    Freeze,
    Seal,
    Merge,
    Evict,
    Maintain,
}

/// Drawn as a whole before it runs, so that the steps do not depend on the disk.
fn draw(random: &mut SmallRng) -> Vec<Step> {
    let schedule = Schedule { batch_spans_max: 8, window_nanos: WINDOW, ..Schedule::draw(random) };
    let mut now = START;
    let mut draw_step = |random: &mut SmallRng| match random.random_range(0..16u8) {
        0..=6 => Step::Accept(schedule.batch(random, now)),
        7 => {
            let nanos = random.random_range(0..WINDOW / 2);
            now = now.saturating_add(nanos);
            Step::Advance(nanos)
        }
        8 | 9 => Step::Freeze,
        10 | 11 => Step::Seal,
        12 | 13 => Step::Merge,
        14 => Step::Evict,
        _ => Step::Maintain,
    };
    (0..random.random_range(10..40)).map(|_| draw_step(random)).collect()
}

/// A batch that was sent.
#[derive(Clone)]
struct Sent {
    batch: Vec<OwnedSpan>,
    cutoff: Timestamp,
    now: Timestamp,
    is_acknowledged: bool,
}

/// A process on its disk, and what its clients know.
struct Life {
    settings: Settings,
    disk: SimDisk,
    store: Store,
    sent: Vec<Sent>,
    /// Which refused batches may be stored all the same: one bit for each, in their order. Each of these worlds
    /// explains all answers so far.
    worlds: Vec<u32>,
    /// How many batches were refused in earlier lives.
    refused_before: u32,
    now: Timestamp,
}

impl Life {
    /// Returns `None` if the power is cut before the store is open. Any other fault happens once, and the next start
    /// works.
    fn begin(durability: Durability, disk: &SimDisk) -> Option<Self> {
        let settings = settings(durability);
        let start = || Store::open(settings, Arc::new(disk.clone()), START);
        let store = start().or_else(|_| start()).ok()?;
        let (disk, sent) = (disk.clone(), Vec::new());
        Some(Self { settings, disk, store, sent, worlds: vec![0], refused_before: 0, now: START })
    }

    fn is_powered(&self) -> bool {
        self.disk.list().is_ok()
    }

    /// Takes the steps as long as there is power.
    fn take(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Accept(batch) => self.accept(batch),
                Step::Advance(nanos) => self.now = self.now.saturating_add(*nanos),
                Step::Freeze => self.store.freeze(self.now),
                Step::Seal => drop(self.store.seal()),
                Step::Merge => drop(self.store.merge()),
                Step::Evict => self.store.evict(self.now),
                Step::Maintain => self.store.maintain(self.now),
            }
            if !self.is_powered() {
                return;
            }
        }
    }

    fn accept(&mut self, batch: &[OwnedSpan]) {
        let cutoff = self.store.stats(self.now).cutoff;
        let is_acknowledged = accept(&self.store, batch, self.now).is_ok();
        self.sent.push(Sent { batch: batch.to_vec(), cutoff, now: self.now, is_acknowledged });
    }

    fn model(&self, world: u32) -> Model {
        let mut model = Model::default();
        let mut refused = 0;
        for sent in &self.sent {
            let is_there = sent.is_acknowledged || world >> refused & 1 == 1;
            refused += u32::from(!sent.is_acknowledged);
            if is_there {
                model.accept(&sent.batch, sent.cutoff, sent.now.saturating_add(10 * SECOND));
            }
        }
        model
    }

    fn refused(&self) -> u32 {
        self.sent.iter().map(|sent| u32::from(!sent.is_acknowledged)).sum()
    }

    /// While the process lives, no answer shows a refused batch.
    fn check(&mut self, told: &str) {
        let differences: Vec<Option<String>> =
            self.worlds.iter().map(|&world| difference(&self.store, &self.model(world), self.now)).collect();
        let mut explains = differences.iter().map(Option::is_none);
        self.worlds.retain(|_| explains.next().expect("one for each world"));
        assert!(!self.worlds.is_empty(), "{told}: {}", differences.into_iter().flatten().next().unwrap());
    }

    /// Starts another process on what is left of the disk. Each batch that this one refused is there or not, as a
    /// whole; nothing else is uncertain.
    fn next(&self, disk: SimDisk, told: &str) -> Self {
        let refused = self.refused();
        assert!(refused < 8, "one fault refuses few batches, and not {refused}: {told}");
        let ours = 0..1u32 << (refused - self.refused_before);
        let worlds =
            ours.flat_map(|ours| self.worlds.iter().map(move |world| world | ours << self.refused_before));
        let mut next = Self {
            settings: self.settings,
            store: open(&self.settings, &disk, self.now),
            disk,
            sent: self.sent.clone(),
            worlds: worlds.collect(),
            refused_before: refused,
            now: self.now,
        };
        next.check(told);
        next
    }

    /// Checks that the store works as if there had been no fault, and keeps new batches.
    fn go_on(&mut self, random: &mut SmallRng, told: &str) {
        let before = self.refused();
        let schedule = Schedule { window_nanos: WINDOW, batch_spans_max: 8, ..Schedule::draw(random) };
        for steps in [vec![Step::Freeze, Step::Seal], vec![Step::Merge], vec![Step::Maintain]] {
            self.accept(&schedule.batch(random, self.now));
            self.take(&steps);
        }
        self.check(told);
        assert_eq!(self.refused(), before, "batches are taken again: {told}");
        let stats = self.store.stats(self.now);
        assert_eq!((stats.health.log_trouble, stats.frozen_generations), (None, 0), "{told}");
    }
}

fn kind_of(done: &DiskCall) -> (DiskOperation, String) {
    let suffix = done.name.rsplit('.').next().unwrap_or_default();
    (done.operation, suffix.to_owned())
}

/// Returns the numbers of a few operations of every kind.
fn aims(random: &mut SmallRng, disk: &SimDisk) -> Vec<(u64, (DiskOperation, String))> {
    let mut numbers: BTreeMap<(DiskOperation, String), Vec<u64>> = BTreeMap::new();
    for (done, number) in disk.history().iter().zip(0..) {
        numbers.entry(kind_of(done)).or_default().push(number);
    }
    let pick = |(kind, numbers): (&(DiskOperation, String), &Vec<u64>)| {
        let one = |_| (numbers[random.random_range(0..numbers.len())], kind.clone());
        (0..TRIED_OF_A_KIND).map(one).collect::<Vec<_>>()
    };
    numbers.iter().flat_map(pick).collect()
}

/// Runs one schedule with each fault at some of its operations. `after` ends the life of the process and returns each
/// disk that the next one may find. Counts the faults that were tried.
fn run(
    random: &mut SmallRng,
    durability: Durability,
    tried: &mut BTreeMap<(DiskOperation, String), u64>,
    after: impl Fn(&mut SmallRng, &SimDisk) -> Vec<SimDisk>,
) {
    let steps = draw(random);
    let disk = SimDisk::new();
    let mut whole = Life::begin(durability, &disk).expect("nothing fails");
    whole.take(&steps);
    whole.check("without a fault");
    for (operation, kind) in aims(random, &disk) {
        let short = Fault::Short(random.random_range(0..600));
        for fault in [Fault::PowerCut, Fault::NoSpace, Fault::Io, short] {
            let told = format!("{fault:?} at operation {operation}, {kind:?}");
            *tried.entry(kind.clone()).or_default() += 1;
            let disk = SimDisk::new();
            disk.fail_at(operation, fault);
            let Some(mut life) = Life::begin(durability, &disk) else {
                for left in after(random, &disk) {
                    open(&settings(durability), &left, START);
                }
                continue;
            };
            life.take(&steps);
            if life.is_powered() {
                life.check(&told);
                if random.random_bool(0.5) {
                    life.go_on(random, &told);
                }
            }
            for left in after(random, &disk) {
                let mut next = life.next(left, &told);
                next.go_on(random, &told);
                let last = after(random, &next.disk).swap_remove(0);
                next.next(last, &told);
            }
        }
    }
}

/// Checks that every kind of operation was tried.
fn check_kinds(tried: &BTreeMap<(DiskOperation, String), u64>, durability: Durability) {
    println!("{durability:?}: {tried:#?}");
    let mut expected = vec![
        (DiskOperation::Create, "wal"),
        (DiskOperation::Append, "wal"),
        (DiskOperation::Remove, "wal"),
        (DiskOperation::Create, "draft"),
        (DiskOperation::Append, "draft"),
        (DiskOperation::Sync, "draft"),
        (DiskOperation::Rename, "draft"),
        (DiskOperation::SyncFolder, ""),
        (DiskOperation::Remove, "segment"),
    ];
    if durability == Durability::Fsync {
        expected.push((DiskOperation::Sync, "wal"));
    }
    let expected: Vec<_> =
        expected.into_iter().map(|(operation, name)| (operation, name.to_owned())).collect();
    // A few schedules need not have all kinds.
    if tried.values().sum::<u64>() > CASES_THAT_MEET_ALL {
        assert!(expected.iter().all(|kind| tried.contains_key(kind)), "{tried:?}");
    }
}

#[test]
fn with_fsync_acknowledged_spans_survive_a_fault_or_a_power_cut_at_every_operation() {
    let mut tried = BTreeMap::new();
    each_seed(schedules(20), |random| {
        run(random, Durability::Fsync, &mut tried, |random, disk| {
            let mut left: Vec<SimDisk> = (0..REBOOTS).map(|_| disk.reboot(random)).collect();
            left.push(disk.reboot_with_synced_only());
            left
        });
    });
    check_kinds(&tried, Durability::Fsync);
}

#[test]
fn with_os_acknowledged_spans_survive_a_fault_or_the_end_of_the_process_at_every_operation() {
    let mut tried = BTreeMap::new();
    each_seed(schedules(45), |random| {
        run(random, Durability::Os, &mut tried, |_, disk| vec![disk.crash()]);
    });
    check_kinds(&tried, Durability::Os);
}

/// Seals a batch alone, so that it becomes a segment.
fn seal(life: &mut Life, batch: &[OwnedSpan]) {
    life.accept(batch);
    life.take(&[Step::Freeze, Step::Seal]);
}

/// Makes three segments; the window is about to pass the first.
fn three_segments(disk: &SimDisk) -> Life {
    let mut life = Life::begin(Durability::Fsync, disk).expect("nothing fails");
    let at = |seconds: i64| START.saturating_add(seconds * SECOND);
    seal(&mut life, &[OwnedSpan::root(1, 1, at(-50))]);
    seal(&mut life, &[OwnedSpan::root(2, 1, at(-5)), OwnedSpan::child(2, 2, 1, at(-5))]);
    seal(&mut life, &[OwnedSpan::root(3, 1, at(-4))]);
    life
}

/// Returns the number of the next operation of a kind, found by running the steps on a copy.
fn next_of(begin: fn(&SimDisk) -> Life, kind: DiskOperation, suffix: &str, steps: &[Step]) -> u64 {
    let disk = SimDisk::new();
    let mut life = begin(&disk);
    let before = usize::try_from(disk.operations()).unwrap();
    life.take(steps);
    let history = disk.history();
    let is_it = |done: &DiskCall| done.operation == kind && done.name.ends_with(suffix);
    (before + history[before..].iter().position(is_it).expect("it happens")) as u64
}

#[test]
fn a_merge_that_fails_at_its_last_sync_leaves_no_span_that_is_counted_twice() {
    let disk = SimDisk::new();
    let mut life = three_segments(&disk);
    disk.fail_at(next_of(three_segments, DiskOperation::SyncFolder, "", &[Step::Merge]), Fault::Io);
    life.take(&[Step::Merge]);
    assert_eq!(life.store.stats(life.now).segments, 3, "it failed");
    // The window passes the first segment. The next merge overlaps the one that failed.
    life.take(&[Step::Advance(20 * SECOND)]);
    life.accept(&[OwnedSpan::root(4, 1, START)]);
    life.take(&[Step::Freeze, Step::Evict, Step::Merge]);
    life.check("alive");
    life.next(disk.crash(), "after a crash");
    life.next(disk.reboot_with_synced_only(), "after a power cut");
}

#[test]
fn a_segment_that_could_not_be_removed_does_not_come_back_when_its_successor_is_evicted() {
    let disk = SimDisk::new();
    let mut life = three_segments(&disk);
    disk.fail_at(next_of(three_segments, DiskOperation::Remove, "1.segment", &[Step::Merge]), Fault::Io);
    life.take(&[Step::Merge, Step::Advance(WINDOW + SECOND)]);
    // The window has passed all spans, and the ids begin again.
    let again = [OwnedSpan::root(1, 1, life.now), OwnedSpan::root(2, 1, life.now)];
    life.take(&[Step::Evict, Step::Freeze, Step::Advance(3 * SECOND), Step::Evict]);
    seal(&mut life, &again);
    life.check("alive");
    life.next(disk.crash(), "after a crash");
}

/// Makes two segments, and a sealed generation that has only a duplicate of a span that the window is about to pass.
fn two_segments_and_repeats(disk: &SimDisk) -> Life {
    let mut life = Life::begin(Durability::Fsync, disk).expect("nothing fails");
    let at = |seconds: i64| START.saturating_add(seconds * SECOND);
    seal(&mut life, &[OwnedSpan::root(1, 1, at(1)), OwnedSpan::child(1, 2, 1, at(-25))]);
    seal(&mut life, &[OwnedSpan::root(2, 1, at(2))]);
    life.take(&[Step::Advance(30 * SECOND)]);
    life.accept(&[OwnedSpan::child(1, 2, 1, at(20))]);
    life.take(&[Step::Advance(30 * SECOND)]);
    // The cutoff moves on, and the generation of the duplicate is sealed.
    life.accept(&[]);
    life.take(&[Step::Freeze, Step::Seal]);
    life
}

#[test]
fn a_duplicate_stays_one_after_a_crash_although_its_first_copy_was_evicted() {
    let steps = [Step::Merge];
    let begin = two_segments_and_repeats;
    for (kind, suffix) in [
        (DiskOperation::Append, "draft"),
        (DiskOperation::Rename, "draft"),
        (DiskOperation::Remove, "segment"),
    ] {
        let disk = SimDisk::new();
        let mut life = begin(&disk);
        life.check("before");
        disk.fail_at(next_of(begin, kind, suffix, &steps), Fault::PowerCut);
        life.take(&steps);
        life.next(disk.crash(), &format!("after a crash at {kind:?}"));
        life.next(disk.reboot_with_synced_only(), &format!("after a power cut at {kind:?}"));
    }
}
