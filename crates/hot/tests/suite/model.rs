//! Random schedules, compared with a map from trace ids to lists of spans.

use std::collections::BTreeMap;

use hot::{
    Before, Generation, Hash, Mark, Position, RootChange, RootKey, RootOrder, RootRange, RootVersion, Router,
    Slot,
};
use rand::RngExt as _;
use rand::rngs::SmallRng;
use span::{SpanId, Status, Timestamp, TraceId};
use testkit::{OwnedSpan, each_seed, schedules};

use crate::records::{CORES, SHARD, generation, push, trace_id};
use crate::schedule;

const TRACES: u8 = 6;
const STEPS: usize = 400;

/// A trace as a list of its spans in the order of arrival.
struct ModelTrace {
    slot: Slot,
    before: Before,
    older_root: Option<RootOrder>,
    spans: Vec<OwnedSpan>,
    is_split: bool,
    is_superseded: bool,
}

fn order(span: &OwnedSpan) -> RootOrder {
    (span.start, span.span_id, span.reporter())
}

fn root(spans: &[OwnedSpan]) -> Option<RootOrder> {
    spans.iter().filter(|span| span.parent_span_id.is_none()).map(order).min()
}

/// How many spans start at or after the cutoff, and whether one of them failed.
fn count(spans: &[OwnedSpan], cutoff: Timestamp) -> (u64, bool) {
    let inside = || spans.iter().filter(|span| span.start >= cutoff);
    (inside().count() as u64, inside().any(|span| span.status == Status::Error))
}

/// One moment: the end of the records, the listed roots, and how many spans each trace had.
struct Snapshot {
    end: Position,
    version: RootVersion,
    /// In ascending order.
    listed: Vec<(RootKey, Slot)>,
    lengths: BTreeMap<TraceId, (Slot, usize)>,
}

struct Run<'a> {
    random: &'a mut SmallRng,
    router: Router,
    generation: Generation,
    traces: BTreeMap<TraceId, ModelTrace>,
    snapshots: Vec<Snapshot>,
    start_range: (Timestamp, Timestamp),
}

impl<'a> Run<'a> {
    fn new(random: &'a mut SmallRng) -> Self {
        let router = Router::new(CORES);
        let generation = generation(&router);
        assert_eq!(generation.shard_count(), 1);
        Self {
            random,
            router,
            generation,
            traces: BTreeMap::new(),
            snapshots: Vec::new(),
            start_range: (Timestamp::MAX, Timestamp::MIN),
        }
    }

    fn hash(&self, id: TraceId) -> Hash {
        self.router.hash(id)
    }

    fn push_span(&mut self) {
        let number = self.random.random_range(0..TRACES);
        let span = schedule::span(self.random, number);
        let hash = self.hash(span.trace_id);
        let found = self.generation.read(SHARD).find(hash, span.trace_id);
        assert_eq!(found, self.traces.get(&span.trace_id).map(|trace| trace.slot));
        if found.is_none() {
            let (before, older_root) = schedule::older(self.random);
            let slot = self.generation.write(SHARD).begin(hash, span.trace_id, before);
            let is_split = before != Before::Nothing;
            let spans = Vec::new();
            let trace = ModelTrace { slot, before, older_root, spans, is_split, is_superseded: false };
            self.traces.insert(span.trace_id, trace);
        }
        let trace = self.traces.get_mut(&span.trace_id).unwrap();
        let known = root(&trace.spans);
        let is_new_root = span.parent_span_id.is_none() && known.is_none_or(|known| order(&span) < known);
        if is_new_root {
            trace.is_superseded = trace.older_root.is_some_and(|older| older <= order(&span));
        }
        let expected =
            if is_new_root && !trace.is_superseded { RootChange::Smallest } else { RootChange::None };
        let change = push(&self.generation, (SHARD, trace.slot), &span, trace.older_root);
        assert_eq!(change, expected, "{span:?} beside {known:?}");
        let (min, max) = self.start_range;
        self.start_range = (min.min(span.start), max.max(span.start));
        trace.spans.push(span);
    }

    fn forget_trace(&mut self) {
        let id = trace_id(self.random.random_range(0..TRACES));
        if let Some(trace) = self.traces.remove(&id) {
            self.generation.write(SHARD).forget(self.hash(id), trace.slot);
            assert_eq!(self.generation.read(SHARD).find(self.hash(id), id), None);
        }
    }

    /// Does what the store does when a younger generation has a piece of the trace.
    fn mark_trace(&mut self) {
        let id = trace_id(self.random.random_range(0..TRACES));
        let Some(trace) = self.traces.get_mut(&id) else { return };
        let mark = [Mark::Split, Mark::Superseded][self.random.random_range(0..2)];
        let has_root = root(&trace.spans).is_some();
        let supersedes = mark == Mark::Superseded && has_root && !trace.is_superseded;
        let expected = usize::from(!trace.is_split || supersedes);
        let marked = self.generation.marked().len();
        self.generation.mark(SHARD, trace.slot, mark);
        assert_eq!(self.generation.marked().len(), marked + expected, "only a mark that is new is noted");
        trace.is_split = true;
        trace.is_superseded |= supersedes;
    }

    fn restore_root(&mut self) {
        let id = trace_id(self.random.random_range(0..TRACES));
        let Some(trace) = self.traces.get_mut(&id) else { return };
        self.generation.read(SHARD).restore_root(trace.slot);
        trace.is_superseded = false;
    }

    fn take_snapshot(&mut self) {
        let lengths = self.traces.iter().map(|(id, trace)| (*id, (trace.slot, trace.spans.len())));
        let lengths = lengths.collect();
        let shard = self.generation.read(SHARD);
        let (end, version) = (shard.end(), shard.root_version());
        drop(shard);
        self.snapshots.push(Snapshot { end, version, listed: self.listed(), lengths });
    }

    fn check(&mut self) {
        let cutoff = schedule::start(self.random);
        self.check_totals();
        self.check_traces(cutoff);
        self.check_ids(cutoff);
        self.check_roots();
        for snapshot in &self.snapshots {
            self.check_snapshot(snapshot, cutoff);
        }
    }

    fn check_totals(&self) {
        let spans: usize = self.traces.values().map(|trace| trace.spans.len()).sum();
        assert_eq!(self.generation.spans(), spans as u64);
        assert_eq!(self.generation.start_range(), self.start_range, "of all spans that ever arrived");
        let shard = self.generation.read(SHARD);
        let found: BTreeMap<TraceId, Slot> = shard.traces().map(|(slot, trace)| (trace.id(), slot)).collect();
        assert_eq!(found, self.traces.iter().map(|(id, trace)| (*id, trace.slot)).collect());
    }

    fn check_traces(&self, cutoff: Timestamp) {
        let shard = self.generation.read(SHARD);
        for trace in self.traces.values() {
            let found = shard.trace(trace.slot).unwrap();
            let has_root = root(&trace.spans).is_some();
            assert_eq!(found.span_count(), trace.spans.len() as u64);
            assert_eq!(found.begins(), trace.before == Before::Over);
            assert_eq!((found.is_split(), found.is_superseded()), (trace.is_split, trace.is_superseded));
            assert_eq!(found.has_root(), has_root);
            assert_eq!(found.root_start(), root(&trace.spans).map(|(start, ..)| start));
            assert_eq!(found.latest(), trace.spans.iter().map(|span| span.start).max().unwrap());
            assert_eq!(shard.count(trace.slot, cutoff, Position::MAX), count(&trace.spans, cutoff));
        }
    }

    /// Checks the lookup by which the store finds a duplicate.
    fn check_ids(&mut self, cutoff: Timestamp) {
        let asked: Vec<OwnedSpan> = (0..20).map(|_| schedule::span(self.random, 0)).collect();
        let shard = self.generation.read(SHARD);
        for (trace, asked) in
            self.traces.values().flat_map(|trace| asked.iter().map(move |span| (trace, span)))
        {
            let is_it = |span: &OwnedSpan| {
                (span.span_id, span.reporter()) == (asked.span_id, asked.reporter()) && span.start >= cutoff
            };
            let found = shard.contains(trace.slot, (asked.span_id, asked.reporter()), cutoff);
            assert_eq!(found, trace.spans.iter().any(is_it), "{asked:?}");
        }
    }

    /// Returns the listed roots, in ascending order.
    fn listed(&self) -> Vec<(RootKey, Slot)> {
        let listed = self.traces.iter().filter(|(_, trace)| !trace.is_superseded);
        let keys = listed.filter_map(|(id, trace)| {
            root(&trace.spans).map(|(start, ..)| (RootKey::new(start, *id), trace.slot))
        });
        let mut keys: Vec<_> = keys.collect();
        keys.sort_unstable();
        keys
    }

    fn check_roots(&mut self) {
        let (from, until) = (schedule::start(self.random), schedule::start(self.random));
        let limit = self.random.random_range(0..usize::from(TRACES) + 2);
        let version = self.generation.read(SHARD).root_version();
        let moments = self.snapshots.iter().map(|snapshot| (snapshot.version, snapshot.listed.clone()));
        for (version, mut expected) in moments.chain([(version, self.listed())]) {
            // A forgotten trace leaves earlier snapshots, too.
            expected.retain(|(key, slot)| {
                let is_known = self.traces.values().any(|trace| trace.slot == *slot);
                is_known && from <= key.start() && key.start() < until
            });
            let total = expected.len();
            expected.reverse();
            expected.truncate(limit);
            let range = RootRange { from, until, version };
            assert_eq!(self.generation.read(SHARD).listed(range, limit), (total, expected));
        }
    }

    /// A snapshot sees the state of its moment, however many spans arrived since.
    fn check_snapshot(&self, snapshot: &Snapshot, cutoff: Timestamp) {
        let shard = self.generation.read(SHARD);
        for (id, trace) in &self.traces {
            // A trace that began after the snapshot has no spans in it.
            let length = snapshot.lengths.get(id).filter(|(slot, _)| *slot == trace.slot);
            let spans = &trace.spans[..length.map_or(0, |(_, length)| *length)];
            assert_eq!(shard.count(trace.slot, cutoff, snapshot.end), count(spans, cutoff));
            assert_eq!(shard.root_before(trace.slot, snapshot.end), root(spans));
            let root_record = shard.root_record(trace.slot, snapshot.end);
            let found = root_record.map(|record| (record.start(), record.span_id()));
            assert_eq!(found, root(spans).map(|(start, id, _)| (start, id)));
            let records = shard.records(trace.slot, snapshot.end);
            let ids: Vec<SpanId> = records.map(|(_, record)| record.span_id()).collect();
            assert!(
                ids.iter().eq(spans.iter().rev().map(|span| &span.span_id)),
                "the last to arrive is first"
            );
        }
    }
}

#[test]
fn a_generation_answers_as_a_map_of_lists_does() {
    each_seed(schedules(60), |random| {
        let mut run = Run::new(random);
        for _ in 0..STEPS {
            match run.random.random_range(0..100) {
                0..2 => run.forget_trace(),
                2..4 => run.take_snapshot(),
                4..8 => run.check(),
                _ => run.push_span(),
            }
        }
        // A frozen generation takes no more spans, and its marks still change.
        run.take_snapshot();
        for _ in 0..40 {
            if run.random.random_bool(0.7) {
                run.mark_trace();
            } else {
                run.restore_root();
            }
            run.check();
        }
    });
}
