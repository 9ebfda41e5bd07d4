//! Finds the values of a span's attributes.

use bumpalo::Bump;
use bumpalo::collections::Vec as ArenaVec;
use record::{Reader, take_attributes};
use span::Attribute;

use super::segment::Segment;
use crate::encoding::{BlobCursor, SparseCursor};
use crate::error::Damaged;
use crate::footer::EMPTY_SHAPE;
use crate::layout::{offset, size};
use crate::writer::ROWS_PER_COUNT;

/// The position of a field's next value.
#[derive(Clone, Copy, Debug, Default)]
struct FieldCursor {
    /// How many values the field has from the start of the block of rows to the first row of the trace.
    before: usize,
    next: Option<usize>,
}

/// The decompressed blocks of values, kept because the values of the next trace are mostly in the blocks of this one.
#[derive(Debug, Default)]
pub(super) struct DecompressedAttributes<'a> {
    /// The cursor of each field's values.
    fields: Vec<BlobCursor<'a>>,
    loose: BlobCursor<'a>,
}

/// Reads the attributes of the rows of one trace, in order.
#[derive(Debug)]
pub(super) struct AttributeCursor<'p> {
    /// The number of the block of rows in which the trace begins.
    block: usize,
    /// The cursor of each field. Empty if no span of the trace has attributes.
    fields: ArenaVec<'p, FieldCursor>,
    has_attributes: bool,
    loose: Option<SparseCursor>,
}

impl<'p> AttributeCursor<'p> {
    pub(super) fn new(
        segment: &Segment,
        first: usize,
        count: usize,
        arena: &'p Bump,
    ) -> Result<Self, Damaged> {
        let block = first / ROWS_PER_COUNT;
        let mut cursor = Self { block, fields: ArenaVec::new_in(arena), has_attributes: false, loose: None };
        if segment.footer.shapes.len() <= 1 {
            return Ok(cursor);
        }
        let mut shapes = segment.shape_codes.run(&segment.data, first, count)?;
        cursor.has_attributes = shapes.any(|shape| shape != EMPTY_SHAPE);
        if !cursor.has_attributes {
            return Ok(cursor);
        }
        cursor.fields.resize(segment.fields.len(), FieldCursor::default());
        let before = block * ROWS_PER_COUNT;
        for shape in segment.shape_codes.run(&segment.data, before, first - before)? {
            for field in segment.footer.shapes.get(shape).unwrap_or_default() {
                if let Some(field) = cursor.fields.get_mut(usize::from(*field)) {
                    field.before += 1;
                }
            }
        }
        Ok(cursor)
    }

    /// Returns the attributes of the next row.
    pub(super) fn take<'a>(
        &mut self,
        (segment, arena): (&'a Segment, &'a Bump),
        row: usize,
        decompressed: &mut DecompressedAttributes<'a>,
    ) -> Result<&'a [Attribute<'a>], Damaged> {
        if !self.has_attributes {
            return Ok(&[]);
        }
        let shape = segment.shape_codes.get(&segment.data, row)?;
        if Some(shape) == segment.footer.loose_shape {
            return self.take_loose((segment, arena), row, &mut decompressed.loose);
        }
        let fields = segment.footer.shapes.get(shape);
        let fields = fields.ok_or(damaged(segment, "a span has an unknown shape"))?;
        let mut attributes = ArenaVec::with_capacity_in(fields.len(), arena);
        for field in fields {
            attributes.push(self.take_value((segment, arena), *field, decompressed)?);
        }
        Ok(attributes.into_bump_slice())
    }

    fn take_loose<'a>(
        &mut self,
        (segment, arena): (&'a Segment, &'a Bump),
        row: usize,
        values: &mut BlobCursor<'a>,
    ) -> Result<&'a [Attribute<'a>], Damaged> {
        if self.loose.is_none() {
            self.loose = Some(SparseCursor::new(segment.loose, &segment.data, row as u64)?);
        }
        let cursor = self.loose.as_mut();
        let bytes = cursor.map(|cursor| cursor.take(&segment.data, arena, row as u64, values)).transpose()?;
        let bytes = bytes.flatten().ok_or(damaged(segment, "the attributes of a span are missing"))?;
        take_attributes(&mut Reader::new(bytes), arena).map_err(|malformed| damaged(segment, malformed.0))
    }

    fn take_value<'a>(
        &mut self,
        (segment, arena): (&'a Segment, &'a Bump),
        field: u16,
        decompressed: &mut DecompressedAttributes<'a>,
    ) -> Result<Attribute<'a>, Damaged> {
        let index = usize::from(field);
        let unknown = damaged(segment, "a shape has an unknown field");
        let name = segment.footer.fields.get(index).ok_or(unknown)?;
        let column = segment.fields.get(index).ok_or(unknown)?;
        let cursor = self.fields.get_mut(index).ok_or(unknown)?;
        let next = match cursor.next {
            Some(next) => next,
            None => size(column.counts.get(&segment.data, self.block)?).saturating_add(cursor.before),
        };
        cursor.next = next.checked_add(1);
        if decompressed.fields.len() <= index {
            decompressed.fields.resize_with(index + 1, BlobCursor::default);
        }
        let values = decompressed.fields.get_mut(index).ok_or(unknown)?;
        let value = column.value(&segment.data, arena, next, values)?;
        Ok(Attribute { key: &name.key, value })
    }
}

fn damaged(segment: &Segment, what: &'static str) -> Damaged {
    Damaged { what, at: offset(segment.data.len()) }
}
