//! Blocks of 256 numbers, each with a base of its own: what `ints` and `monotone` share.
//!
//! Format: an index, then the payloads. An index entry is the base u64 and a word u64: offset of the payload from the
//! end of the index << 16 · unit << 8 · width.

use crate::data::{Data, Region};
use crate::error::Damaged;
use crate::layout::size;

/// How many numbers a block has. With this many, an index entry of 16 bytes adds half a bit to each number.
pub(crate) const BLOCK_VALUES: usize = 256;
const ENTRY_BYTES: usize = 16;

/// One entry of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) base: u64,
    pub(crate) unit: u8,
    pub(crate) width: u8,
    /// Offset of the payload from the end of the index.
    pub(crate) place: u64,
}

/// Collects the index entries and the payloads of blocks, and writes the index before the payloads.
#[derive(Debug, Default)]
pub(crate) struct BlocksWriter {
    index: Vec<u8>,
    payload: Vec<u8>,
}

impl BlocksWriter {
    pub(crate) fn put(&mut self, base: u64, unit: u8, width: u32, payload: &[u8]) {
        let word = (self.payload.len() as u64) << 16 | u64::from(unit) << 8 | u64::from(width);
        self.index.extend_from_slice(&base.to_le_bytes());
        self.index.extend_from_slice(&word.to_le_bytes());
        self.payload.extend_from_slice(payload);
    }

    pub(crate) fn into_bytes(mut self) -> Vec<u8> {
        self.index.append(&mut self.payload);
        self.index
    }
}

/// Reads blocks. Invariant: the index lies inside the region.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Blocks {
    pub(crate) region: Region,
    pub(crate) count: usize,
}

impl Blocks {
    pub(crate) fn new(region: Region, count: u64) -> Result<Self, Damaged> {
        let blocks = Self { region, count: size(count) };
        match blocks.blocks().checked_mul(ENTRY_BYTES) {
            Some(index) if index <= region.len() => Ok(blocks),
            _ => Err(region.damaged("an index is larger than its column")),
        }
    }

    pub(crate) fn blocks(&self) -> usize {
        self.count.div_ceil(BLOCK_VALUES)
    }

    #[inline]
    pub(crate) fn entry(&self, data: &Data, block: usize) -> Result<Entry, Damaged> {
        let at = block.saturating_mul(ENTRY_BYTES);
        let entry = self.region.array::<ENTRY_BYTES>(data, at)?;
        let half = |half: Option<&[u8; 8]>| half.map_or(0, |half| u64::from_le_bytes(*half));
        let (base, word) = (half(entry.first_chunk()), half(entry.last_chunk()));
        let [width, unit, ..] = word.to_le_bytes();
        if width > 64 {
            return Err(self.region.damaged("a block has numbers of more than 64 bits"));
        }
        Ok(Entry { base, unit, width, place: word >> 16 })
    }

    /// Returns the first `bytes` bytes of a payload, or fewer if the column ends before. Payloads have no stored
    /// length, so the result may reach into the next one.
    #[inline]
    pub(crate) fn payload<'d>(
        &self,
        data: &'d Data,
        entry: Entry,
        bytes: usize,
    ) -> Result<&'d [u8], Damaged> {
        let start = size(entry.place).saturating_add(self.blocks() * ENTRY_BYTES);
        self.region.slice_up_to(data, start, bytes)
    }

    #[inline]
    pub(crate) fn in_block(&self, block: usize) -> usize {
        (self.count - (block * BLOCK_VALUES).min(self.count)).min(BLOCK_VALUES)
    }
}
