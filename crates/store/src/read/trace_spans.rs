//! A copy of the spans of one trace.

use std::sync::Arc;

use bumpalo::Bump;
use hashbrown::HashMap;
use hot::Generation;
use record::{
    Distinct, NamedOperation, Operation, Reader, Record, put_operation, put_resource_scope, take_operation,
    take_resource_scope, write_span,
};
use span::{ResourceScope, Span, SpanId, Timestamp, TraceId};

use super::shared_spans::{self, Ids, Member};
use crate::view::{DamagedSegment, HotPiece, LiveSegment};

/// Limit: records that are copied while the shard is locked once, so that reading a trace of a million spans does not
/// hold up writers.
const RECORDS_A_LOCK_MAX: usize = 2048;

/// The spans of one trace by (start, span id). It owns its bytes: no lock is held, and no segment is read.
pub struct TraceSpans {
    id: TraceId,
    bytes: Vec<u8>,
    /// The offsets of the records in `bytes`, in the order of the answer.
    offsets: Vec<usize>,
    /// As the record format writes them; their resource scopes are numbers of this value.
    operations: Vec<Vec<u8>>,
    resource_scopes: Vec<Arc<[u8]>>,
    /// By offset, the ids of spans whose ids in the answer are not those of their record.
    renamed: HashMap<usize, Ids>,
    left_out: usize,
}

impl TraceSpans {
    pub fn trace_id(&self) -> TraceId {
        self.id
    }

    pub fn len(&self) -> usize {
        self.offsets.len()
    }

    pub fn is_empty(&self) -> bool {
        self.offsets.is_empty()
    }

    /// Returns the span ids in the order of the answer, without decoding the spans.
    pub fn span_ids(&self) -> impl ExactSizeIterator<Item = SpanId> {
        self.offsets.iter().map(|&offset| self.span_id(offset))
    }

    /// Returns the start of the first root.
    pub fn root_start(&self) -> Option<Timestamp> {
        let mut records = self.offsets.iter().map(|&offset| self.record(offset));
        records.find(Record::is_root).map(|root| root.start())
    }

    /// Returns how many damaged segments were left out that may have spans of the trace.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    pub(super) fn with_left_out(self, left_out: usize) -> Self {
        Self { left_out, ..self }
    }

    /// Returns how many bytes the spans and their resource scopes take here. An answer takes several times as many.
    pub fn encoded_bytes(&self) -> usize {
        self.bytes.len()
            + self.resource_scopes.iter().map(|resource_scope| resource_scope.len()).sum::<usize>()
    }

    /// Calls `each` with the spans at these indexes of the order. Their resource scopes do not move until it returns,
    /// so equal addresses mean equal resource scopes.
    pub fn for_each(&self, places: impl IntoIterator<Item = usize>, mut each: impl FnMut(Span<'_>)) {
        let names_arena = Bump::new();
        let mut names = Names::new(self, &names_arena);
        let mut arena = Bump::new();
        for place in places {
            arena.reset();
            let offset = self.offsets[place];
            let record = self.record(offset);
            let operation = names.operation(record.operation());
            let mut span = record.decode(self.id, &arena, &operation).expect("the records were written here");
            if let Some(ids) = self.renamed.get(&offset) {
                (span.span_id, span.parent_span_id) = (ids.id, ids.parent);
            }
            each(span);
        }
    }

    fn record(&self, offset: usize) -> Record<'_> {
        Record::at_front_of(&self.bytes[offset..])
    }

    fn span_id(&self, offset: usize) -> SpanId {
        self.renamed.get(&offset).map_or_else(|| self.record(offset).span_id(), |ids| ids.id)
    }

    pub(super) fn new(id: TraceId) -> Self {
        Self {
            id,
            bytes: Vec::new(),
            offsets: Vec::new(),
            operations: Vec::new(),
            resource_scopes: Vec::new(),
            renamed: HashMap::new(),
            left_out: 0,
        }
    }

    /// Adds the records of a hot generation before `end`. Records never change, and each has the position of the one
    /// before it, so this reads one state although the lock is released in between.
    pub(super) fn add_hot(&mut self, piece: &HotPiece, cutoff: Timestamp) {
        let HotPiece { generation, shard, slot, end } = piece;
        let (shard, slot, end) = (*shard, *slot, *end);
        let (mut numbers, mut resource_scopes) = (HashMap::new(), HashMap::new());
        let mut next = generation.read(shard).records(slot, end).next().map(|(position, _)| position);
        while let Some(from) = next.take() {
            let shard = generation.read(shard);
            for (steps, (position, record)) in shard.records_from(from).enumerate() {
                if steps == RECORDS_A_LOCK_MAX {
                    next = Some(position);
                    break;
                }
                if record.start() >= cutoff {
                    let number = record.operation();
                    let add = || self.add_operation(generation, number, &mut resource_scopes);
                    let here = *numbers.entry(number).or_insert_with(add);
                    self.offsets.push(self.bytes.len());
                    record.write_with_operation(&mut self.bytes, here);
                }
            }
        }
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
        let operation = operation(&bytes);
        let resource_scope = operation.resource_scope.map(|number| {
            *resource_scopes.entry(number).or_insert_with(|| {
                self.resource_scopes.push(generation.resource_scope(number));
                u32::try_from(self.resource_scopes.len() - 1).expect("less than 2^32 resource scopes")
            })
        });
        self.push_operation(&Operation { resource_scope, ..operation })
    }

    fn push_operation(&mut self, operation: &Operation<'_>) -> u32 {
        let mut bytes = Vec::new();
        put_operation(&mut bytes, operation);
        self.operations.push(bytes);
        u32::try_from(self.operations.len() - 1).expect("less than 2^32 operations")
    }

    /// Adds a row of a segment.
    pub(super) fn add_row(
        &mut self,
        segment: &Arc<LiveSegment>,
        row: u32,
        cutoff: Timestamp,
    ) -> Result<(), DamagedSegment> {
        let arena = Bump::new();
        let mut distinct = Distinct::default();
        let base = u32::try_from(self.operations.len()).expect("less than 2^32 operations");
        let spans = segment.file().spans(row, &arena).map_err(DamagedSegment::named(segment))?;
        for span in spans.iter().filter(|span| span.start >= cutoff) {
            let number = distinct.number_of(span);
            self.offsets.push(self.bytes.len());
            write_span(&mut self.bytes, span, base + number);
        }
        let resource_scopes =
            u32::try_from(self.resource_scopes.len()).expect("less than 2^32 resource scopes");
        for operation in &distinct.operations {
            let resource_scope = operation.resource_scope.map(|number| resource_scopes + number);
            self.push_operation(&Operation { resource_scope, ..*operation });
        }
        for resource_scope in &distinct.resource_scopes {
            let mut bytes = Vec::new();
            put_resource_scope(&mut bytes, resource_scope);
            self.resource_scopes.push(bytes.into());
        }
        Ok(())
    }

    /// Gives each span an id of its own, and sorts the spans.
    pub(super) fn finish(mut self) -> Option<Self> {
        if shared_spans::has_duplicate_ids(self.span_ids().collect()) {
            self.renamed = self.renamed();
        }
        let key = |offset: usize| (self.record(offset).start(), self.span_id(offset), offset);
        let mut keyed: Vec<_> = self.offsets.iter().map(|&offset| key(offset)).collect();
        keyed.sort_unstable();
        self.offsets = keyed.into_iter().map(|(_, _, offset)| offset).collect();
        (!self.is_empty()).then_some(self)
    }

    #[cold]
    fn renamed(&self) -> HashMap<usize, Ids> {
        let operations: Vec<Operation<'_>> = self.operations.iter().map(|bytes| operation(bytes)).collect();
        let member = |&offset: &usize| {
            let raw = self.record(offset).raw().expect("the records were written here");
            let Operation { kind, service, .. } = operations[self.record(offset).operation() as usize];
            Member { ids: Ids { id: raw.span_id, parent: raw.parent_span_id }, kind, service }
        };
        let members: Vec<Member<'_>> = self.offsets.iter().map(member).collect();
        shared_spans::renamed(&members).into_iter().map(|(place, ids)| (self.offsets[place], ids)).collect()
    }
}

fn operation(bytes: &[u8]) -> Operation<'_> {
    take_operation(&mut Reader::new(bytes)).expect("records in memory were checked")
}

/// Operations and resource scopes, decoded when the first span that has one is read. A trace may have as many as it
/// has spans, and may be read in parts.
struct Names<'t> {
    spans: &'t TraceSpans,
    arena: &'t Bump,
    operations: HashMap<u32, NamedOperation<'t>>,
    resource_scopes: HashMap<u32, &'t ResourceScope<'t>>,
}

impl<'t> Names<'t> {
    fn new(spans: &'t TraceSpans, arena: &'t Bump) -> Self {
        Self { spans, arena, operations: HashMap::new(), resource_scopes: HashMap::new() }
    }

    fn operation(&mut self, number: u32) -> NamedOperation<'t> {
        if let Some(&known) = self.operations.get(&number) {
            return known;
        }
        let Operation { service, name, kind, flags, resource_scope } =
            operation(&self.spans.operations[number as usize]);
        let resource_scope = resource_scope.map(|number| self.resource_scope(number));
        let named = NamedOperation { service, name, kind, flags, resource_scope };
        self.operations.insert(number, named);
        named
    }

    fn resource_scope(&mut self, number: u32) -> &'t ResourceScope<'t> {
        let Self { spans, arena, .. } = *self;
        self.resource_scopes.entry(number).or_insert_with(|| {
            let bytes = &spans.resource_scopes[number as usize];
            arena.alloc(
                take_resource_scope(&mut Reader::new(bytes), arena).expect("the tables were written here"),
            )
        })
    }
}
