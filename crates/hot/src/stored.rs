//! A record in the arena.
//!
//! Format (little-endian): position of the record before it in the same trace u64 · the span's record.

use record::Record;

use crate::arena::{Arena, Position};

pub(crate) const HEADER_BYTES: usize = 8;

/// Appends `record` to the arena, behind `previous` of the same trace. `operation` is its operation's number here.
#[inline]
pub(crate) fn append(arena: &mut Arena, record: Record<'_>, operation: u32, previous: Position) -> Position {
    arena.append(HEADER_BYTES + record.bytes().len(), |out| {
        out.extend_from_slice(&previous.to_raw().to_le_bytes());
        record.write_with_operation(out, operation);
    })
}

/// The record at `position`, and the position of the one before it in the same trace.
#[inline]
pub(crate) fn read(arena: &Arena, position: Position) -> Option<(Record<'_>, Position)> {
    let bytes = arena.bytes_at(position)?;
    let (previous, record) = bytes.split_first_chunk().expect("a record has its header");
    Some((Record::at_front_of(record), Position::from_raw(u64::from_le_bytes(*previous))))
}

/// The position of the record before the one at `position` in the same trace.
#[inline]
pub(crate) fn previous(arena: &Arena, position: Position) -> Option<Position> {
    let header = arena.bytes_at(position)?.first_chunk()?;
    Some(Position::from_raw(u64::from_le_bytes(*header)))
}

/// The record at `position` and those before it in the same trace.
pub(crate) fn chain(
    arena: &Arena,
    position: Position,
) -> impl Iterator<Item = (Position, Record<'_>)> + Clone {
    let read_at = |at: Position| read(arena, at).map(|(record, previous)| (at, record, previous));
    std::iter::successors(read_at(position), move |&(_, _, previous)| read_at(previous))
        .map(|(at, record, _)| (at, record))
}
