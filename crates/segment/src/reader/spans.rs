//! Assembles the spans of a trace.

use std::ops::ControlFlow;

use bumpalo::Bump;
use bumpalo::collections::Vec as ArenaVec;
use hashbrown::HashMap;
use record::{Reader, take_extras, take_resource_scope};
use span::{Kind, ResourceScope, Span, SpanId, Timestamp, TraceId};

use super::attributes::{AttributeCursor, DecompressedAttributes};
use super::segment::Segment;
use super::traces::TraceRows;
use crate::encoding::{BlobCursor, SparseCursor};
use crate::error::Damaged;
use crate::operation::OperationEntry;
use crate::stream::{Item, Items, Parent};

/// Limit: memory of the spans that [`Segment::for_each_part`] has at once; the last of them may exceed it.
pub const PART_BYTES_MAX: usize = 1024 * 1024;

/// Reads the spans of one trace after the other, and keeps decompressed blocks. If the caller reads rows in order,
/// most blocks serve several traces.
pub struct SpanReader<'a> {
    segment: &'a Segment,
    arena: &'a Bump,
    attributes: DecompressedAttributes<'a>,
    extras: BlobCursor<'a>,
    resource_scopes: HashMap<u32, &'a ResourceScope<'a>>,
}

/// The state while the spans of one trace are put together from their columns. It does not hold the arena of the spans,
/// so that the spans of a large trace need not be in memory together.
struct Assembly<'p> {
    trace: TraceRows,
    trace_id: TraceId,
    /// The ids of all spans, by index in the trace.
    ids: ArenaVec<'p, SpanId>,
    attributes: AttributeCursor<'p>,
    extras: SparseCursor,
}

impl Segment {
    /// Returns a reader of spans, which borrow from the segment and the arena.
    pub fn reader<'a>(&'a self, arena: &'a Bump) -> SpanReader<'a> {
        SpanReader {
            segment: self,
            arena,
            attributes: DecompressedAttributes::default(),
            extras: BlobCursor::default(),
            resource_scopes: HashMap::new(),
        }
    }

    /// Returns the spans of the trace in `row`, sorted by (start, span id, reporter). They borrow from the segment and
    /// the arena.
    pub fn spans<'a>(&'a self, row: u32, arena: &'a Bump) -> Result<&'a [Span<'a>], Damaged> {
        self.reader(arena).spans(row)
    }

    /// Calls `each` with the spans of the trace in `row`, some at a time, so that a trace of a million spans takes no
    /// more memory than [`PART_BYTES_MAX`] and its ids. The root comes first, then the others by (start, span id, reporter).
    /// Stops early if `each` breaks.
    pub fn for_each_part(
        &self,
        row: u32,
        mut each: impl FnMut(&[Span<'_>]) -> ControlFlow<()>,
    ) -> Result<(), Damaged> {
        let trace = self.trace_rows(row)?;
        if trace.count == 0 {
            return Ok(());
        }
        let ids_arena = Bump::new();
        let mut assembly = Assembly::new(self, trace, &ids_arena)?;
        let mut items = self.items(trace)?;
        let codes = self.others.codes.run(&self.data, trace.other_first, trace.other_count)?;
        let mut others = (usize::from(trace.is_rooted)..).zip(codes).peekable();
        let mut is_root_due = trace.is_rooted;
        while is_root_due || others.peek().is_some() {
            let arena = Bump::new();
            let mut reader = self.reader(&arena);
            let mut part = ArenaVec::new_in(&arena);
            if std::mem::take(&mut is_root_due) {
                part.push(assembly.root(&mut reader)?);
            }
            while arena.allocated_bytes() < PART_BYTES_MAX
                && let Some((index, code)) = others.next()
            {
                part.push(assembly.other(&mut reader, index, &mut items, code)?);
            }
            if each(&part).is_break() {
                break;
            }
        }
        Ok(())
    }
}

impl<'a> SpanReader<'a> {
    /// Returns the spans of the trace in `row`, sorted by (start, span id, reporter).
    pub fn spans(&mut self, row: u32) -> Result<&'a [Span<'a>], Damaged> {
        let (segment, arena) = (self.segment, self.arena);
        let trace = segment.trace_rows(row)?;
        if trace.count == 0 {
            return Ok(&[]);
        }
        let mut assembly = Assembly::new(segment, trace, arena)?;
        let mut root = if trace.is_rooted { Some(assembly.root(self)?) } else { None };
        let mut items = segment.items(trace)?;
        let codes = segment.others.codes.run(&segment.data, trace.other_first, trace.other_count)?;
        let mut spans = ArenaVec::with_capacity_in(trace.count, arena);
        for (index, code) in (usize::from(trace.is_rooted)..).zip(codes) {
            let span = assembly.other(self, index, &mut items, code)?;
            // The root is stored first; here it is inserted among the others by its start.
            let is_next = |root: &mut Span<'_>| root.compare(&span).is_lt();
            spans.extend(root.take_if(is_next));
            spans.push(span);
        }
        spans.extend(root);
        Ok(spans.into_bump_slice())
    }

    fn resource_scope(&mut self, number: u32) -> Result<&'a ResourceScope<'a>, Damaged> {
        if let Some(resource_scope) = self.resource_scopes.get(&number) {
            return Ok(resource_scope);
        }
        let segment = self.segment;
        let bytes = segment.resource_scopes.get(&segment.data, number as usize)?;
        let resource_scope = take_resource_scope(&mut Reader::new(bytes), self.arena);
        let resource_scope = resource_scope.map_err(|malformed| segment.stream.damaged(malformed.0))?;
        let resource_scope = &*self.arena.alloc(resource_scope);
        self.resource_scopes.insert(number, resource_scope);
        Ok(resource_scope)
    }
}

impl<'p> Assembly<'p> {
    fn new(segment: &Segment, trace: TraceRows, arena: &'p Bump) -> Result<Self, Damaged> {
        let mut ids = ArenaVec::with_capacity_in(trace.count, arena);
        let each = |id: u128| ids.push(SpanId::from_bytes(id.to_be_bytes()));
        segment.span_ids.for_each(&segment.data, trace.first, trace.count, each)?;
        Ok(Self {
            trace,
            trace_id: segment.trace_id(u32::try_from(trace.row).unwrap_or(u32::MAX))?,
            ids,
            attributes: AttributeCursor::new(segment, trace.first, trace.count, arena)?,
            extras: SparseCursor::new(segment.extras, &segment.data, trace.first as u64)?,
        })
    }

    /// Returns the root, which is the first span to be read.
    fn root<'a>(&mut self, reader: &mut SpanReader<'a>) -> Result<Span<'a>, Damaged> {
        let (segment, row) = (reader.segment, self.trace.row);
        let code = segment.roots.codes.get(&segment.data, row)?;
        let item = Item {
            start: segment.root_start(u32::try_from(row).unwrap_or(u32::MAX))?.0,
            duration: segment.root_durations.get(&segment.data, row)?,
            parent: Parent::None,
        };
        self.span(reader, 0, item, segment.roots.get(&segment.data, code)?)
    }

    /// Returns the next span that is not the root. `items` are those of the trace.
    fn other<'a>(
        &mut self,
        reader: &mut SpanReader<'a>,
        index: usize,
        items: &mut Option<Items<'_>>,
        code: u32,
    ) -> Result<Span<'a>, Damaged> {
        let segment = reader.segment;
        let item = items.as_mut().and_then(Items::next);
        let item = item.ok_or_else(|| segment.stream.damaged("the times of a trace are cut off"))?;
        self.span(reader, index, item, segment.others.get(&segment.data, code)?)
    }

    /// Returns the span at an index in the trace.
    fn span<'a>(
        &mut self,
        reader: &mut SpanReader<'a>,
        index: usize,
        item: Item,
        operation: OperationEntry,
    ) -> Result<Span<'a>, Damaged> {
        let (segment, arena) = (reader.segment, reader.arena);
        let damaged = |what: &'static str| segment.stream.damaged(what);
        let row = self.trace.first + index;
        let end = item
            .start
            .checked_add_unsigned(item.duration)
            .ok_or_else(|| damaged("the end of a span is out of range"))?;
        let id_at =
            |index: usize| self.ids.get(index).copied().ok_or_else(|| damaged("a span id is missing"));
        let parent_span_id = match item.parent {
            Parent::None => None,
            Parent::Elsewhere(id) => Some(SpanId::from_bytes(id.to_be_bytes())),
            Parent::Index(index) => Some(id_at(crate::layout::size(index))?),
        };
        Ok(Span {
            trace_id: self.trace_id,
            span_id: id_at(index)?,
            parent_span_id,
            service: segment.names.get_text(&segment.data, operation.service as usize)?,
            name: segment.names.get_text(&segment.data, operation.name as usize)?,
            start: Timestamp(item.start),
            end: Timestamp(end),
            kind: Kind(operation.kind),
            status: operation.status,
            flags: operation.flags,
            attributes: self.attributes.take((segment, arena), row, &mut reader.attributes)?,
            resource_scope: match operation.resource_scope.checked_sub(1) {
                Some(number) => Some(reader.resource_scope(number)?),
                None => None,
            },
            extras: match self.extras.take(&segment.data, arena, row as u64, &mut reader.extras)? {
                Some(bytes) => {
                    let extras = take_extras(&mut Reader::new(bytes), arena);
                    let extras = extras.map_err(|malformed| damaged(malformed.0))?;
                    Some(&*arena.alloc(extras))
                }
                None => None,
            },
        })
    }
}
