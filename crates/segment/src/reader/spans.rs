//! Puts the spans of one trace together.

use bumpalo::Bump;
use bumpalo::collections::Vec as ArenaVec;
use hashbrown::HashMap;
use record::{Reader, take_extras, take_origin};
use span::{Kind, Origin, Span, SpanId, Timestamp, TraceId};

use super::Segment;
use super::attributes::AttributeCursor;
use super::traces::Place;
use crate::encoding::SparseCursor;
use crate::error::Damaged;
use crate::operation::Operation;
use crate::stream::{Item, Items, Parent};

/// What is needed on the way through the spans of one trace.
struct Assembly<'a> {
    segment: &'a Segment,
    arena: &'a Bump,
    trace_id: TraceId,
    /// By place in the trace.
    ids: ArenaVec<'a, SpanId>,
    origins: HashMap<u32, &'a Origin<'a>>,
    attributes: AttributeCursor<'a>,
    extras: SparseCursor<'a>,
}

impl Segment {
    /// The spans of a trace by (start, span id). What they borrow lives as long as the segment and the arena.
    pub fn spans<'a>(&'a self, row: u32, arena: &'a Bump) -> Result<&'a [Span<'a>], Damaged> {
        let place = self.place(row)?;
        if place.count == 0 {
            return Ok(&[]);
        }
        let mut assembly = self.assembly(place, arena)?;
        let mut root = if place.is_rooted { Some(assembly.root(place)?) } else { None };
        let mut items = self.items(place)?;
        let codes = self.others.codes.run(&self.data, place.other_first, place.other_count)?;
        let mut spans = ArenaVec::with_capacity_in(place.count, arena);
        for (index, code) in (usize::from(place.is_rooted)..).zip(codes) {
            let item = items.as_mut().and_then(Items::next);
            let item = item.ok_or_else(|| self.stream.damaged("the times of a trace are cut off"))?;
            let span = assembly.span((place.first, index), item, self.others.get(&self.data, code)?)?;
            // The root is kept in front, and has its place among the others by its start.
            let is_next = |root: &mut Span<'_>| (root.start, root.span_id) < (span.start, span.span_id);
            spans.extend(root.take_if(is_next));
            spans.push(span);
        }
        spans.extend(root);
        Ok(spans.into_bump_slice())
    }

    fn assembly<'a>(&'a self, place: Place, arena: &'a Bump) -> Result<Assembly<'a>, Damaged> {
        let mut ids = ArenaVec::with_capacity_in(place.count, arena);
        let range = (place.first, place.count);
        self.span_ids.for_each(&self.data, range, |id| ids.push(SpanId::from_bytes(id.to_be_bytes())))?;
        Ok(Assembly {
            segment: self,
            arena,
            trace_id: self.trace_id(u32::try_from(place.row).unwrap_or(u32::MAX))?,
            ids,
            origins: HashMap::new(),
            attributes: AttributeCursor::new(self, range, arena)?,
            extras: SparseCursor::new(self.extras, &self.data, place.first as u64)?,
        })
    }
}

impl<'a> Assembly<'a> {
    fn root(&mut self, place: Place) -> Result<Span<'a>, Damaged> {
        let segment = self.segment;
        let code = segment.roots.codes.get(&segment.data, place.row)?;
        let item = Item {
            start: segment.root_start(u32::try_from(place.row).unwrap_or(u32::MAX))?.0,
            duration: segment.root_durations.get(&segment.data, place.row)?,
            parent: Parent::None,
        };
        self.span((place.first, 0), item, segment.roots.get(&segment.data, code)?)
    }

    /// The span at a place of the trace whose first row is given.
    fn span(
        &mut self,
        (first, index): (usize, usize),
        item: Item,
        operation: Operation,
    ) -> Result<Span<'a>, Damaged> {
        let segment = self.segment;
        let damaged = |what: &'static str| segment.stream.damaged(what);
        let end = item
            .start
            .checked_add_unsigned(item.duration)
            .ok_or_else(|| damaged("a span ends after all time"))?;
        let id_at =
            |place: usize| self.ids.get(place).copied().ok_or_else(|| damaged("a span id is missing"));
        let parent_span_id = match item.parent {
            Parent::None => None,
            Parent::Elsewhere(id) => Some(SpanId::from_bytes(id.to_be_bytes())),
            Parent::Place(place) => Some(id_at(crate::layout::size(place))?),
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
            attributes: self.attributes.take(segment, first + index)?,
            origin: match operation.origin.checked_sub(1) {
                Some(number) => Some(self.origin(number)?),
                None => None,
            },
            extras: match self.extras.take(&segment.data, (first + index) as u64, self.arena)? {
                Some(bytes) => {
                    let extras = take_extras(&mut Reader::new(bytes), self.arena);
                    let extras = extras.map_err(|malformed| damaged(malformed.0))?;
                    Some(&*self.arena.alloc(extras))
                }
                None => None,
            },
        })
    }

    fn origin(&mut self, number: u32) -> Result<&'a Origin<'a>, Damaged> {
        if let Some(origin) = self.origins.get(&number) {
            return Ok(origin);
        }
        let segment = self.segment;
        let bytes = segment.origins.get(&segment.data, number as usize)?;
        let origin = take_origin(&mut Reader::new(bytes), self.arena);
        let origin = origin.map_err(|malformed| segment.stream.damaged(malformed.0))?;
        let origin = &*self.arena.alloc(origin);
        self.origins.insert(number, origin);
        Ok(origin)
    }
}
