//! A frozen generation becomes a segment.

use std::cmp::Ordering;

use bumpalo::Bump;
use hot::{Generation, Hash, NameLists, Position, Router, Shard, Slot, Trace};
use parking_lot::RwLockReadGuard;
use record::{NamedOperation, Record, read_names};
use segment::{Generations, Memory, Writer};
use span::{Span, Timestamp};

use super::Upkeep;
use crate::store::Store;
use crate::view::{Unit, View};

/// So many traces are looked at before the first of them is read.
const GLANCE_ROWS: usize = 32;

/// A trace on its way into a row.
#[derive(Clone, Copy)]
struct Row {
    /// Of its root.
    start: Option<Timestamp>,
    shard: u32,
    slot: Slot,
}

impl Store {
    /// Seals the oldest frozen generation. False where there is none, or it cannot be written now.
    pub fn seal(&self) -> bool {
        self.seal_with(&mut self.upkeep.lock())
    }

    pub(super) fn seal_with(&self, upkeep: &mut Upkeep) -> bool {
        let view = self.views.current();
        let Some(generation) = view.frozen.first() else { return false };
        let number = generation.number();
        let generations = Generations { first: number, last: number };
        let sealed = Sealed::new(generation);
        if sealed.rows.is_empty() {
            drop(sealed);
            note_logged(upkeep, generation);
            self.views.change(|view| View { frozen: view.frozen[1..].to_vec(), ..view.clone() });
            self.remove_logs(upkeep);
            return true;
        }
        let Encoded { bytes, hashes, marked } = sealed.encode(generations, &self.router);
        match self.publish(upkeep, generations, &bytes, &hashes) {
            Ok(unit) => {
                for row in marked {
                    carry_marks(sealed.trace(&sealed.rows[row as usize]), row, &unit);
                }
                drop(sealed);
                note_logged(upkeep, generation);
                self.views.change(|view| {
                    carry_late_marks(generation, &unit);
                    let frozen = view.frozen[1..].to_vec();
                    View { frozen, ..view.with_units(&[], Some(unit)) }
                });
                self.remove_logs(upkeep);
                true
            }
            Err(error) => {
                self.trouble.segment_failed(&error);
                false
            }
        }
    }
}

fn note_logged(upkeep: &mut Upkeep, generation: &Generation) {
    upkeep.logged_from.get_or_insert(generation.judged_from());
}

fn carry_marks(trace: &Trace, row: u32, unit: &Unit) {
    if trace.is_shared() {
        unit.shared.set(row);
    }
    if trace.has_root() && trace.is_shadowed() {
        unit.shadow(row);
    }
}

/// What younger generations marked meanwhile. Every shard of the open one is held, so nothing changes now.
fn carry_late_marks(generation: &Generation, unit: &Unit) {
    for (shard, slot) in generation.marked() {
        if let Some(trace) = generation.read(shard).trace(slot) {
            carry_marks(trace, trace.row(), unit);
        }
    }
}

/// What comes of a generation.
struct Encoded {
    bytes: Vec<u8>,
    /// Of the id of each row.
    hashes: Vec<Hash>,
    /// The rows that had marks. What is marked later is carried over later.
    marked: Vec<u32>,
}

/// A frozen generation and the order of its rows.
struct Sealed<'a> {
    shards: Vec<RwLockReadGuard<'a, Shard>>,
    names: NameLists,
    rows: Vec<Row>,
}

impl<'a> Sealed<'a> {
    fn new(generation: &'a Generation) -> Self {
        let shards = generation.read_all();
        let mut rows: Vec<Row> = Vec::new();
        for (shard, number) in shards.iter().zip(0u32..) {
            let row = |(slot, trace): (Slot, &Trace)| Row { start: trace.root_start(), shard: number, slot };
            rows.extend(shard.traces().map(row));
        }
        let mut sealed = Self { shards, names: generation.names(), rows: Vec::new() };
        rows.sort_unstable_by(|one, other| sealed.order(one, other));
        sealed.rows = rows;
        sealed.each_row(|row, trace| trace.set_row(row));
        sealed
    }

    /// Rooted traces in the order of roots, then the others by id.
    fn order(&self, one: &Row, other: &Row) -> Ordering {
        let by_id = || self.trace(one).id().cmp(&self.trace(other).id());
        match (one.start, other.start) {
            (Some(start), Some(later)) => start.cmp(&later).then_with(|| by_id().reverse()),
            (None, None) => by_id(),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
        }
    }

    fn each_row(&self, mut each: impl FnMut(u32, &Trace)) {
        for (row, number) in self.rows.iter().zip(0..) {
            each(number, self.trace(row));
        }
    }

    fn shard(&self, row: &Row) -> &Shard {
        &self.shards[row.shard as usize]
    }

    fn trace(&self, row: &Row) -> &Trace {
        self.shard(row).trace(row.slot).expect("a frozen generation loses no trace")
    }

    fn encode(&self, generations: Generations, router: &Router) -> Encoded {
        let mut hashes = Vec::with_capacity(self.rows.len());
        let mut marked = Vec::new();
        let names_arena = Bump::new();
        let (operations, origins) = (self.names.operations.iter(), self.names.origins.iter());
        let operations =
            read_names(operations.map(|bytes| &**bytes), origins.map(|bytes| &**bytes), &names_arena)
                .expect("memory holds what was checked");
        let mut writer = Writer::new(generations);
        let mut arena = Bump::new();
        for rows in self.rows.chunks(GLANCE_ROWS) {
            // Traces are all over memory. Looked at in a row without waiting, they come together.
            let glanced = rows.iter().fold(0, |sum, row| sum ^ self.shard(row).glance(row.slot));
            std::hint::black_box(glanced);
            for row in rows {
                arena.reset();
                let trace = self.trace(row);
                if trace.is_shared() || trace.is_shadowed() {
                    marked.push(trace.row());
                }
                hashes.push(router.hash(trace.id()));
                let memory = Memory { begins: trace.begins(), gone_root: None };
                writer.push(trace.id(), memory, self.spans(row, &operations, &arena));
            }
        }
        Encoded { bytes: writer.finish(), hashes, marked }
    }

    /// By (start, span id).
    fn spans<'b>(&'b self, row: &Row, operations: &[NamedOperation<'b>], arena: &'b Bump) -> &'b [Span<'b>] {
        let id = self.trace(row).id();
        let records = self.shard(row).records(row.slot, Position::MAX).map(|(_, record)| record);
        let mut records = bumpalo::collections::Vec::from_iter_in(records, arena);
        // Mostly they came in this order, and the chain has them backwards.
        records.reverse();
        let key = |record: &Record<'_>| (record.start(), record.span_id());
        if !records.is_sorted_by_key(key) {
            records.sort_by_key(key);
        }
        arena.alloc_slice_fill_iter(records.iter().map(|record| {
            let operation = &operations[record.operation() as usize];
            record.decode(id, arena, operation).expect("memory holds what was checked")
        }))
    }
}
