//! Collects columns in memory, trace by trace, and writes the file at the end.

mod attributes;
mod field;
mod finish;
mod interner;
mod operations;
mod parents;

use record::{NamedOperation, RawAttribute, RawSpan, Reader, Record, put_resource_scope, write_span};
use span::{ResourceScope, Span, SpanId, Timestamp, TraceId};

use self::attributes::Attributes;
pub(crate) use self::field::ROWS_PER_COUNT;
use self::interner::Interner;
pub use self::operations::OperationId;
use self::operations::{KnownOperations, Operations};
use self::parents::SpanIndexes;
use crate::bits::BitWriter;
use crate::encoding::{SparseWriter, ordered};
use crate::stream::{self, Base, Item};
use crate::{Carryover, Generations};

/// About what a span takes as a record, without its attributes and extras.
const SPAN_CONTENT_BYTES: usize = 64;
/// For every this many traces, the file has a position in the stream. To find a trace, a reader skips half as many
/// traces on average.
pub(crate) const TRACES_PER_PLACE: usize = 16;

/// Makes the bytes of a segment from traces, which it takes in the order of [`push`](Self::push).
#[derive(Debug)]
pub struct Writer {
    generations: Generations,
    trace_ids: Vec<u128>,
    /// The starts of the roots, by row. Only the first rows have a root.
    root_starts: Vec<u64>,
    root_durations: Vec<u64>,
    /// The first span row of each trace.
    span_rows: Vec<u64>,
    /// The id of each span, by span row. Within a trace the root is first.
    span_ids: Vec<u128>,
    stream: BitWriter,
    stream_places: Vec<u64>,
    operations: KnownOperations,
    root_operations: Operations,
    other_operations: Operations,
    names: Interner,
    resource_scopes: Interner,
    attributes: Attributes,
    extras: SparseWriter,
    /// The rows that begin their trace.
    begins: Vec<u64>,
    gone_roots: Vec<GoneRoot>,
    rootless_base: Option<i64>,
    start_min: Timestamp,
    start_max: Timestamp,
    content_bytes: u64,
    previous: Option<(Option<Timestamp>, TraceId)>,
    /// Kept between traces to reuse their memory.
    items: Vec<Item>,
    bytes: Vec<u8>,
    span_indexes: SpanIndexes,
    operation_ids: Vec<OperationId>,
    records: Vec<u8>,
}

/// An evicted root, which the carryover of `row` still has.
#[derive(Clone, Copy, Debug)]
struct GoneRoot {
    row: u64,
    start: Timestamp,
    span_id: SpanId,
}

/// The last resource scope and its number + 1. Neighbouring spans mostly share one, which then need not be encoded
/// again. Invariant: this value lives only as long as the call that made it, because resource scopes are compared by
/// address.
#[derive(Default)]
struct LastResourceScope<'a> {
    resource_scope: Option<&'a ResourceScope<'a>>,
    number: u32,
}

impl Writer {
    pub fn new(generations: Generations) -> Self {
        Self {
            generations,
            trace_ids: Vec::new(),
            root_starts: Vec::new(),
            root_durations: Vec::new(),
            span_rows: Vec::new(),
            span_ids: Vec::new(),
            stream: BitWriter::default(),
            stream_places: Vec::new(),
            operations: KnownOperations::default(),
            root_operations: Operations::default(),
            other_operations: Operations::default(),
            names: Interner::default(),
            resource_scopes: Interner::default(),
            attributes: Attributes::new(),
            extras: SparseWriter::default(),
            begins: Vec::new(),
            gone_roots: Vec::new(),
            rootless_base: None,
            start_min: Timestamp::MAX,
            start_max: Timestamp::MIN,
            content_bytes: 0,
            previous: None,
            items: Vec::new(),
            bytes: Vec::new(),
            span_indexes: SpanIndexes::default(),
            operation_ids: Vec::new(),
            records: Vec::new(),
        }
    }

    /// Reserves memory for this many more traces and spans, but not for attributes.
    pub fn reserve(&mut self, traces: usize, spans: usize) {
        self.trace_ids.reserve(traces);
        self.root_starts.reserve(traces);
        self.root_durations.reserve(traces);
        self.span_rows.reserve(traces + 1);
        self.span_ids.reserve(spans);
        self.attributes.codes.reserve(spans);
        self.root_operations.reserve(traces);
        self.other_operations.reserve(spans);
    }

    /// Returns the number of an operation for [`push_raw`](Self::push_raw), and adds the operation if it is new.
    pub fn operation(&mut self, operation: &NamedOperation<'_>) -> OperationId {
        let resource_scope =
            self.resource_scope_of(operation.resource_scope, &mut LastResourceScope::default());
        self.operations.number(operation, resource_scope, &mut self.names)
    }

    /// Adds the next trace. Its root is the first span without a parent.
    ///
    /// `spans` are sorted by (start, span id, reporter), without duplicates; there may be none if the carryover is not
    /// empty. The caller adds traces with a root first, by root start ascending and then trace id descending, and
    /// after them those without a root, by trace id ascending.
    ///
    /// # Panics
    /// If spans or traces are not in this order.
    pub fn push(&mut self, id: TraceId, carryover: Carryover, spans: &[Span<'_>]) {
        let mut ids = std::mem::take(&mut self.operation_ids);
        let mut records = std::mem::take(&mut self.records);
        let mut last = LastResourceScope::default();
        ids.clear();
        records.clear();
        for span in spans {
            let resource_scope = self.resource_scope_of(span.resource_scope, &mut last);
            ids.push(self.operations.number(&operation_of(span), resource_scope, &mut self.names));
            // The number 0 is never read: `push_raw` gets the operations from `ids`.
            write_span(&mut records, span, 0);
        }
        let mut rest = Reader::new(&records);
        let take = |_| Record::take(&mut rest).and_then(|record| record.raw());
        let raw: Vec<RawSpan<'_>> =
            spans.iter().map(take).collect::<Result<_, _>>().expect("the records were just written");
        self.push_raw(id, carryover, &raw, &ids);
        self.operation_ids = ids;
        self.records = records;
    }

    /// Adds the next trace as [`push`](Self::push) does, from records that were checked. `operations` has the number
    /// of each span's operation, as [`operation`](Self::operation) returned it.
    pub fn push_raw(
        &mut self,
        id: TraceId,
        carryover: Carryover,
        spans: &[RawSpan<'_>],
        operations: &[OperationId],
    ) {
        let key = |span: &RawSpan<'_>| (span.start, span.span_id);
        assert!(spans.is_sorted_by_key(key), "spans are ordered by start and span id");
        assert!(
            !spans.is_empty() || carryover != Carryover::default(),
            "the trace {id} has neither spans nor a carryover, so it must not be added"
        );
        assert_eq!(spans.len(), operations.len(), "each span has an operation");
        let place = spans.iter().position(RawSpan::is_root);
        let (before, root, after) = split_around(spans, place);
        self.check_order(id, root.map(|root| root.start));
        if self.trace_ids.len().is_multiple_of(TRACES_PER_PLACE) {
            self.stream_places.push(self.stream.bit_len());
        }
        self.push_carryover(carryover);
        let first_row = self.span_ids.len();
        self.trace_ids.push(u128::from_be_bytes(id.to_bytes()));
        self.span_rows.push(first_row as u64);

        // Within a trace, the root is stored first.
        let stored = || root.into_iter().chain(before).chain(after);
        self.span_ids.extend(stored().map(|span| u128::from_be_bytes(span.span_id.to_bytes())));
        let (before_ids, root_id, after_ids) = split_around(operations, place);
        let mut attributes = Vec::new();
        if let (Some(root), Some(&operation)) = (root, root_id) {
            self.root_starts.push(ordered(root.start.0));
            self.root_durations.push(root.duration);
            self.root_operations.push(operation, root.status, &self.operations);
            self.push_own(root, operation, &mut attributes);
        }
        let others = || before.iter().chain(after);
        for (span, &operation) in others().zip(before_ids.iter().chain(after_ids)) {
            self.other_operations.push(operation, span.status, &self.operations);
            self.push_own(span, operation, &mut attributes);
        }
        self.items.clear();
        self.span_indexes.fill(self.span_ids.get(first_row..).unwrap_or_default());
        for span in others() {
            let parent = self.span_indexes.parent_of(span.parent_span_id);
            self.items.push(Item { start: span.start.0, duration: span.duration, parent });
        }
        let base = self.base(root, spans);
        stream::put(&mut self.stream, base, &self.items, spans.len() as u64);
        self.widen(spans);
    }

    /// Stores the carryover of the row that is being added.
    fn push_carryover(&mut self, Carryover { begins, gone_root }: Carryover) {
        let row = self.trace_ids.len() as u64;
        if begins {
            self.begins.push(row);
        }
        if let Some((start, span_id)) = gone_root {
            self.gone_roots.push(GoneRoot { row, start, span_id });
        }
    }

    fn check_order(&mut self, id: TraceId, root: Option<Timestamp>) {
        let is_in_order = match (self.previous, root) {
            (None, _) | (Some((Some(_), _)), None) => true,
            (Some((None, _)), Some(_)) => false,
            (Some((None, previous)), None) => previous < id,
            (Some((Some(start), previous)), Some(root)) => start < root || (start == root && previous > id),
        };
        assert!(is_in_order, "the trace {id} is out of order");
        self.previous = Some((root, id));
    }

    fn base(&mut self, root: Option<&RawSpan<'_>>, spans: &[RawSpan<'_>]) -> Base {
        match (root, spans.first()) {
            (Some(root), _) => Base::Root { start: root.start.0, duration: root.duration },
            (None, Some(first)) => Base::Rootless { start: *self.rootless_base.get_or_insert(first.start.0) },
            (None, None) => Base::Rootless { start: 0 },
        }
    }

    fn widen(&mut self, spans: &[RawSpan<'_>]) {
        if let (Some(first), Some(last)) = (spans.first(), spans.last()) {
            self.start_min = self.start_min.min(first.start);
            self.start_max = self.start_max.max(last.start);
        }
    }

    /// Adds the attributes and the extras of a span.
    #[inline]
    fn push_own<'a>(
        &mut self,
        span: &RawSpan<'a>,
        operation: OperationId,
        attributes: &mut Vec<RawAttribute<'a>>,
    ) {
        let tail = span.cut(attributes).expect("records are checked when they arrive");
        let own_bytes = tail.attributes.len() + tail.extras.map_or(0, <[u8]>::len);
        self.content_bytes += (SPAN_CONTENT_BYTES + own_bytes) as u64;
        if let Some(extras) = tail.extras {
            self.extras.push(self.attributes.codes.len() as u64, extras);
        }
        self.attributes.push(attributes, tail.attributes, operation);
    }

    /// Returns the number + 1 of a resource scope, or 0 for none.
    #[inline]
    fn resource_scope_of<'a>(
        &mut self,
        resource_scope: Option<&'a ResourceScope<'a>>,
        last: &mut LastResourceScope<'a>,
    ) -> u32 {
        let Some(resource_scope) = resource_scope else { return 0 };
        if !last.resource_scope.is_some_and(|last| std::ptr::eq(last, resource_scope)) {
            self.bytes.clear();
            put_resource_scope(&mut self.bytes, resource_scope);
            *last = LastResourceScope {
                resource_scope: Some(resource_scope),
                number: self.resource_scopes.intern(&self.bytes) + 1,
            };
        }
        last.number
    }
}

fn operation_of<'a>(span: &Span<'a>) -> NamedOperation<'a> {
    let Span { service, name, kind, flags, resource_scope, .. } = *span;
    NamedOperation { service, name, kind, flags, resource_scope }
}

/// Splits a list into the part before the root, the root, and the part after it.
fn split_around<T>(all: &[T], root: Option<usize>) -> (&[T], Option<&T>, &[T]) {
    match root.and_then(|root| all.split_at_checked(root)) {
        Some((before, [root, after @ ..])) => (before, Some(root), after),
        _ => (all, None, &[]),
    }
}
