//! A record in the arena, with the position of the one before it.
//!
//! Format (little-endian): position of the previous record of the trace u64 · the span's record.

use record::Record;

use crate::arena::{Arena, Position};

pub(crate) const HEADER_BYTES: usize = 8;

/// Appends `record`, which follows `previous` in its trace. `operation` is the number of its operation in this
/// generation.
#[inline]
pub(crate) fn append(arena: &mut Arena, record: Record<'_>, operation: u32, previous: Position) -> Position {
    arena.append(HEADER_BYTES + record.bytes().len(), |out| {
        out.extend_from_slice(&previous.to_raw().to_le_bytes());
        record.write_with_operation(out, operation);
    })
}

/// Returns the record at `position`, and the position of the previous one of its trace.
#[inline]
pub(crate) fn read(arena: &Arena, position: Position) -> Option<(Record<'_>, Position)> {
    let bytes = arena.bytes_at(position)?;
    let (previous, record) = bytes.split_first_chunk().expect("a record has its header");
    Some((Record::at_front_of(record), Position::from_raw(u64::from_le_bytes(*previous))))
}

/// Returns the position of the record before the one at `position` in the same trace.
#[inline]
pub(crate) fn previous(arena: &Arena, position: Position) -> Option<Position> {
    let header = arena.bytes_at(position)?.first_chunk()?;
    Some(Position::from_raw(u64::from_le_bytes(*header)))
}

/// Returns the record at `position` and the earlier ones of its trace.
pub(crate) fn chain(
    arena: &Arena,
    position: Position,
) -> impl Iterator<Item = (Position, Record<'_>)> + Clone {
    let read_at = |at: Position| read(arena, at).map(|(record, previous)| (at, record, previous));
    std::iter::successors(read_at(position), move |&(_, _, previous)| read_at(previous))
        .map(|(at, record, _)| (at, record))
}
