//! Numbers that never decrease (Elias-Fano): found by index, and by binary search.
//!
//! Chosen for starts of roots, for lists of rows and for counts. Format: `blocks`; the base is the first number, and
//! `width` is the number of low bits. The payload is the low bits of all differences to the base, then a bit string
//! in which number `i` has its 1 bit at position `i + (difference >> width)`. A reader finds number `i` by counting
//! 1 bits. Each number takes about two bits more than the information in it.

use crate::bits::{BitWriter, load, mask};
use crate::data::{Data, Region};
use crate::encoding::blocks::{BLOCK_VALUES, Blocks, BlocksWriter};
use crate::encoding::{Encoded, number};
use crate::error::Damaged;

pub(crate) fn encode(values: &[u64]) -> Encoded {
    let mut blocks = BlocksWriter::default();
    for block in values.chunks(BLOCK_VALUES) {
        let (base, last) = (block.first().copied().unwrap_or(0), block.last().copied().unwrap_or(0));
        let width = ((last - base) / block.len() as u64).checked_ilog2().unwrap_or(0);
        let mut payload = BitWriter::default();
        for value in block {
            payload.put((value - base) & mask(width), width);
        }
        let mut high = 0;
        for value in block {
            let zeros = ((value - base) >> width) - high;
            high += zeros;
            put_unary(&mut payload, zeros);
        }
        blocks.put(base, 0, width, &payload.into_bytes());
    }
    Encoded {
        encoding: number::MONOTONE,
        count: values.len() as u64,
        bytes: blocks.into_bytes(),
        ..Encoded::default()
    }
}

fn put_unary(out: &mut BitWriter, mut zeros: u64) {
    while zeros >= 32 {
        out.put(0, 32);
        zeros -= 32;
    }
    out.put(1 << zeros, u32::try_from(zeros).unwrap_or(0) + 1);
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Monotone(Blocks);

impl Monotone {
    pub(crate) fn new(region: Region, count: u64) -> Result<Self, Damaged> {
        Blocks::new(region, count).map(Self)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.count
    }

    #[inline]
    pub(crate) fn get(&self, data: &Data, index: usize) -> Result<u64, Damaged> {
        let block = index / BLOCK_VALUES;
        if index >= self.0.count {
            return Err(self.0.region.damaged("a number is outside of its column"));
        }
        let within = index % BLOCK_VALUES;
        if within == 0 {
            return self.0.entry(data, block).map(|entry| entry.base);
        }
        self.load(data, block)?.get(within).ok_or_else(|| self.damaged())
    }

    /// Returns an iterator over the numbers from `index` on.
    #[inline]
    pub(crate) fn walk<'d>(&self, data: &'d Data, index: usize) -> Result<Walk<'d>, Damaged> {
        let mut walk = Walk { column: *self, data, index, block: LoadedBlock::default(), at: 0 };
        let within = index % BLOCK_VALUES;
        if within > 0 && index < self.0.count {
            walk.block = self.load(data, index / BLOCK_VALUES)?;
            let place = select(walk.block.payload, walk.block.bits, within);
            walk.at = walk.block.bits + place.ok_or_else(|| self.damaged())?;
        }
        Ok(walk)
    }

    #[inline]
    fn load<'d>(&self, data: &'d Data, block: usize) -> Result<LoadedBlock<'d>, Damaged> {
        let entry = self.0.entry(data, block)?;
        let values = self.0.in_block(block);
        let bits = values * usize::from(entry.width);
        // The width is chosen so that the high parts take at most three bits for each number. Eight more bytes, if
        // the column has them, so that the last numbers can be loaded as words, too.
        let payload = self.0.payload(data, entry, (bits + 3 * values).div_ceil(8) + 8)?;
        Ok(LoadedBlock { payload, bits, base: entry.base, width: entry.width.into() })
    }

    fn damaged(&self) -> Damaged {
        self.0.region.damaged("a block of numbers is cut off")
    }

    /// Returns how many numbers are less than `bound`.
    pub(crate) fn rank(&self, data: &Data, bound: u64) -> Result<usize, Damaged> {
        let (mut low, mut high) = (0, self.0.blocks());
        while low < high {
            let middle = low.midpoint(high);
            if self.0.entry(data, middle)?.base < bound { low = middle + 1 } else { high = middle }
        }
        // All blocks from `low` on begin at the bound or above it.
        let Some(block) = low.checked_sub(1) else { return Ok(0) };
        let loaded = self.load(data, block)?;
        let (mut low, mut high) = (1, self.0.in_block(block));
        while low < high {
            let middle = low.midpoint(high);
            let value = loaded.get(middle).ok_or_else(|| self.damaged())?;
            if value < bound { low = middle + 1 } else { high = middle }
        }
        Ok(block * BLOCK_VALUES + low)
    }
}

/// A block whose index entry was read.
#[derive(Clone, Copy, Debug, Default)]
struct LoadedBlock<'d> {
    payload: &'d [u8],
    /// How many bits all low parts take; the high parts follow them.
    bits: usize,
    base: u64,
    width: u32,
}

impl LoadedBlock<'_> {
    #[inline]
    fn get(&self, within: usize) -> Option<u64> {
        let place = select(self.payload, self.bits, within)?;
        self.at_place(within, place)
    }

    #[inline]
    fn at_place(&self, within: usize, place: usize) -> Option<u64> {
        let low = load(self.payload, within * self.width as usize, self.width)?;
        let high = place.checked_sub(within)? as u64;
        Some(self.base.wrapping_add(high.checked_shl(self.width).unwrap_or(0) | low))
    }
}

/// Iterates over numbers in order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Walk<'d> {
    column: Monotone,
    data: &'d Data,
    index: usize,
    block: LoadedBlock<'d>,
    /// The position of the next number's 1 bit, or of a 0 bit before it.
    at: usize,
}

impl Walk<'_> {
    #[inline]
    pub(crate) fn next(&mut self) -> Result<u64, Damaged> {
        if self.index >= self.column.0.count {
            return Err(self.column.0.region.damaged("a number is outside of its column"));
        }
        let within = self.index % BLOCK_VALUES;
        if within == 0 {
            self.block = self.column.load(self.data, self.index / BLOCK_VALUES)?;
            self.at = self.block.bits;
        }
        self.index += 1;
        self.take(within).ok_or_else(|| self.column.damaged())
    }

    #[inline]
    fn take(&mut self, within: usize) -> Option<u64> {
        let payload = self.block.payload;
        loop {
            let width =
                u32::try_from((payload.len() * 8).checked_sub(self.at)?).unwrap_or(u64::BITS).min(u64::BITS);
            let word = load(payload, self.at, width).filter(|_| width > 0)?;
            if word != 0 {
                self.at += word.trailing_zeros() as usize;
                break;
            }
            self.at += width as usize;
        }
        let value = self.block.at_place(within, self.at - self.block.bits)?;
        self.at += 1;
        Some(value)
    }
}

/// Returns the position, counted from bit `start`, of the 1 bit with this number. 1 bits are counted from 0.
#[inline]
fn select(bytes: &[u8], start: usize, number: usize) -> Option<usize> {
    let mut left = u64::try_from(number).ok()?;
    let (words, tail) = bytes.get(start / 8..)?.as_chunks();
    let skip = start % 8;
    let mut ones_from = u64::MAX << skip;
    let mut at = 0;
    for word in words {
        let word = u64::from_le_bytes(*word) & ones_from;
        let sums = sums_of_bytes(word);
        let ones = sums >> 56;
        if left < ones {
            return Some(at + select_in_word(word, sums, left) as usize - skip);
        }
        left -= ones;
        at += 64;
        ones_from = u64::MAX;
    }
    let mut word = [0; 8];
    word.iter_mut().zip(tail).for_each(|(to, from)| *to = *from);
    let word = u64::from_le_bytes(word) & ones_from;
    let sums = sums_of_bytes(word);
    (left < sums >> 56).then(|| at + select_in_word(word, sums, left) as usize - skip)
}

const LOW_OF_BYTES: u64 = 0x0101_0101_0101_0101;
const HIGH_OF_BYTES: u64 = 0x8080_8080_8080_8080;

/// Returns in each byte how many 1 bits `word` has up to the end of that byte. All bytes are computed at once,
/// because not every processor has an instruction that counts 1 bits.
#[inline]
fn sums_of_bytes(word: u64) -> u64 {
    let pairs = word - (word >> 1 & 0x5555_5555_5555_5555);
    let nibbles = (pairs & 0x3333_3333_3333_3333) + (pairs >> 2 & 0x3333_3333_3333_3333);
    ((nibbles + (nibbles >> 4)) & 0x0f0f_0f0f_0f0f_0f0f).wrapping_mul(LOW_OF_BYTES)
}

/// Returns the position of the 1 bit with this number in `word`, which must have more 1 bits than `number`. `sums` is
/// the result of [`sums_of_bytes`].
#[inline]
fn select_in_word(word: u64, sums: u64, number: u64) -> u32 {
    // The bytes before the wanted one are those whose sum is at most `number`.
    let before = (((number * LOW_OF_BYTES) | HIGH_OF_BYTES) - sums) & HIGH_OF_BYTES;
    let shift = before.count_ones() * 8;
    let ones_before = (sums << 8).checked_shr(shift).unwrap_or(0) & 0xff;
    let mut rest = word.checked_shr(shift).unwrap_or(0);
    for _ in ones_before..number {
        rest &= rest.wrapping_sub(1);
    }
    shift + rest.trailing_zeros()
}

#[cfg(test)]
mod tests {
    use super::{select, select_in_word, sums_of_bytes};

    #[test]
    fn ones_are_found_by_their_number() {
        for seed in 1..200u64 {
            let bits = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            for word in
                [bits, bits & bits.rotate_left(7), bits | bits.rotate_left(9), u64::MAX, 1 << (seed % 64)]
            {
                let places = (0..64).filter(|bit| word >> bit & 1 != 0);
                for (number, place) in (0..).zip(places) {
                    assert_eq!(select_in_word(word, sums_of_bytes(word), number), place);
                    let bytes = [0u64, word].map(u64::to_le_bytes).concat();
                    let number = usize::try_from(number).expect("at most 64");
                    assert_eq!(select(&bytes, 5, number), Some(59 + place as usize));
                    assert_eq!(select(&bytes, 5, number + 64), None);
                }
            }
        }
    }
}
