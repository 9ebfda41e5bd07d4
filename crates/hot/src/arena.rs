//! Chunks of records in the order of their arrival, and positions in them.

/// Limit: memory is taken in chunks of this size. A larger record gets a chunk of its own.
const CHUNK_BYTES: usize = 64 * 1024;

/// A position in a shard's arena. Later records have greater positions, so comparing two tells which record is older.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Position(u64);

impl Position {
    /// Before every record; marks the end of a trace's chain.
    pub(crate) const NONE: Self = Self(0);
    /// After every record.
    pub const MAX: Self = Self(u64::MAX);

    /// Chunks are counted from 1, so that no record is at `NONE`.
    fn new(chunk: usize, offset: usize) -> Self {
        debug_assert!(u32::try_from(offset).is_ok(), "a chunk is smaller than 4 GiB");
        Self(((chunk as u64) << 32) | offset as u64)
    }

    #[expect(clippy::cast_possible_truncation, reason = "both halves are 32 bits")]
    fn parts(self) -> (usize, usize) {
        ((self.0 >> 32) as usize, self.0 as u32 as usize)
    }

    pub(crate) const fn to_raw(self) -> u64 {
        self.0
    }

    pub(crate) const fn from_raw(raw: u64) -> Self {
        Self(raw)
    }
}

/// The records of a shard.
///
/// Invariant: written bytes never move and never change. A chunk never grows beyond the memory that it began with, so
/// a reader may keep a position over any number of insertions, and read from it after taking the lock again.
#[derive(Default)]
pub(crate) struct Arena {
    chunks: Vec<Vec<u8>>,
    bytes: usize,
}

impl Arena {
    /// The memory of the chunks.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns a position after all current records, and before or at every later one.
    pub(crate) fn end(&self) -> Position {
        self.chunks.last().map_or(Position(1), |chunk| Position::new(self.chunks.len(), chunk.len()))
    }

    /// Appends one record, of at most `record_bytes` bytes, that `write` writes.
    pub(crate) fn append(&mut self, record_bytes: usize, write: impl FnOnce(&mut Vec<u8>)) -> Position {
        // A full chunk is not grown but followed by a new one: growing would move its records.
        if self.chunks.last().is_none_or(|chunk| chunk.capacity() - chunk.len() < record_bytes) {
            let chunk = Vec::with_capacity(record_bytes.max(CHUNK_BYTES));
            self.bytes += chunk.capacity();
            self.chunks.push(chunk);
        }
        let number = self.chunks.len();
        let chunk = self.chunks.last_mut().expect("a chunk was just opened");
        let offset = chunk.len();
        write(chunk);
        debug_assert!(chunk.len() <= offset + record_bytes, "the chunk's memory never moves");
        Position::new(number, offset)
    }

    /// Returns the bytes from the start of a record, or `None` at the end of a chain.
    #[inline]
    pub(crate) fn bytes_at(&self, position: Position) -> Option<&[u8]> {
        let (chunk, offset) = position.parts();
        Some(&self.chunks.get(chunk.checked_sub(1)?)?[offset..])
    }
}
