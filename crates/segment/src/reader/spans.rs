//! Assembles the spans of a trace.

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

/// Reads the spans of one trace after the other, and keeps decompressed blocks. If the caller reads rows in order,
/// most blocks serve several traces.
pub struct SpanReader<'a> {
    segment: &'a Segment,
    arena: &'a Bump,
    attributes: DecompressedAttributes<'a>,
    extras: BlobCursor<'a>,
    resource_scopes: HashMap<u32, &'a ResourceScope<'a>>,
}

/// The state while the spans of one trace are put together from their columns.
struct Assembly<'r, 'a> {
    reader: &'r mut SpanReader<'a>,
    trace_id: TraceId,
    /// The ids of all spans, by index in the trace.
    ids: ArenaVec<'a, SpanId>,
    attributes: AttributeCursor<'a>,
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

    /// Returns the spans of the trace in `row`, sorted by (start, span id, side). They borrow from the segment and
    /// the arena.
    pub fn spans<'a>(&'a self, row: u32, arena: &'a Bump) -> Result<&'a [Span<'a>], Damaged> {
        self.reader(arena).spans(row)
    }
}

impl<'a> SpanReader<'a> {
    /// Returns the spans of the trace in `row`, sorted by (start, span id, side).
    pub fn spans(&mut self, row: u32) -> Result<&'a [Span<'a>], Damaged> {
        let (segment, arena) = (self.segment, self.arena);
        let trace = segment.trace_rows(row)?;
        if trace.count == 0 {
            return Ok(&[]);
        }
        let mut assembly = self.assembly(trace)?;
        let mut root = if trace.is_rooted { Some(assembly.root(trace)?) } else { None };
        let mut items = segment.items(trace)?;
        let others = &segment.others;
        let codes = others.codes.run(&segment.data, trace.other_first, trace.other_count)?;
        let mut spans = ArenaVec::with_capacity_in(trace.count, arena);
        for (index, code) in (usize::from(trace.is_rooted)..).zip(codes) {
            let item = items.as_mut().and_then(Items::next);
            let item = item.ok_or_else(|| segment.stream.damaged("the times of a trace are cut off"))?;
            let span = assembly.span(trace.first, index, item, others.get(&segment.data, code)?)?;
            // The root is stored first; here it is inserted among the others by its start.
            let is_next = |root: &mut Span<'_>| root.order() < span.order();
            spans.extend(root.take_if(is_next));
            spans.push(span);
        }
        spans.extend(root);
        Ok(spans.into_bump_slice())
    }

    fn assembly(&mut self, trace: TraceRows) -> Result<Assembly<'_, 'a>, Damaged> {
        let (segment, arena) = (self.segment, self.arena);
        let mut ids = ArenaVec::with_capacity_in(trace.count, arena);
        let each = |id: u128| ids.push(SpanId::from_bytes(id.to_be_bytes()));
        segment.span_ids.for_each(&segment.data, trace.first, trace.count, each)?;
        Ok(Assembly {
            trace_id: segment.trace_id(u32::try_from(trace.row).unwrap_or(u32::MAX))?,
            ids,
            attributes: AttributeCursor::new(segment, trace.first, trace.count, arena)?,
            extras: SparseCursor::new(segment.extras, &segment.data, trace.first as u64)?,
            reader: self,
        })
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

impl<'a> Assembly<'_, 'a> {
    fn root(&mut self, trace: TraceRows) -> Result<Span<'a>, Damaged> {
        let segment = self.reader.segment;
        let code = segment.roots.codes.get(&segment.data, trace.row)?;
        let item = Item {
            start: segment.root_start(u32::try_from(trace.row).unwrap_or(u32::MAX))?.0,
            duration: segment.root_durations.get(&segment.data, trace.row)?,
            parent: Parent::None,
        };
        self.span(trace.first, 0, item, segment.roots.get(&segment.data, code)?)
    }

    /// Returns the span at an index in the trace whose first row is `first`.
    fn span(
        &mut self,
        first: usize,
        index: usize,
        item: Item,
        operation: OperationEntry,
    ) -> Result<Span<'a>, Damaged> {
        let (segment, arena) = (self.reader.segment, self.reader.arena);
        let damaged = |what: &'static str| segment.stream.damaged(what);
        let row = first + index;
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
            attributes: self.attributes.take(segment, row, &mut self.reader.attributes)?,
            resource_scope: match operation.resource_scope.checked_sub(1) {
                Some(number) => Some(self.reader.resource_scope(number)?),
                None => None,
            },
            extras: match self.extras.take(&segment.data, arena, row as u64, &mut self.reader.extras)? {
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
