//! Encodes a frozen generation as the bytes of a segment.

use bumpalo::Bump;
use bumpalo::collections::Vec as ArenaVec;
use hot::{Generation, Hash, Router, Slot, Trace};
use record::{NamedOperation, Record, read_names};
use segment::{Carryover, Generations, OperationId, Writer};

use super::ordered_traces::{FrozenShards, OrderedTraces};
use super::record_chains::RecordChains;

/// `between` is called after this many groups of traces, which take some milliseconds to encode.
const GROUPS_BETWEEN: usize = 64;
/// `between` is also called after so many bytes of records: few large spans take as long.
const BYTES_BETWEEN: usize = 1024 * 1024;

/// The segment that a generation becomes.
pub(crate) struct Encoded {
    pub(crate) bytes: Vec<u8>,
    /// The hash of each row's trace id.
    pub(crate) hashes: Vec<Hash>,
    /// The rows of split traces.
    pub(crate) split: Vec<u32>,
    /// The traces whose root is superseded.
    pub(crate) superseded: Vec<(usize, Slot)>,
}

/// Encodes the traces in their order. Each trace gets the number of its row, so that later marks find the row.
/// `between` is called from time to time, while no shard is held.
pub(crate) fn encode(
    traces: &OrderedTraces,
    generation: &Generation,
    router: &Router,
    between: impl Fn(),
) -> Encoded {
    let names = generation.names();
    let names_arena = Bump::new();
    let (operations, resource_scopes) = (names.operations.iter(), names.resource_scopes.iter());
    let operations =
        read_names(operations.map(|bytes| &**bytes), resource_scopes.map(|bytes| &**bytes), &names_arena)
            .expect("records in memory were checked");
    let mut writer = Writer::new(Generations { first: generation.number(), last: generation.number() });
    writer.reserve(traces.len(), usize::try_from(traces.spans()).expect("they are in memory"));
    let mut encoder =
        Encoder { writer, ids: vec![None; operations.len()], operations, span_operations: Vec::new() };
    let mut encoded = Encoded {
        bytes: Vec::new(),
        hashes: Vec::with_capacity(traces.len()),
        split: Vec::new(),
        superseded: Vec::new(),
    };
    let mut arena = Bump::new();
    let mut chains = RecordChains::default();
    let mut groups = traces.groups().peekable();
    while groups.peek().is_some() {
        between();
        let shards = FrozenShards::of(generation);
        let mut bytes = 0;
        for (group, first) in groups.by_ref().take(GROUPS_BETWEEN) {
            chains.read_ahead(&shards, group);
            for ((&place, row), records) in group.iter().zip(first..).zip(chains.records(&shards, group)) {
                arena.reset();
                let trace = shards.trace(place);
                trace.set_row(row);
                if trace.is_split() {
                    encoded.split.push(row);
                }
                if trace.is_superseded() {
                    encoded.superseded.push(place.shard_and_slot());
                }
                encoded.hashes.push(router.hash(trace.id()));
                bytes += encoder.push(trace, records, &arena);
            }
            if bytes >= BYTES_BETWEEN {
                break;
            }
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
    /// The operation of each span of one trace.
    span_operations: Vec<OperationId>,
}

impl<'a> Encoder<'a> {
    /// Returns the bytes of the records.
    fn push<'b, 'r: 'b>(
        &mut self,
        trace: &Trace,
        records: impl Iterator<Item = Record<'r>>,
        arena: &'b Bump,
    ) -> usize
    where
        'a: 'b,
    {
        let mut sorted: ArenaVec<'b, Record<'b>> = ArenaVec::with_capacity_in(records.size_hint().0, arena);
        for record in records {
            sorted.push(record);
        }
        let reporter = |record: &Record<'_>| self.operations[record.operation() as usize].reporter();
        let key = |record: &Record<'_>| (record.start(), record.span_id());
        let compare = |one: &Record<'_>, other: &Record<'_>| {
            key(one).cmp(&key(other)).then_with(|| reporter(one).cmp(&reporter(other)))
        };
        // Mostly they arrived in this order.
        if !sorted.is_sorted_by(|one, other| compare(one, other).is_le()) {
            sorted.sort_by(compare);
        }
        self.span_operations.clear();
        self.span_operations.extend(sorted.iter().map(|record| {
            let number = record.operation() as usize;
            *self.ids[number].get_or_insert_with(|| self.writer.operation(&self.operations[number]))
        }));
        let raw = |record: &Record<'b>| record.raw().expect("records in memory were checked");
        let spans = arena.alloc_slice_fill_iter(sorted.iter().map(raw));
        let carryover = Carryover { begins: trace.begins(), gone_root: None };
        self.writer.push_raw(trace.id(), carryover, spans, &self.span_operations);
        sorted.iter().map(|record| record.bytes().len()).sum()
    }
}
