//! Chunks of records in the order of their arrival, and places in them.

use std::collections::VecDeque;

use span::Timestamp;

/// Limit: a chunk is the step in which memory is taken and given back. One record may be larger than
/// that and then has a chunk of its own.
const CHUNK_BYTES: usize = 64 * 1024;

/// A place in a shard's arena. Later records have greater places, for good: a chunk's number is never used again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Position(u64);

impl Position {
    /// Before every record: the end of a trace's chain.
    pub(crate) const NONE: Self = Self(0);

    fn new(chunk: u64, offset: usize) -> Self {
        debug_assert!(u32::try_from(offset).is_ok(), "a chunk is smaller than 4 GiB");
        Self((chunk << 32) | offset as u64)
    }

    fn chunk(self) -> u64 {
        self.0 >> 32
    }

    #[expect(clippy::cast_possible_truncation, reason = "32 bits are what is wanted")]
    fn offset(self) -> usize {
        self.0 as u32 as usize
    }

    pub(crate) const fn to_raw(self) -> u64 {
        self.0
    }

    pub(crate) const fn from_raw(raw: u64) -> Self {
        Self(raw)
    }
}

/// A run of records.
pub(crate) struct Chunk {
    number: u64,
    bytes: Vec<u8>,
    /// The greatest start time in it: the chunk may go when the window has passed this.
    newest_start: Timestamp,
    /// When its first and its last record came in.
    opened_at: Timestamp,
    written_at: Timestamp,
}

impl Chunk {
    pub(crate) fn newest_start(&self) -> Timestamp {
        self.newest_start
    }

    pub(crate) fn written_at(&self) -> Timestamp {
        self.written_at
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn position(&self, offset: usize) -> Position {
        Position::new(self.number, offset)
    }
}

/// The records of a shard.
pub(crate) struct Arena {
    /// Numbered without a gap. Invariant: none is empty.
    chunks: VecDeque<Chunk>,
    /// Chunk 0 is never used, so that no record is at `Position::NONE`.
    next_number: u64,
    bytes: usize,
    /// How long a chunk takes records, so that memory goes back in small steps also at a low rate.
    chunk_nanos_max: i64,
    /// The last chunk takes no more records.
    is_closed: bool,
}

impl Arena {
    pub(crate) fn new(chunk_nanos_max: i64) -> Self {
        Self { chunks: VecDeque::new(), next_number: 1, bytes: 0, chunk_nanos_max, is_closed: false }
    }

    /// Memory held by the chunks.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Appends what `write` writes as one record of at most `record_bytes` bytes.
    pub(crate) fn append(
        &mut self,
        record_bytes: usize,
        start: Timestamp,
        now: Timestamp,
        write: impl FnOnce(&mut Vec<u8>),
    ) -> Position {
        if !self.open_chunk_takes(record_bytes, now) {
            self.open_chunk(record_bytes, now);
        }
        let chunk = self.chunks.back_mut().expect("a chunk was just opened");
        let offset = chunk.bytes.len();
        write(&mut chunk.bytes);
        debug_assert!(chunk.bytes.len() <= offset + record_bytes, "the chunk's memory never moves");
        chunk.newest_start = chunk.newest_start.max(start);
        chunk.written_at = chunk.written_at.max(now);
        chunk.position(offset)
    }

    fn open_chunk_takes(&self, record_bytes: usize, now: Timestamp) -> bool {
        !self.is_closed
            && self.chunks.back().is_some_and(|chunk| {
                chunk.bytes.capacity() - chunk.bytes.len() >= record_bytes
                    && now < chunk.opened_at.saturating_add(self.chunk_nanos_max)
            })
    }

    fn open_chunk(&mut self, record_bytes: usize, now: Timestamp) {
        let bytes = Vec::with_capacity(record_bytes.max(CHUNK_BYTES));
        self.bytes += bytes.capacity();
        self.chunks.push_back(Chunk {
            number: self.next_number,
            bytes,
            newest_start: Timestamp::MIN,
            opened_at: now,
            written_at: now,
        });
        self.next_number += 1;
        self.is_closed = false;
    }

    /// Lets the next record open a new chunk.
    pub(crate) fn close_chunk(&mut self) {
        self.is_closed = true;
    }

    /// The bytes from a record's first on, or nothing where its chunk is gone.
    #[inline]
    pub(crate) fn bytes_at(&self, position: Position) -> Option<&[u8]> {
        let first = self.chunks.front()?.number;
        let index = position.chunk().checked_sub(first)?;
        Some(&self.chunks.get(usize::try_from(index).ok()?)?.bytes[position.offset()..])
    }

    pub(crate) fn front(&self) -> Option<&Chunk> {
        self.chunks.front()
    }

    pub(crate) fn chunk_count(&self) -> usize {
        self.chunks.len()
    }

    /// Takes the oldest chunk out: from here on its records are gone.
    pub(crate) fn pop_front(&mut self) -> Option<Chunk> {
        let chunk = self.chunks.pop_front()?;
        self.bytes -= chunk.bytes.capacity();
        Some(chunk)
    }
}
