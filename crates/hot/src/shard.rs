//! A shard: the traces of a generation that are under one lock.

use std::cmp;
use std::sync::Arc;

use hashbrown::HashTable;
use record::Record;
use span::{Reporter, SpanId, Timestamp, TraceId};
use sync::Mutex;
use sync::atomic::Ordering;

use crate::arena::{Arena, Position};
use crate::names::{Names, NumberedOperation};
use crate::roots::{RootIndex, RootKey, RootRange, RootVersion};
use crate::router::{Hash, Router};
use crate::slab::{Slab, Slot};
use crate::stored;
use crate::trace::{Before, Mark, RootOrder, Trace};

/// An entry of the table from trace id to slot. It keeps enough of the hash to let the table grow without reading the
/// traces, which would be a cache miss for each.
#[derive(Clone, Copy)]
struct TraceSlot {
    hash: u32,
    slot: Slot,
}

const _: () = assert!(size_of::<TraceSlot>() == 8, "the table holds one for each trace");

/// Spreads a stored hash over the bits that the table uses.
fn table_hash(hash: u32) -> u64 {
    (u64::from(hash) << 32) | u64::from(hash)
}

/// How a stored span changed the root of its trace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RootChange {
    /// The root is unchanged, or the new one is superseded by the root of an older generation.
    None,
    /// The span is now the root of the whole trace, and supersedes the root of an older generation, if there is one.
    Smallest,
}

/// The traces of one shard in one generation.
pub struct Shard {
    router: Router,
    /// The names of the generation. They say who reported a stored span.
    names: Arc<Names>,
    slots: HashTable<TraceSlot>,
    traces: Slab,
    /// The listed roots. They have a lock of their own, because marks change them while the generation is frozen and
    /// the shard is only locked for reading.
    roots: Mutex<RootIndex>,
    arena: Arena,
    /// The memory of the sets of large traces.
    set_bytes: usize,
    spans: u64,
    /// Traces without a root.
    rootless: usize,
    start_min: Timestamp,
    start_max: Timestamp,
    /// The epoch of the view in which this shard takes spans.
    pub epoch: u64,
}

impl Shard {
    pub(crate) fn new(router: Router, names: Arc<Names>) -> Self {
        Self {
            router,
            names,
            slots: HashTable::new(),
            traces: Slab::default(),
            roots: Mutex::default(),
            arena: Arena::default(),
            set_bytes: 0,
            spans: 0,
            rootless: 0,
            start_min: Timestamp::MAX,
            start_max: Timestamp::MIN,
            epoch: 0,
        }
    }

    /// Returns the memory, including unused capacity of tables and chunks.
    pub(crate) fn bytes(&self) -> usize {
        self.slots.allocation_size()
            + self.traces.bytes()
            + self.roots.lock().bytes()
            + self.arena.bytes()
            + self.set_bytes
    }

    pub fn spans(&self) -> u64 {
        self.spans
    }

    /// Returns how many traces have no root here.
    pub fn rootless(&self) -> usize {
        self.rootless
    }

    /// Returns the earliest and the latest start of all spans that ever arrived.
    pub fn start_range(&self) -> (Timestamp, Timestamp) {
        (self.start_min, self.start_max)
    }

    /// Returns the position after all current records.
    pub fn end(&self) -> Position {
        self.arena.end()
    }

    #[inline]
    pub fn find(&self, hash: Hash, id: TraceId) -> Option<Slot> {
        let hash = hash.table_part();
        let is_it = |entry: &TraceSlot| {
            entry.hash == hash && self.traces.get(entry.slot).is_some_and(|trace| trace.id == id)
        };
        self.slots.find(table_hash(hash), is_it).map(|entry| entry.slot)
    }

    /// Reads the memory that a lookup of this trace reads, for `platform::prefetch` before the lookups of a batch.
    #[inline]
    pub fn touch(&self, hash: Hash, id: TraceId) -> u64 {
        self.find(hash, id).and_then(|slot| self.traces.get(slot)).map_or(0, |trace| trace.seen)
    }

    #[inline]
    pub fn trace(&self, slot: Slot) -> Option<&Trace> {
        self.traces.get(slot)
    }

    pub fn traces(&self) -> impl Iterator<Item = (Slot, &Trace)> {
        self.traces.iter()
    }

    /// Begins a trace that this shard does not have.
    pub fn begin(&mut self, hash: Hash, id: TraceId, before: Before) -> Slot {
        let slot = self.traces.insert(Trace::new(id, before));
        self.rootless += 1;
        let hash = hash.table_part();
        self.slots.insert_unique(table_hash(hash), TraceSlot { hash, slot }, |entry| table_hash(entry.hash));
        slot
    }

    /// Removes the trace from every index. Its records stay in the arena, but no trace has them any more.
    pub fn forget(&mut self, hash: Hash, slot: Slot) {
        let Some(trace) = self.traces.remove(slot) else {
            return;
        };
        self.set_bytes -= trace.set_bytes();
        self.spans -= trace.spans;
        if trace.has_root() {
            self.roots.get_mut().forget(trace.root_start, slot);
        } else {
            self.rootless -= 1;
        }
        if let Ok(entry) = self.slots.find_entry(table_hash(hash.table_part()), |entry| entry.slot == slot) {
            entry.remove();
        }
    }

    /// Whether the trace has the span of this id and reporter, starting at or after `cutoff`.
    #[inline]
    pub fn contains(&self, slot: Slot, (span_id, reporter): (SpanId, Reporter), cutoff: Timestamp) -> bool {
        let trace = self.traces.get(slot).filter(|trace| trace.may_have(span_id));
        trace.is_some_and(|trace| {
            let hash = self.router.span_hash((span_id, reporter));
            let mut candidates = trace.candidates(&self.arena, span_id, hash);
            candidates.any(|record| record.start() >= cutoff && self.reporter(&record) == reporter)
        })
    }

    /// Returns the reporter of a stored record.
    fn reporter(&self, record: &Record<'_>) -> Reporter {
        self.names.reporter(record.operation())
    }

    /// Returns the order of a stored record among the spans that may be, or stand for, the root of their trace.
    pub fn root_order(&self, record: &Record<'_>) -> RootOrder {
        (record.start(), record.span_id(), self.reporter(record))
    }

    /// Stores a span. `older_root` is the root that older generations have of the trace.
    #[inline]
    pub fn push(
        &mut self,
        slot: Slot,
        record: Record<'_>,
        operation: NumberedOperation,
        older_root: Option<RootOrder>,
    ) -> RootChange {
        let trace = self.traces.get_mut(slot).expect("the slot was just found");
        let (start, span_id) = (record.start(), record.span_id());
        let position = stored::append(&mut self.arena, record, operation.number, trace.newest);
        trace.newest = position;
        trace.spans += 1;
        trace.has_error |= record.is_error();
        trace.earliest = trace.earliest.min(start);
        trace.latest = trace.latest.max(start);
        let before = trace.set_bytes();
        // Order: after `trace.newest` is set. A set that is made here covers all records of the trace, the new one
        // included.
        trace.remember(&self.arena, span_id, |record| {
            self.router.span_hash((record.span_id(), self.names.reporter(record.operation())))
        });
        self.set_bytes = self.set_bytes + trace.set_bytes() - before;
        self.spans += 1;
        self.start_min = self.start_min.min(start);
        self.start_max = self.start_max.max(start);
        if record.is_root() {
            self.consider_root(slot, position, (start, span_id, operation.reporter), older_root)
        } else {
            RootChange::None
        }
    }

    /// Makes the span the root of its trace if it is smaller than the root so far. The order of arrival does not
    /// matter.
    fn consider_root(
        &mut self,
        slot: Slot,
        position: Position,
        order: RootOrder,
        older_root: Option<RootOrder>,
    ) -> RootChange {
        let trace = self.traces.get(slot).expect("the slot is in use");
        // Mostly the starts differ, and the record of the root so far need not be read.
        let is_smallest = !trace.has_root()
            || match order.0.cmp(&trace.root_start) {
                cmp::Ordering::Less => true,
                cmp::Ordering::Greater => false,
                cmp::Ordering::Equal => self.root(slot).is_none_or(|known| order < known),
            };
        if !is_smallest {
            return RootChange::None;
        }
        let trace = self.traces.get_mut(slot).expect("the slot is in use");
        let roots = self.roots.get_mut();
        // A superseded root is not listed, so it must not be unlisted a second time.
        if trace.has_root() && !trace.is_superseded() {
            roots.unlist(trace.root_start, slot);
        }
        self.rootless -= usize::from(!trace.has_root());
        trace.root = position;
        trace.root_start = order.0;
        // Computed again and not kept: the root so far may have been superseded by the older root, while the new root
        // may be smaller than both.
        let is_superseded = older_root.is_some_and(|older| older <= order);
        trace.is_superseded.store(is_superseded, Ordering::Relaxed);
        if is_superseded {
            return RootChange::None;
        }
        roots.insert(order.0, slot);
        RootChange::Smallest
    }

    /// Returns the root of the trace in this generation, whether it is listed or not.
    pub fn root(&self, slot: Slot) -> Option<RootOrder> {
        let (record, _) = stored::read(&self.arena, self.traces.get(slot)?.root)?;
        Some(self.root_order(&record))
    }

    /// Marks the trace for a younger generation, and returns whether the mark is new.
    ///
    /// The caller holds the shard of the open generation, so only one thread marks the trace at a time. A concurrent
    /// reader sees the trace before or after the mark, and the root is unlisted only once.
    pub(crate) fn mark(&self, slot: Slot, mark: Mark) -> bool {
        let Some(trace) = self.traces.get(slot) else { return false };
        // Relaxed: the lock of the open generation's shard orders the marks of a trace.
        let mut is_new = !trace.is_split.swap(true, Ordering::Relaxed);
        if mark == Mark::Superseded && trace.has_root() && !trace.is_superseded.swap(true, Ordering::Relaxed)
        {
            self.roots.lock().unlist(trace.root_start, slot);
            is_new = true;
        }
        is_new
    }

    /// Lists the root again, because no other piece has a smaller one any more. The caller holds the shard of the
    /// open generation.
    pub fn restore_root(&self, slot: Slot) {
        let Some(trace) = self.traces.get(slot) else { return };
        if trace.is_superseded.swap(false, Ordering::Relaxed) {
            self.roots.lock().insert(trace.root_start, slot);
        }
    }

    /// Returns the records of the trace before `end`, the last to arrive first.
    pub fn records(&self, slot: Slot, end: Position) -> impl Iterator<Item = (Position, Record<'_>)> + Clone {
        let newest = self.traces.get(slot).map_or(Position::NONE, |trace| trace.newest);
        self.records_from(newest).skip_while(move |&(position, _)| position >= end)
    }

    /// Returns the record at a position.
    #[inline]
    pub fn record(&self, position: Position) -> Record<'_> {
        stored::read(&self.arena, position).expect("a position is that of a record").0
    }

    /// Returns the position of the previous record of its trace, if there is one.
    #[inline]
    pub fn previous(&self, position: Position) -> Option<Position> {
        stored::previous(&self.arena, position).filter(|&previous| previous != Position::NONE)
    }

    /// Returns the record at `position` and the earlier ones of its trace.
    pub fn records_from(&self, position: Position) -> impl Iterator<Item = (Position, Record<'_>)> + Clone {
        stored::chain(&self.arena, position)
    }

    /// Returns how many spans before `end` start at or after `cutoff`, and whether one of them failed.
    pub fn count(&self, slot: Slot, cutoff: Timestamp, end: Position) -> (u64, bool) {
        let Some(trace) = self.traces.get(slot) else { return (0, false) };
        // Nearly always all spans of the trace count, and the totals answer without reading a record.
        if trace.earliest >= cutoff && trace.newest < end {
            return (trace.spans, trace.has_error);
        }
        self.records(slot, end)
            .filter(|(_, record)| record.start() >= cutoff)
            .fold((0, false), |(spans, error), (_, record)| (spans + 1, error | record.is_error()))
    }

    /// Returns the root among the records before `end`.
    pub fn root_before(&self, slot: Slot, end: Position) -> Option<RootOrder> {
        if self.traces.get(slot)?.root < end {
            return self.root(slot);
        }
        // The current root arrived after `end`. The root that it replaced is not stored, so all earlier records are
        // searched.
        let roots = self.records(slot, end).filter(|(_, record)| record.is_root());
        roots.map(|(_, record)| self.root_order(&record)).min()
    }

    /// Returns the record of the root before `end`.
    pub fn root_record(&self, slot: Slot, end: Position) -> Option<Record<'_>> {
        let root = self.traces.get(slot)?.root;
        if root < end {
            return stored::read(&self.arena, root).map(|(record, _)| record);
        }
        let roots = self.records(slot, end).map(|(_, record)| record).filter(Record::is_root);
        roots.min_by_key(|record| self.root_order(record))
    }

    /// Returns the record of the earliest span, of those before `end` that start at or after `cutoff`.
    pub fn earliest(&self, slot: Slot, cutoff: Timestamp, end: Position) -> Option<Record<'_>> {
        let inside =
            self.records(slot, end).map(|(_, record)| record).filter(|record| record.start() >= cutoff);
        inside.min_by_key(|record| self.root_order(record))
    }

    /// Returns the version that a snapshot keeps, to list later the roots that are listed now.
    pub fn root_version(&self) -> RootVersion {
        self.roots.lock().version()
    }

    /// Returns how many roots of the range were listed at its version, and the latest `limit` of them, the last one
    /// first.
    pub fn listed(&self, range: RootRange, limit: usize) -> (usize, Vec<(RootKey, Slot)>) {
        let roots = self.roots.lock();
        let id_of = |slot| self.traces.get(slot).expect("the roots of a forgotten trace are removed").id;
        (roots.count(range), roots.latest(range, limit, id_of))
    }
}
