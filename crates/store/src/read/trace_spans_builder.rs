//! Copies the spans of one trace, piece by piece.

use std::ops::ControlFlow;
use std::sync::Arc;

use budget::{Permit, Shortage};
use hashbrown::HashMap;
use hot::Generation;
use record::{Distinct, Operation, instance_of, put_operation, put_resource_scope, write_span};
use segment::PART_BYTES_MAX;
use span::{Reporter, Span, SpanId, Timestamp, TraceId};

use super::shared_spans::{self, Ids, Member};
use super::trace_spans::{TraceSpans, operation_of};
use crate::view::{DamagedSegment, HotPiece, LiveSegment};

/// Limit: records that are copied while the shard is locked once, so that reading a trace of a million spans does not
/// hold up writers.
const RECORDS_A_LOCK_MAX: usize = 2048;
/// Limit: bytes that are copied before memory is asked for them.
const UNPAID_BYTES_MAX: usize = 1024 * 1024;
/// What a span takes in the lists by which the copy is put into its order.
const ORDER_BYTES: usize = size_of::<(Timestamp, SpanId, usize)>() + size_of::<SpanId>();

/// Collects the spans of a trace.
pub(super) struct TraceSpansBuilder<'p> {
    spans: TraceSpans,
    /// The memory of operations and resource scopes.
    names_bytes: usize,
    /// Grows with the copy; `None` sets no limit.
    memory: Option<&'p Permit>,
}

impl<'p> TraceSpansBuilder<'p> {
    pub(super) fn new(id: TraceId, memory: Option<&'p Permit>) -> Self {
        let spans = TraceSpans {
            id,
            bytes: Vec::new(),
            offsets: Vec::new(),
            operations: Vec::new(),
            resource_scopes: Vec::new(),
            renamed: HashMap::new(),
            left_out: 0,
        };
        Self { spans, names_bytes: 0, memory }
    }

    /// Asks for the memory of the copy so far, and for `more` bytes.
    fn pay(&self, more: usize) -> Result<(), Shortage> {
        let Some(memory) = self.memory else { return Ok(()) };
        let TraceSpans { bytes, offsets, .. } = &self.spans;
        memory.grow_to(bytes.capacity() + offsets.capacity() * size_of::<usize>() + self.names_bytes + more)
    }

    /// Adds the records of a hot generation before `end`. Records never change, and each has the position of the one
    /// before it, so this reads one state although the lock is released in between.
    pub(super) fn add_hot(&mut self, piece: &HotPiece, cutoff: Timestamp) -> Result<(), Shortage> {
        let HotPiece { generation, shard, slot, end } = piece;
        let (shard, slot, end) = (*shard, *slot, *end);
        let (mut numbers, mut resource_scopes) = (HashMap::new(), HashMap::new());
        let mut next = generation.read(shard).records(slot, end).next().map(|(position, _)| position);
        while let Some(from) = next.take() {
            self.pay(UNPAID_BYTES_MAX)?;
            let unpaid_from = self.spans.bytes.len();
            let shard = generation.read(shard);
            for (steps, (position, record)) in shard.records_from(from).enumerate() {
                if steps == RECORDS_A_LOCK_MAX || self.spans.bytes.len() - unpaid_from > UNPAID_BYTES_MAX {
                    next = Some(position);
                    break;
                }
                if record.start() >= cutoff {
                    let number = record.operation();
                    let add = || self.add_operation(generation, number, &mut resource_scopes);
                    let here = *numbers.entry(number).or_insert_with(add);
                    self.spans.offsets.push(self.spans.bytes.len());
                    record.write_with_operation(&mut self.spans.bytes, here);
                }
            }
        }
        self.pay(0)
    }

    /// Copies an operation of a generation and its resource scope, and returns the number that the operation has
    /// here. `resource_scopes` maps the numbers of the generation to the numbers here, because a trace may have as
    /// many resource scopes as spans.
    fn add_operation(
        &mut self,
        generation: &Generation,
        number: u32,
        resource_scopes: &mut HashMap<u32, u32>,
    ) -> u32 {
        let bytes = generation.operation(number);
        let operation = operation_of(&bytes);
        let resource_scope = operation.resource_scope.map(|number| {
            *resource_scopes
                .entry(number)
                .or_insert_with(|| self.push_resource_scope(generation.resource_scope(number)))
        });
        self.push_operation(&Operation { resource_scope, ..operation })
    }

    fn push_operation(&mut self, operation: &Operation<'_>) -> u32 {
        let mut bytes = Vec::new();
        put_operation(&mut bytes, operation);
        self.names_bytes += size_of::<Vec<u8>>() + bytes.capacity();
        self.spans.operations.push(bytes);
        number_of_last(&self.spans.operations)
    }

    fn push_resource_scope(&mut self, bytes: Arc<[u8]>) -> u32 {
        self.names_bytes += size_of::<Arc<[u8]>>() + bytes.len();
        self.spans.resource_scopes.push(bytes);
        number_of_last(&self.spans.resource_scopes)
    }

    /// Adds a row of a segment.
    pub(super) fn add_row(
        &mut self,
        segment: &Arc<LiveSegment>,
        row: u32,
        cutoff: Timestamp,
    ) -> Result<Result<(), Shortage>, DamagedSegment> {
        let named = DamagedSegment::named(segment);
        // The ids of all spans, which the segment's reader holds.
        let ids_bytes = segment.file().span_count(row).map_err(&named)? as usize * size_of::<SpanId>();
        let mut result = Ok(());
        let each = |part: &[Span<'_>]| {
            result = self.pay(ids_bytes + PART_BYTES_MAX);
            if result.is_err() {
                return ControlFlow::Break(());
            }
            self.add_part(part, cutoff);
            ControlFlow::Continue(())
        };
        segment.file().for_each_part(row, each).map_err(&named)?;
        Ok(result.and_then(|()| self.pay(0)))
    }

    fn add_part(&mut self, part: &[Span<'_>], cutoff: Timestamp) {
        let mut distinct = Distinct::default();
        let operations = u32::try_from(self.spans.operations.len()).expect("less than 2^32 operations");
        for span in part.iter().filter(|span| span.start >= cutoff) {
            let number = distinct.number_of(span);
            self.spans.offsets.push(self.spans.bytes.len());
            write_span(&mut self.spans.bytes, span, operations + number);
        }
        let resource_scopes =
            u32::try_from(self.spans.resource_scopes.len()).expect("less than 2^32 resource scopes");
        for operation in &distinct.operations {
            let resource_scope = operation.resource_scope.map(|number| resource_scopes + number);
            self.push_operation(&Operation { resource_scope, ..*operation });
        }
        for resource_scope in &distinct.resource_scopes {
            let mut bytes = Vec::new();
            put_resource_scope(&mut bytes, resource_scope);
            self.push_resource_scope(bytes.into());
        }
    }

    /// Gives each span an id of its own, and sorts the spans. Returns `None` if there are none.
    pub(super) fn finish(self) -> Result<Option<TraceSpans>, Shortage> {
        self.pay(self.spans.offsets.len() * ORDER_BYTES)?;
        let mut spans = self.spans;
        if shared_spans::has_duplicate_ids(spans.span_ids().collect()) {
            spans.renamed = renamed(&spans);
        }
        let key = |offset: usize| (spans.record(offset).start(), spans.span_id(offset), offset);
        let mut keyed: Vec<_> = spans.offsets.iter().map(|&offset| key(offset)).collect();
        keyed.sort_unstable();
        spans.offsets = keyed.into_iter().map(|(_, _, offset)| offset).collect();
        Ok((!spans.is_empty()).then_some(spans))
    }
}

#[cold]
fn renamed(spans: &TraceSpans) -> HashMap<usize, Ids> {
    let instance = |bytes: &Arc<[u8]>| instance_of(bytes).expect("the tables were written here");
    let instances: Vec<Box<str>> = spans.resource_scopes.iter().map(instance).collect();
    let operations = spans.operations.iter().map(|bytes| {
        let Operation { kind, service, resource_scope, .. } = operation_of(bytes);
        let instance = resource_scope.map(|number| &*instances[number as usize]);
        (Reporter::of(kind, service, instance), service)
    });
    let operations: Vec<(Reporter, &str)> = operations.collect();
    let member = |&offset: &usize| {
        let raw = spans.record(offset).raw().expect("the records were written here");
        let (reporter, service) = operations[spans.record(offset).operation() as usize];
        Member { ids: Ids { id: raw.span_id, parent: raw.parent_span_id }, reporter, service }
    };
    let members: Vec<Member<'_>> = spans.offsets.iter().map(member).collect();
    shared_spans::renamed(&members).into_iter().map(|(place, ids)| (spans.offsets[place], ids)).collect()
}

fn number_of_last<T>(list: &[T]) -> u32 {
    u32::try_from(list.len() - 1).expect("less than 2^32 of them")
}
