//! Chunks of records in the order of their arrival, and positions in them.

/// Limit: a chunk is the step in which memory is taken. One record may be larger than that and then has a
/// chunk of its own.
const CHUNK_BYTES: usize = 64 * 1024;

/// A position in a shard's arena. Later records have greater ones, so that a position also tells which of two came first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Position(u64);

impl Position {
    /// Before every record: the end of a trace's chain.
    pub(crate) const NONE: Self = Self(0);
    /// Behind every record.
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
/// Invariant: what is written never moves and never changes. A chunk never grows beyond the memory it began with, so a
/// reader may keep a position over any number of insertions, and walk from it under another hold of the lock.
#[derive(Default)]
pub(crate) struct Arena {
    chunks: Vec<Vec<u8>>,
    bytes: usize,
}

impl Arena {
    /// Memory held by the chunks.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// A position behind all records that are there now, and not behind any that comes later.
    pub(crate) fn end(&self) -> Position {
        self.chunks.last().map_or(Position(1), |chunk| Position::new(self.chunks.len(), chunk.len()))
    }

    /// Appends what `write` writes as one record of at most `record_bytes` bytes.
    pub(crate) fn append(&mut self, record_bytes: usize, write: impl FnOnce(&mut Vec<u8>)) -> Position {
        // A new chunk is begun rather than an old one grown: growing would move the records in it.
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

    /// The bytes from a record's first on, or nothing at the end of a chain.
    #[inline]
    pub(crate) fn bytes_at(&self, position: Position) -> Option<&[u8]> {
        let (chunk, offset) = position.parts();
        Some(&self.chunks.get(chunk.checked_sub(1)?)?[offset..])
    }
}
