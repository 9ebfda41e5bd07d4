//! A frozen generation becomes a segment.

mod chains;
mod rows;

use bumpalo::Bump;
use bumpalo::collections::Vec as ArenaVec;
use hot::{Generation, Hash, Router, Trace};
use record::{NamedOperation, Record, read_names};
use segment::{Carryover, Generations, OperationId, Writer};

use self::chains::Chains;
use self::rows::Rows;
use super::Upkeep;
use crate::store::Store;
use crate::view::{Unit, View};

/// So many groups of rows are written, some milliseconds, before it is looked at what has come meanwhile.
const GROUPS_BETWEEN: usize = 64;

impl Store {
    /// Seals the oldest frozen generation. False where there is none, or it cannot be written now.
    pub fn seal(&self) -> bool {
        self.seal_with(&mut self.upkeep.lock())
    }

    /// Seals those that are frozen now, as far as that can be. What is frozen meanwhile comes later: there is more to do
    /// than to seal.
    pub(super) fn seal_frozen(&self, upkeep: &mut Upkeep) {
        let frozen = self.views.current().frozen.len();
        for _ in 0..frozen {
            if !self.seal_with(upkeep) {
                return;
            }
        }
    }

    pub(super) fn seal_with(&self, upkeep: &mut Upkeep) -> bool {
        let view = self.views.current();
        let Some(generation) = view.frozen.first() else { return false };
        let number = generation.number();
        let generations = Generations { first: number, last: number };
        let rows = Rows::of(generation);
        if rows.is_empty() {
            drop(rows);
            note_logged(upkeep, generation);
            self.views.change(|view| View { frozen: view.frozen[1..].to_vec(), ..view.clone() });
            self.remove_logs(upkeep);
            return true;
        }
        let between = || self.freeze_large();
        let Encoded { bytes, hashes, marked } = encode(&rows, generation, &self.router, between);
        match self.publish(upkeep, generations, &bytes, &hashes) {
            Ok(unit) => {
                for row in marked {
                    carry_marks(rows.trace(rows.row(row)), row, &unit);
                }
                drop(rows);
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
    upkeep.logged_from.get_or_insert(generation.oldest_cutoff());
}

fn carry_marks(trace: &Trace, row: u32, unit: &Unit) {
    if trace.is_split() {
        unit.split.set(row);
    }
    if trace.has_root() && trace.is_superseded() {
        unit.supersede(row);
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

/// Writes the rows in their order. Each learns its number, so that marks find their way. `between` is called every now
/// and then.
fn encode(rows: &Rows<'_>, generation: &Generation, router: &Router, between: impl Fn()) -> Encoded {
    let names = generation.names();
    let names_arena = Bump::new();
    let (operations, resource_scopes) = (names.operations.iter(), names.resource_scopes.iter());
    let operations =
        read_names(operations.map(|bytes| &**bytes), resource_scopes.map(|bytes| &**bytes), &names_arena)
            .expect("memory holds what was checked");
    let mut writer = Writer::new(Generations { first: generation.number(), last: generation.number() });
    writer.reserve(rows.len(), usize::try_from(rows.spans()).expect("they are in memory"));
    let mut encoder =
        Encoder { writer, ids: vec![None; operations.len()], operations, span_operations: Vec::new() };
    let mut encoded =
        Encoded { bytes: Vec::new(), hashes: Vec::with_capacity(rows.len()), marked: Vec::new() };
    let mut arena = Bump::new();
    let mut chains = Chains::default();
    for (number, (group, first)) in rows.groups().enumerate() {
        if number.is_multiple_of(GROUPS_BETWEEN) {
            between();
        }
        chains.walk(rows, group);
        for ((&row, number), records) in group.iter().zip(first..).zip(chains.records(rows, group)) {
            arena.reset();
            let trace = rows.trace(row);
            trace.set_row(number);
            if trace.is_split() || trace.is_superseded() {
                encoded.marked.push(number);
            }
            encoded.hashes.push(router.hash(trace.id()));
            encoder.push(trace, records, &arena);
        }
    }
    encoded.bytes = encoder.writer.finish();
    encoded
}

struct Encoder<'a> {
    writer: Writer,
    /// By number in the generation.
    operations: Vec<NamedOperation<'a>>,
    ids: Vec<Option<OperationId>>,
    /// Of the spans of one trace.
    span_operations: Vec<OperationId>,
}

impl<'a> Encoder<'a> {
    fn push<'b, 'r: 'b>(&mut self, trace: &Trace, records: impl Iterator<Item = Record<'r>>, arena: &'b Bump)
    where
        'a: 'b,
    {
        let mut sorted: ArenaVec<'b, Record<'b>> = ArenaVec::with_capacity_in(records.size_hint().0, arena);
        for record in records {
            sorted.push(record);
        }
        let key = |record: &Record<'_>| (record.start(), record.span_id(), record.side());
        // Mostly they came in this order.
        if !sorted.is_sorted_by_key(key) {
            sorted.sort_by_key(key);
        }
        self.span_operations.clear();
        self.span_operations.extend(sorted.iter().map(|record| {
            let number = record.operation() as usize;
            *self.ids[number].get_or_insert_with(|| self.writer.operation(&self.operations[number]))
        }));
        let raw = |record: &Record<'b>| record.raw().expect("memory holds what was checked");
        let spans = arena.alloc_slice_fill_iter(sorted.iter().map(raw));
        let carryover = Carryover { begins: trace.begins(), gone_root: None };
        self.writer.push_raw(trace.id(), carryover, spans, &self.span_operations);
    }
}
