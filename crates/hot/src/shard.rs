//! One lock's worth of traces.

use foldhash::quality::RandomState;
use hashbrown::HashTable;
use span::{Span, SpanId, Status, Timestamp, TraceId};
use std::hash::BuildHasher as _;
use std::mem::size_of;

use crate::arena::{Arena, Position};
use crate::record;
use crate::roots::{RootIndex, RootKey};
use crate::slab::{Slab, Slot};
use crate::trace::{Root, Trace, record_at};

/// Where a trace is, with enough of its hash that the table can grow without visiting the traces.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) hash: u32,
    pub(crate) slot: Slot,
}

pub(crate) struct Shard {
    pub(crate) places: HashTable<Place>,
    pub(crate) traces: Slab,
    pub(crate) roots: RootIndex,
    pub(crate) arena: Arena,
    /// Bytes of the sets of large traces.
    pub(crate) set_bytes: usize,
    pub(crate) hasher: RandomState,
}

/// What became of one span.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Insertion {
    Stored,
    Repeated,
}

/// Spreads a stored hash over the bits that the table looks at.
pub(crate) fn table_hash(hash: u32) -> u64 {
    (u64::from(hash) << 32) | u64::from(hash)
}

pub(crate) fn hash_span_id(hasher: &RandomState) -> impl Fn(SpanId) -> u64 + Copy + '_ {
    move |span_id| hasher.hash_one(span_id)
}

impl Shard {
    pub(crate) fn new(hasher: RandomState, chunk_nanos_max: i64) -> Self {
        Self {
            places: HashTable::new(),
            traces: Slab::default(),
            roots: RootIndex::default(),
            arena: Arena::new(chunk_nanos_max),
            set_bytes: 0,
            hasher,
        }
    }

    /// Memory held, the empty room of tables and chunks included.
    pub(crate) fn bytes(&self) -> usize {
        self.places.allocation_size()
            + self.traces.bytes()
            + self.roots.bytes()
            + self.arena.bytes()
            + self.set_bytes
    }

    pub(crate) fn find(&self, hash: u32, id: TraceId) -> Option<Slot> {
        let is_it = |place: &Place| {
            place.hash == hash && self.traces.get(place.slot).is_some_and(|trace| trace.id == id)
        };
        self.places.find(table_hash(hash), is_it).map(|place| place.slot)
    }

    /// The trace's slot, a new one where there is none. A trace of which nothing is left in the window is
    /// forgotten, so that its id can begin again.
    pub(crate) fn find_or_begin(&mut self, hash: u32, id: TraceId, cutoff: Timestamp) -> Slot {
        if let Some(slot) = self.find(hash, id) {
            if !self.traces.get(slot).is_some_and(|trace| trace.is_over(cutoff)) {
                return slot;
            }
            self.remove(hash, slot);
        }
        let slot = self.traces.insert(Trace::new(id));
        self.places.insert_unique(table_hash(hash), Place { hash, slot }, |place| table_hash(place.hash));
        slot
    }

    /// Takes the trace out of every index. Its records, if any are left, belong to nobody then.
    pub(crate) fn remove(&mut self, hash: u32, slot: Slot) {
        let Some(trace) = self.traces.remove(slot) else {
            return;
        };
        self.set_bytes -= trace.set_bytes();
        if let Some(root) = &trace.root {
            self.roots.remove(RootKey::new(root.start, trace.id));
        }
        if let Ok(entry) = self.places.find_entry(table_hash(hash), |place| place.slot == slot) {
            entry.remove();
        }
    }

    /// Stores a span that is inside the window into the trace at `slot`, unless it is there already.
    pub(crate) fn insert(
        &mut self,
        slot: Slot,
        span: &Span<'_>,
        cutoff: Timestamp,
        now: Timestamp,
    ) -> Insertion {
        let trace = self.traces.get_mut(slot).expect("the slot was just found");
        let hash = hash_span_id(&self.hasher);
        if trace.contains(&self.arena, span.span_id, cutoff, hash) {
            return Insertion::Repeated;
        }
        let previous = trace.newest;
        let position = self.arena.append(record::bytes_max(span), span.start, now, |out| {
            record::write(out, span, previous, slot);
        });
        trace.newest = position;
        trace.spans += 1;
        trace.has_error |= span.status == Status::Error;
        trace.earliest = trace.earliest.min(span.start);
        trace.latest = trace.latest.max(span.start);
        let before = trace.set_bytes();
        trace.remember(&self.arena, position, hash);
        self.set_bytes = self.set_bytes + trace.set_bytes() - before;
        if span.is_root() {
            self.consider_root(slot, span, position);
        }
        Insertion::Stored
    }

    /// The root is the smallest (start, span id) of those without a parent, whatever order they came in.
    fn consider_root(&mut self, slot: Slot, span: &Span<'_>, position: Position) {
        let trace = self.traces.get_mut(slot).expect("the slot is in use");
        if let Some(root) = &trace.root {
            let root_id = record_at(&self.arena, root.position).map(|record| record.span_id());
            // An evicted root is older than anything that may still come in.
            let Some(root_id) = root_id else { return };
            if (root.start, root_id) <= (span.start, span.span_id) {
                return;
            }
            self.roots.remove(RootKey::new(root.start, span.trace_id));
        }
        trace.root = Some(Root { start: span.start, position });
        self.roots.insert(RootKey::new(span.start, span.trace_id), slot);
    }
}

const _: () = assert!(size_of::<Place>() == 8, "a place is what the table holds for each trace");
