//! A frozen generation becomes a segment.

use std::sync::Arc;

use bumpalo::Bump;
use hot::{Generation, Position, RootKey, Shard, Slot, Trace};
use parking_lot::RwLockReadGuard;
use record::{Reader, Record, take_origin};
use segment::{Generations, Memory, Writer};
use span::{Origin, Span, TraceId};

use super::Upkeep;
use crate::store::Store;
use crate::view::{Unit, View};

/// A trace on its way into a row. By (root, shard, slot): that is the order of the rows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    order: RowOrder,
    shard: usize,
    slot: Slot,
}

/// Rooted traces in the order of roots, then the others by id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum RowOrder {
    Rooted(RootKey),
    Rootless(TraceId),
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
            self.views.change(|view| View { frozen: view.frozen[1..].to_vec(), ..view.clone() });
            return true;
        }
        match self.publish(upkeep, generations, &sealed.encode(generations)) {
            Ok(unit) => {
                sealed.each_row(|row, trace| carry_marks(trace, row, &unit));
                drop(sealed);
                self.views.change(|view| {
                    carry_late_marks(generation, &unit);
                    let frozen = view.frozen[1..].to_vec();
                    View { frozen, ..view.with_units(&[], Some(unit)) }
                });
                true
            }
            Err(error) => {
                self.trouble.segment_failed(&error);
                false
            }
        }
    }
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

/// A frozen generation and the order of its rows.
struct Sealed<'a> {
    shards: Vec<RwLockReadGuard<'a, Shard>>,
    origins: Vec<Arc<[u8]>>,
    rows: Vec<Row>,
}

impl<'a> Sealed<'a> {
    fn new(generation: &'a Generation) -> Self {
        let shards = generation.read_all();
        let mut rows: Vec<Row> = Vec::new();
        for (number, shard) in shards.iter().enumerate() {
            rows.extend(shard.traces().map(|(slot, trace)| row_of(shard, number, slot, trace.id())));
        }
        rows.sort_unstable();
        let sealed = Self { shards, origins: generation.origins(), rows };
        sealed.each_row(|row, trace| trace.set_row(row));
        sealed
    }

    fn each_row(&self, mut each: impl FnMut(u32, &Trace)) {
        for (row, number) in self.rows.iter().zip(0..) {
            each(number, self.trace(row));
        }
    }

    fn trace(&self, row: &Row) -> &Trace {
        self.shards[row.shard].trace(row.slot).expect("a frozen generation loses no trace")
    }

    fn encode(&self, generations: Generations) -> Vec<u8> {
        let origins_arena = Bump::new();
        let read = |bytes: &'_ Arc<[u8]>| {
            let bytes: &[u8] = origins_arena.alloc_slice_copy(bytes);
            take_origin(&mut Reader::new(bytes), &origins_arena).expect("memory holds what was checked")
        };
        let origins: Vec<Origin<'_>> = self.origins.iter().map(read).collect();
        let mut writer = Writer::new(generations);
        let mut arena = Bump::new();
        for row in &self.rows {
            arena.reset();
            let trace = self.trace(row);
            let memory = Memory { begins: trace.begins(), gone_root: None };
            writer.push(trace.id(), memory, spans_of(&self.shards[row.shard], row.slot, &origins, &arena));
        }
        writer.finish()
    }
}

fn row_of(shard: &Shard, number: usize, slot: Slot, id: TraceId) -> Row {
    let order = match shard.root(slot) {
        Some((start, _)) => RowOrder::Rooted(RootKey::new(start, id)),
        None => RowOrder::Rootless(id),
    };
    Row { order, shard: number, slot }
}

/// By (start, span id).
fn spans_of<'a>(
    shard: &'a Shard,
    slot: Slot,
    origins: &'a [Origin<'a>],
    arena: &'a Bump,
) -> &'a [Span<'a>] {
    let id = shard.trace(slot).expect("it was just looked at").id();
    let records = shard.records(slot, Position::MAX).map(|(_, record)| record);
    let mut records = bumpalo::collections::Vec::from_iter_in(records, arena);
    records.sort_unstable_by_key(|record: &Record<'_>| (record.start(), record.span_id()));
    let decode = |record: &Record<'a>| {
        let origin_of = |number: u32| origins.get(number as usize);
        record.decode(id, arena, origin_of).expect("memory holds what was checked")
    };
    arena.alloc_slice_fill_iter(records.iter().map(decode))
}
