//! Numbers in any order, bit-packed per block (frame of reference).
//!
//! Chosen for durations and for numeric attribute values. Format: `blocks`; the base is the smallest number of the
//! block, and the payload is the differences to it, divided by the unit, in `width` bits each. Units: 0 is one, 1 a
//! thousand, 2 a million, for clocks that tick in micro- or milliseconds.

use crate::bits::{BitWriter, bit_length, load};
use crate::data::{Data, Region};
use crate::encoding::blocks::{BLOCK_VALUES, Blocks, BlocksWriter};
use crate::encoding::{Encoded, number};
use crate::error::Damaged;

const UNITS: [u64; 3] = [1, 1_000, 1_000_000];

pub(crate) fn encode(values: &[u64]) -> Encoded {
    let mut blocks = BlocksWriter::default();
    for block in values.chunks(BLOCK_VALUES) {
        let base = block.iter().copied().min().unwrap_or(0);
        let (number, unit) = unit_of(block, base);
        let max = block.iter().map(|value| (value - base) / unit).max().unwrap_or(0);
        let width = bit_length(max);
        let mut payload = BitWriter::default();
        match unit {
            // A separate case, because for a constant 1 the compiler removes the division.
            1 => block.iter().for_each(|value| payload.put(value - base, width)),
            _ => block.iter().for_each(|value| payload.put((value - base) / unit, width)),
        }
        blocks.put(base, number, width, &payload.into_bytes());
    }
    Encoded {
        encoding: number::INTS,
        count: values.len() as u64,
        bytes: blocks.into_bytes(),
        ..Encoded::default()
    }
}

/// Finds the largest unit that divides the differences of all numbers to `base`. Returns its code and its value.
fn unit_of(block: &[u64], base: u64) -> (u8, u64) {
    let fits = |unit: u64| block.iter().all(|value| (value - base).is_multiple_of(unit));
    [(2, 1_000_000), (1, 1_000)].into_iter().find(|&(_, unit)| fits(unit)).unwrap_or((0, 1))
}

/// The reader of ints.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ints(Blocks);

impl Ints {
    pub(crate) fn new(region: Region, count: u64) -> Result<Self, Damaged> {
        Blocks::new(region, count).map(Self)
    }

    #[inline]
    pub(crate) fn get(&self, data: &Data, index: usize) -> Result<u64, Damaged> {
        if index >= self.0.count {
            return Err(self.0.region.damaged("a number is outside of its column"));
        }
        self.block_of(data, index)?.get(index).ok_or_else(|| self.damaged())
    }

    /// Returns the block that has the number with this index, for callers that read several numbers of a block.
    #[inline]
    pub(crate) fn block_of<'d>(&self, data: &'d Data, index: usize) -> Result<IntsBlock<'d>, Damaged> {
        let block = index / BLOCK_VALUES;
        let entry = self.0.entry(data, block)?;
        let width = u32::from(entry.width);
        // Eight more bytes, if the column has them, so that the last numbers can be loaded as words, too.
        let bytes = (self.0.in_block(block) * width as usize).div_ceil(8) + 8;
        let payload = self.0.payload(data, entry, bytes)?;
        let unit = *UNITS.get(usize::from(entry.unit)).ok_or_else(|| self.damaged())?;
        Ok(IntsBlock { payload, base: entry.base, unit, width })
    }

    pub(crate) fn damaged(&self) -> Damaged {
        self.0.region.damaged("a block of numbers is cut off")
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct IntsBlock<'d> {
    payload: &'d [u8],
    base: u64,
    unit: u64,
    width: u32,
}

impl IntsBlock<'_> {
    /// Returns a number of this block by its index in the column.
    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<u64> {
        let value = load(self.payload, index % BLOCK_VALUES * self.width as usize, self.width)?;
        Some(self.base.wrapping_add(value.wrapping_mul(self.unit)))
    }
}
