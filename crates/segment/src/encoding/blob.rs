//! Byte strings in compressed blocks.
//!
//! Chosen for attribute values that hardly repeat and have no simpler form (URLs, SQL statements), for large
//! dictionaries that compress well, and for values that few spans have.
//!
//! Parameter: the count of blocks, u32. Format: an index, then the blocks. An index entry is the number of the first
//! value u32, the bytes before compression u32 (highest bit set: not compressed), and the offset from the end of the
//! index u64. A block, after decompression, is the length of each value as a varint, then the values.

use std::cell::RefCell;

use bumpalo::Bump;
use bumpalo::collections::Vec as ArenaVec;
use foldhash::fast::RandomState;
use hashbrown::HashMap;
use record::{Reader, varint};
use zstd::bulk::{Compressor, Decompressor};

use crate::data::{Data, Region};
use crate::encoding::{Encoded, number};
use crate::error::Damaged;
use crate::layout::size;

/// A block is complete when it has this many bytes before compression. Decompressing it takes six microseconds.
/// Blocks of twice the size would make a blob a tenth smaller.
const BLOCK_BYTES: usize = 4 * 1024;
/// Smaller blocks are stored uncompressed, because compression does not make them smaller.
const COMPRESSED_BYTES_MIN: usize = 128;
/// Limit: a larger block (one large value) is stored uncompressed. So a reader allocates at most this much for a
/// block, whatever size a damaged file claims.
const COMPRESSED_BYTES_MAX: usize = 1 << 20;
/// Level 1, measured on URLs, SQL statements and hexadecimal ids: half the size of LZ4 for 1.0 to 2.1 times its time.
/// Level 3 takes up to three times that and saves nothing in blocks this small.
const LEVEL: i32 = 1;
const ENTRY_BYTES: usize = 16;
const RAW: u32 = 1 << 31;

#[derive(Debug, Default)]
pub(crate) struct BlobWriter {
    count: u32,
    /// The number of the first value of the open block.
    first: u32,
    lengths: Vec<u8>,
    values: Vec<u8>,
    index: Vec<u8>,
    blocks: u32,
    payload: Vec<u8>,
}

impl BlobWriter {
    /// Makes a writer for values of this many bytes in total. Without the reservation, a column of large values would
    /// need up to three times its size while its buffer grows.
    pub(crate) fn for_bytes(bytes: usize) -> Self {
        Self { payload: Vec::with_capacity(bytes), ..Self::default() }
    }

    pub(crate) fn push(&mut self, value: &[u8]) {
        varint::put(&mut self.lengths, value.len() as u64);
        self.values.extend_from_slice(value);
        self.count += 1;
        if self.values.len() + self.lengths.len() >= BLOCK_BYTES {
            self.close();
        }
    }

    fn close(&mut self) {
        if self.first == self.count {
            return;
        }
        let mut block = std::mem::take(&mut self.lengths);
        block.append(&mut self.values);
        let bytes = u32::try_from(block.len()).ok().filter(|bytes| bytes & RAW == 0);
        let bytes = bytes.expect("a value is smaller than the request that it came in");
        let compressed = compress(&block).filter(|compressed| compressed.len() < block.len());
        let mark = if compressed.is_some() { 0 } else { RAW };
        self.index.extend_from_slice(&self.first.to_le_bytes());
        self.index.extend_from_slice(&(bytes | mark).to_le_bytes());
        self.index.extend_from_slice(&(self.payload.len() as u64).to_le_bytes());
        self.payload.extend_from_slice(compressed.as_deref().unwrap_or(&block));
        self.blocks += 1;
        self.first = self.count;
    }

    pub(crate) fn finish(mut self) -> Encoded {
        self.close();
        let parameters = self.blocks.to_le_bytes().to_vec();
        let (index, bytes) = (self.index, self.payload);
        Encoded { encoding: number::BLOB, count: self.count.into(), parameters, index, bytes }
    }
}

thread_local! {
    /// One for each thread, because a compression context is large and every block needs one.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

fn compress(block: &[u8]) -> Option<Vec<u8>> {
    if !(COMPRESSED_BYTES_MIN..=COMPRESSED_BYTES_MAX).contains(&block.len()) {
        return None;
    }
    COMPRESSOR.with_borrow_mut(|compressor| {
        if compressor.is_none() {
            *compressor = Compressor::new(LEVEL).ok();
        }
        compressor.as_mut()?.compress(block).ok()
    })
}

fn decompress<'a>(compressed: &[u8], bytes: usize, arena: &'a Bump) -> Option<&'a [u8]> {
    if bytes > COMPRESSED_BYTES_MAX {
        return None;
    }
    let block = arena.alloc_slice_fill_copy(bytes, 0);
    let length = DECOMPRESSOR.with_borrow_mut(|decompressor| {
        if decompressor.is_none() {
            *decompressor = Decompressor::new().ok();
        }
        decompressor.as_mut()?.decompress_to_buffer(compressed, &mut *block).ok()
    });
    (length == Some(bytes)).then_some(&*block)
}

/// The reader of a blob. Invariant: the index lies inside the region.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Blob {
    region: Region,
    count: usize,
    blocks: usize,
}

#[derive(Clone, Copy)]
struct Entry {
    first: usize,
    bytes: u32,
    place: u64,
}

/// One decompressed block.
#[derive(Clone, Copy, Debug, Default)]
struct Block<'a> {
    first: usize,
    /// Where each value ends in `values`.
    ends: &'a [u32],
    values: &'a [u8],
}

impl Blob {
    pub(crate) fn new(region: Region, count: u64, parameters: &[u8]) -> Result<Self, Damaged> {
        let blocks = Reader::new(parameters).take_u32().unwrap_or(0) as usize;
        match blocks.checked_mul(ENTRY_BYTES) {
            Some(index) if index <= region.len() => Ok(Self { region, count: size(count), blocks }),
            _ => Err(region.damaged("an index is larger than its column")),
        }
    }

    fn entry(&self, data: &Data, block: usize) -> Result<Entry, Damaged> {
        let bytes = self.region.slice(data, block * ENTRY_BYTES, ENTRY_BYTES)?;
        let mut reader = Reader::new(bytes);
        let mut entry = || {
            let first = reader.take_u32()? as usize;
            Ok(Entry { first, bytes: reader.take_u32()?, place: u64::from_le_bytes(reader.take_array()?) })
        };
        entry().map_err(|_: record::Malformed| self.region.damaged("an index is cut off"))
    }

    /// Returns the number of the block that has the value with this index.
    fn find(&self, data: &Data, index: usize) -> Result<usize, Damaged> {
        let (mut low, mut high) = (0, self.blocks);
        while low < high {
            let middle = low.midpoint(high);
            if self.entry(data, middle)?.first <= index { low = middle + 1 } else { high = middle }
        }
        low.checked_sub(1).ok_or_else(|| {
            self.region.damaged("the first block of a column does not begin with its first value")
        })
    }

    /// Reads and decompresses the block with this number.
    fn decompressed_block<'a>(
        &self,
        data: &'a Data,
        number: usize,
        arena: &'a Bump,
    ) -> Result<Block<'a>, Damaged> {
        let entry = self.entry(data, number)?;
        let is_last = number + 1 == self.blocks;
        let payload = self.blocks * ENTRY_BYTES;
        let (next, end) = if is_last {
            (self.count, (self.region.len() - payload) as u64)
        } else {
            let next = self.entry(data, number + 1)?;
            (next.first, next.place)
        };
        let length = end.checked_sub(entry.place).map(size);
        let start = size(entry.place).saturating_add(payload);
        let compressed = self.region.slice(data, start, length.unwrap_or(usize::MAX))?;
        let bytes = (entry.bytes & !RAW) as usize;
        let block =
            if entry.bytes & RAW == 0 { decompress(compressed, bytes, arena) } else { Some(compressed) };
        let block = block.ok_or_else(|| self.region.damaged("a block cannot be decompressed"))?;
        parse(block, entry.first, next.saturating_sub(entry.first), arena)
            .ok_or_else(|| self.region.damaged("a block has fewer values than it should"))
    }
}

fn parse<'a>(block: &'a [u8], first: usize, count: usize, arena: &'a Bump) -> Option<Block<'a>> {
    let mut reader = Reader::new(block);
    // Each length takes at least one byte, so a larger count is damage and must not reserve memory.
    if count > block.len() {
        return None;
    }
    let mut ends = ArenaVec::with_capacity_in(count, arena);
    let mut end = 0u32;
    for _ in 0..count {
        end = end.checked_add(reader.take_varint_u32().ok()?)?;
        ends.push(end);
    }
    let values = reader.rest();
    (end as usize <= values.len()).then_some(Block { first, ends: ends.into_bump_slice(), values })
}

/// Reads values of a blob and keeps all blocks that it has decompressed. It tries the last block first, because most
/// columns are read in order, and finds the others by number, because a dictionary is read in any order. Each blob
/// needs a cursor of its own.
#[derive(Debug, Default)]
pub(crate) struct BlobCursor<'a> {
    last: Block<'a>,
    /// The blocks by number. They lie in the arena, so removing one from the map would free nothing.
    known: HashMap<usize, Block<'a>, RandomState>,
}

impl<'a> BlobCursor<'a> {
    pub(crate) fn get(
        &mut self,
        blob: Blob,
        data: &'a Data,
        index: usize,
        arena: &'a Bump,
    ) -> Result<&'a [u8], Damaged> {
        if index >= blob.count {
            return Err(blob.region.damaged("a value is outside of its column"));
        }
        let within = index.checked_sub(self.last.first);
        if within.is_none_or(|within| within >= self.last.ends.len()) {
            let number = blob.find(data, index)?;
            self.last = match self.known.get(&number) {
                Some(&known) => known,
                None => blob.decompressed_block(data, number, arena)?,
            };
            self.known.insert(number, self.last);
        }
        let Block { first, ends, values } = self.last;
        let place = index.wrapping_sub(first);
        let start = place.checked_sub(1).and_then(|before| ends.get(before)).map_or(0, |end| *end as usize);
        let value = ends.get(place).and_then(|end| values.get(start..*end as usize));
        value.ok_or_else(|| blob.region.damaged("a value is cut off"))
    }
}
