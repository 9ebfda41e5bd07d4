//! A copy of the spans of one trace.

use std::sync::Arc;

use bumpalo::Bump;
use hashbrown::HashMap;
use record::{NamedOperation, Operation, Reader, Record, take_operation, take_resource_scope};
use span::{ResourceScope, Span, SpanId, Timestamp, TraceId};

use super::shared_spans::Ids;

/// What the fields that every span has take in an answer.
const FIELDS_BYTES_MAX: usize = 1024;
/// What a byte of a record takes at most when it is decoded and written as JSON. Text takes twice its size, bytes as
/// base64 less; an escaped character takes six bytes. An empty attribute, event or link takes up to 40 bytes for each of
/// its bytes, which are counts and lengths: small numbers.
const BYTE_COPIES: usize = 2;
const SMALL_BYTE_COPIES: usize = 40;
const SMALL_BYTES: std::ops::Range<u8> = 0..0x20;

fn json_bytes_max(record: &[u8]) -> usize {
    let small = record.iter().filter(|byte| SMALL_BYTES.contains(byte)).count();
    record.len() * BYTE_COPIES + small * SMALL_BYTE_COPIES
}

/// The spans of one trace by (start, span id). It owns its bytes: no lock is held, and no segment is read.
pub struct TraceSpans {
    pub(super) id: TraceId,
    pub(super) bytes: Vec<u8>,
    /// The offsets of the records in `bytes`, in the order of the answer.
    pub(super) offsets: Vec<usize>,
    /// As the record format writes them; their resource scopes are numbers of this value.
    pub(super) operations: Vec<Vec<u8>>,
    pub(super) resource_scopes: Vec<Arc<[u8]>>,
    /// By offset, the ids of spans whose ids in the answer are not those of their record.
    pub(super) renamed: HashMap<usize, Ids>,
    pub(super) left_out: usize,
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

    /// Returns the most memory that the span at this index of the order takes while it is written as JSON: decoded, and
    /// as text.
    pub fn answer_bytes_max(&self, place: usize) -> usize {
        let record = self.record(self.offsets[place]);
        let operation = &self.operations[record.operation() as usize];
        let resource_scope = operation_of(operation).resource_scope;
        let resource_scope =
            resource_scope.map_or(0, |number| json_bytes_max(&self.resource_scopes[number as usize]));
        FIELDS_BYTES_MAX + json_bytes_max(record.bytes()) + json_bytes_max(operation) + resource_scope
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

    pub(super) fn record(&self, offset: usize) -> Record<'_> {
        Record::at_front_of(&self.bytes[offset..])
    }

    pub(super) fn span_id(&self, offset: usize) -> SpanId {
        self.renamed.get(&offset).map_or_else(|| self.record(offset).span_id(), |ids| ids.id)
    }
}

pub(super) fn operation_of(bytes: &[u8]) -> Operation<'_> {
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
            operation_of(&self.spans.operations[number as usize]);
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
