//! A trace in pieces: every way in which the spans of one trace can be in several places.
//!
//! Each story runs with every combination of maintenance between its chapters (nothing, freeze, seal, merge, evict,
//! the end of the process). After every step all answers are those that the chapter lists, and the model's.

#[path = "../common/mod.rs"]
mod common;
mod shared_spans;

use std::fmt::Write as _;

use common::{SECOND, START, WINDOW, accept, difference, open, settings};
use span::{SpanId, Status, TimeRange, Timestamp, TraceId};
use store::{Durability, Settings, Store};
use testkit::{Model, OwnedSpan, SimDisk};

/// Maintenance between two chapters. The answers are checked after each step.
const UPKEEP: [&[Step]; 9] = [
    &[],
    &[Step::Freeze],
    &[Step::Freeze, Step::Seal],
    &[Step::Freeze, Step::Seal, Step::Merge],
    &[Step::Restart],
    &[Step::Freeze, Step::Restart],
    &[Step::Freeze, Step::Seal, Step::Restart],
    &[Step::Freeze, Step::Seal, Step::Merge, Step::Evict, Step::Restart],
    &[Step::Maintain, Step::Evict],
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    Freeze,
    Seal,
    Merge,
    Evict,
    Maintain,
    /// The process ends, and another one begins.
    Restart,
}

/// A batch that arrives at one moment, and every answer from then on.
struct Chapter {
    seconds: i64,
    batch: Vec<OwnedSpan>,
    /// The list, the latest first; the total is its length.
    listed: Vec<Listed>,
    /// Trace and spans in their order; no spans means 404.
    details: Vec<(u8, Vec<u8>)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Listed {
    trace: u8,
    /// The name of the root.
    root: char,
    spans: u64,
    status: Status,
}

fn ok(trace: u8, root: char, spans: u64) -> Listed {
    Listed { trace, root, spans, status: Status::Ok }
}

fn failed(trace: u8, root: char, spans: u64) -> Listed {
    Listed { status: Status::Error, ..ok(trace, root, spans) }
}

fn at(seconds: i64) -> Timestamp {
    START.saturating_add(seconds * SECOND)
}

/// Returns a root with a name, so that the answers show which root was chosen.
fn root(trace: u8, span: u8, name: char, seconds: i64) -> OwnedSpan {
    OwnedSpan { name: name.to_string(), ..OwnedSpan::root(trace, span, at(seconds)) }
}

fn child(trace: u8, span: u8, seconds: i64) -> OwnedSpan {
    OwnedSpan::child(trace, span, 1, at(seconds))
}

struct Stage {
    settings: Settings,
    disk: SimDisk,
    store: Store,
    model: Model,
    now: Timestamp,
}

impl Stage {
    fn new(durability: Durability) -> Self {
        let (settings, disk) = (settings(durability), SimDisk::new());
        let store = open(&settings, &disk, START);
        Self { settings, disk, store, model: Model::default(), now: START }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Freeze => self.store.freeze(self.now),
            Step::Seal => while self.store.seal() {},
            Step::Merge => while self.store.merge() {},
            Step::Evict => self.store.evict(self.now),
            Step::Maintain => self.store.maintain(self.now),
            Step::Restart => {
                self.disk = self.disk.crash();
                self.store = open(&self.settings, &self.disk, self.now);
            }
        }
    }

    fn begin(&mut self, chapter: &Chapter) {
        self.now = at(chapter.seconds);
        let accepted = accept(&self.store, &chapter.batch, self.now).expect("there is room");
        self.model.accept(&chapter.batch, accepted.cutoff, self.now.saturating_add(10 * SECOND));
    }

    fn check(&self, chapter: &Chapter, told: &str) {
        let listing = self.store.snapshot(self.now).list(TimeRange::ALL, 1000);
        let listed: Vec<Listed> = listing
            .summaries()
            .map(|summary| Listed {
                trace: summary.trace_id.to_bytes()[0],
                root: summary.root_name.chars().next().expect("roots are named"),
                spans: summary.spans,
                status: summary.status,
            })
            .collect();
        assert_eq!((listing.total, &listed), (chapter.listed.len(), &chapter.listed), "{told}");
        for (trace, expected) in &chapter.details {
            let id = TraceId::from_bytes([*trace; 16]);
            let mut found = Vec::new();
            if let Ok(trace) = self.store.trace(id, self.now) {
                trace.for_each(0..trace.len(), |span| found.push(span.span_id));
            }
            let expected: Vec<SpanId> = expected.iter().map(|&span| SpanId::from_bytes([span; 16])).collect();
            assert_eq!(found, expected, "trace {trace}, {told}");
        }
        assert_eq!(difference(&self.store, &self.model, self.now), None, "{told}");
    }
}

/// Limit: a story with this many chapters runs with every fourth of its combinations, which are thousands.
const LONG_STORY: usize = 4;

/// Tells a story with every combination of maintenance after its chapters.
fn tell(chapters: &[Chapter]) {
    let combinations = UPKEEP.len().pow(u32::try_from(chapters.len()).expect("few chapters"));
    let step = if chapters.len() < LONG_STORY { 1 } else { 4 };
    for combination in (0..combinations).step_by(step) {
        let mut stage = Stage::new(Durability::Os);
        let mut choice = combination;
        let mut told = String::new();
        for (number, chapter) in chapters.iter().enumerate() {
            stage.begin(chapter);
            write!(told, "chapter {number}, ").expect("a string takes it");
            stage.check(chapter, &told);
            for &step in UPKEEP[choice % UPKEEP.len()] {
                stage.take(step);
                write!(told, "{step:?}, ").expect("a string takes it");
                stage.check(chapter, &told);
            }
            choice /= UPKEEP.len();
        }
    }
}

fn now(batch: Vec<OwnedSpan>, listed: &[Listed], details: &[(u8, &[u8])]) -> Chapter {
    later(0, batch, listed, details)
}

fn later(seconds: i64, batch: Vec<OwnedSpan>, listed: &[Listed], details: &[(u8, &[u8])]) -> Chapter {
    let details = details.iter().map(|&(trace, spans)| (trace, spans.to_vec())).collect();
    Chapter { seconds, batch, listed: listed.to_vec(), details }
}

#[test]
fn a_child_that_arrives_after_its_root_was_sealed_is_counted() {
    tell(&[
        now(vec![root(1, 1, 'a', -9)], &[ok(1, 'a', 1)], &[(1, &[1])]),
        now(vec![child(1, 3, -8), root(2, 1, 'b', -5)], &[ok(2, 'b', 1), ok(1, 'a', 2)], &[(1, &[1, 3])]),
        now(vec![child(1, 2, -8)], &[ok(2, 'b', 1), ok(1, 'a', 3)], &[(1, &[1, 2, 3]), (2, &[1])]),
    ]);
}

#[test]
fn children_that_were_sealed_before_their_root_are_counted_when_it_arrives() {
    tell(&[
        now(vec![child(1, 2, -7), child(1, 3, -6)], &[], &[(1, &[2, 3])]),
        now(vec![child(1, 4, -8)], &[], &[(1, &[4, 2, 3])]),
        now(vec![root(1, 1, 'a', -9)], &[ok(1, 'a', 4)], &[(1, &[1, 4, 2, 3])]),
    ]);
}

#[test]
fn a_span_that_arrives_again_after_its_first_copy_was_sealed_is_counted_once() {
    let both = || vec![root(1, 1, 'a', -9), child(1, 2, -8)];
    tell(&[
        now(both(), &[ok(1, 'a', 2)], &[(1, &[1, 2])]),
        now(both(), &[ok(1, 'a', 2)], &[(1, &[1, 2])]),
        now(vec![child(1, 2, -8), child(1, 3, -7)], &[ok(1, 'a', 3)], &[(1, &[1, 2, 3])]),
    ]);
}

#[test]
fn of_two_spans_with_one_id_the_first_is_kept() {
    // The second span would be another, earlier root, with an error.
    let second = || vec![root(1, 2, 'z', -20).failed(), root(1, 1, 'y', -3).failed()];
    tell(&[
        now(vec![root(1, 1, 'a', -9), child(1, 2, -8)], &[ok(1, 'a', 2)], &[(1, &[1, 2])]),
        now(second(), &[ok(1, 'a', 2)], &[(1, &[1, 2])]),
        now(second(), &[ok(1, 'a', 2)], &[(1, &[1, 2])]),
    ]);
}

/// The ids of the contract are unique in a trace, so nothing else counts.
#[test]
fn spans_of_the_contract_are_duplicates_whatever_their_service() {
    let other = || vec![OwnedSpan { service: "other".to_owned(), ..child(1, 2, -8) }];
    tell(&[
        now(vec![root(1, 1, 'a', -9), child(1, 2, -8)], &[ok(1, 'a', 2)], &[(1, &[1, 2])]),
        now(other(), &[ok(1, 'a', 2)], &[(1, &[1, 2])]),
        now(other(), &[ok(1, 'a', 2)], &[(1, &[1, 2])]),
    ]);
}

#[test]
fn of_two_roots_the_smaller_is_the_root_if_it_arrives_first() {
    tell(&[
        now(vec![root(1, 1, 'a', -9)], &[ok(1, 'a', 1)], &[(1, &[1])]),
        now(vec![root(1, 2, 'b', -8)], &[ok(1, 'a', 2)], &[(1, &[1, 2])]),
        now(vec![root(2, 1, 'c', -8)], &[ok(2, 'c', 1), ok(1, 'a', 2)], &[(1, &[1, 2])]),
    ]);
}

#[test]
fn of_two_roots_the_smaller_is_the_root_if_it_arrives_last() {
    tell(&[
        now(vec![root(1, 1, 'a', -5), root(2, 1, 'c', -6)], &[ok(1, 'a', 1), ok(2, 'c', 1)], &[(1, &[1])]),
        now(vec![root(1, 2, 'b', -8)], &[ok(2, 'c', 1), ok(1, 'b', 2)], &[(1, &[2, 1])]),
        now(vec![root(1, 3, 'd', -9)], &[ok(2, 'c', 1), ok(1, 'd', 3)], &[(1, &[3, 2, 1])]),
    ]);
}

#[test]
fn of_two_roots_that_start_together_the_one_with_the_smaller_id_is_the_root() {
    tell(&[
        now(vec![root(1, 5, 'a', -9), root(2, 5, 'x', -9)], &[ok(1, 'a', 1), ok(2, 'x', 1)], &[]),
        now(vec![root(1, 6, 'b', -9)], &[ok(1, 'a', 2), ok(2, 'x', 1)], &[(1, &[5, 6])]),
        now(vec![root(1, 4, 'c', -9)], &[ok(1, 'c', 3), ok(2, 'x', 1)], &[(1, &[4, 5, 6])]),
    ]);
}

#[test]
fn an_error_in_any_piece_makes_the_trace_an_error() {
    tell(&[
        now(vec![child(1, 2, -8).failed()], &[], &[(1, &[2])]),
        now(vec![root(1, 1, 'a', -9)], &[failed(1, 'a', 2)], &[(1, &[1, 2])]),
        now(vec![child(1, 3, -7)], &[failed(1, 'a', 3)], &[(1, &[1, 2, 3])]),
    ]);
}

#[test]
fn an_error_outside_of_the_window_no_longer_counts() {
    tell(&[
        now(vec![child(1, 2, -50).failed(), root(2, 1, 'b', -50)], &[ok(2, 'b', 1)], &[(1, &[2])]),
        now(vec![root(1, 1, 'a', -5)], &[failed(1, 'a', 2), ok(2, 'b', 1)], &[(1, &[2, 1])]),
        later(20, vec![child(1, 3, 10)], &[ok(1, 'a', 2)], &[(1, &[1, 3]), (2, &[])]),
    ]);
}

#[test]
fn a_trace_whose_root_has_expired_is_not_shown_until_its_id_begins_again() {
    let seconds = WINDOW / SECOND;
    tell(&[
        now(vec![root(1, 1, 'a', -10), child(1, 2, 0)], &[ok(1, 'a', 2)], &[(1, &[1, 2])]),
        // The root is outside of the window; the child is not, and another one arrives: 404 all the same.
        later(seconds - 5, vec![child(1, 3, 10)], &[], &[(1, &[])]),
        // The first child is outside, too. The root that arrives now is larger than the expired one, which is still
        // kept.
        later(seconds + 5, vec![root(1, 4, 'b', 60)], &[], &[(1, &[])]),
        // All spans are outside of the window: the id begins a new trace.
        later(2 * seconds + 1, vec![root(1, 1, 'c', 100)], &[ok(1, 'c', 1)], &[(1, &[1])]),
    ]);
}

#[test]
fn a_span_ahead_of_the_clock_in_an_old_segment_is_shown_after_its_neighbours_were_evicted() {
    let seconds = WINDOW / SECOND;
    tell(&[
        now(
            vec![root(1, 1, 'a', -9), root(2, 1, 'b', 9), child(3, 2, 8)],
            &[ok(2, 'b', 1), ok(1, 'a', 1)],
            &[],
        ),
        later(seconds, vec![root(3, 1, 'c', 50)], &[ok(3, 'c', 2), ok(2, 'b', 1)], &[(1, &[]), (3, &[2, 1])]),
        later(seconds + 9, vec![], &[ok(3, 'c', 1), ok(2, 'b', 1)], &[(2, &[1]), (3, &[1])]),
        later(seconds + 10, vec![], &[ok(3, 'c', 1)], &[(2, &[]), (3, &[1])]),
    ]);
}

#[test]
fn a_piece_that_is_only_in_the_log_survives_the_end_of_the_process() {
    for durability in [Durability::Os, Durability::Fsync] {
        let mut stage = Stage::new(durability);
        let first = now(vec![root(1, 1, 'a', -5)], &[ok(1, 'a', 1)], &[(1, &[1])]);
        stage.begin(&first);
        stage.take(Step::Freeze);
        stage.take(Step::Seal);
        let second = now(vec![root(1, 2, 'b', -9)], &[ok(1, 'b', 2)], &[(1, &[2, 1])]);
        stage.begin(&second);
        for _ in 0..3 {
            stage.take(Step::Restart);
            assert_eq!(stage.store.stats(stage.now).segments, 1, "the second piece is in the log only");
            stage.check(&second, "after a restart");
        }
    }
}
