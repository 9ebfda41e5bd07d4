//! Ids of 16 bytes without the bits that all of them share.
//!
//! Chosen for trace ids and span ids. Six bits of a random UUID are fixed, and an OpenTelemetry span id has eight
//! zero bytes. Parameters: one id u128, which has the shared bits, then for each run of differing bits its lowest bit
//! u8 and its length u8. Format: for each id the bits of the runs, the lowest run first.

use record::Reader;

use crate::bits::{BitWriter, load, mask};
use crate::data::{Data, Region};
use crate::encoding::{Encoded, number};
use crate::error::Damaged;
use crate::layout::size;

/// Limit: runs of differing bits. A random UUID has three. If there are more, the smallest gaps are filled.
const RUNS_MAX: usize = 6;
/// Limit: bits of a run, so that it can be loaded as one word. A longer run is split into two.
const RUN_BITS_MAX: u32 = 64;

/// A run of bits that differ between the ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    start: u32,
    length: u32,
}

pub(crate) fn encode(ids: &[u128]) -> Encoded {
    let same = ids.first().copied().unwrap_or(0);
    let differing = ids.iter().fold(0, |differing, id| differing | (id ^ same));
    let runs = runs_of(differing);
    let width: u32 = runs.iter().map(|run| run.length).sum();
    let mut out = BitWriter::with_bits(ids.len() * width as usize);
    for id in ids {
        for run in &runs {
            out.put(low_half(id >> run.start) & mask(run.length), run.length);
        }
    }
    let mut parameters = same.to_le_bytes().to_vec();
    for run in &runs {
        parameters.extend([run.start, run.length].map(|number| u8::try_from(number).expect("at most 128")));
    }
    Encoded {
        encoding: number::IDS,
        count: ids.len() as u64,
        parameters,
        bytes: out.into_bytes(),
        ..Encoded::default()
    }
}

fn low_half(wide: u128) -> u64 {
    u64::try_from(wide & u128::from(u64::MAX)).expect("the upper bits are masked out")
}

fn runs_of(differing: u128) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut at = 0;
    while let Some(left) = differing.checked_shr(at).filter(|left| *left != 0) {
        let start = at + left.trailing_zeros();
        let length = (differing >> start).trailing_ones();
        runs.push(Run { start, length });
        at = start + length;
    }
    // A run of 128 bits is split into two of 64 below, so one run is kept free.
    while runs.len() >= RUNS_MAX {
        fill_smallest_gap(&mut runs);
    }
    let halves = |run: Run| {
        let low = run.length.min(RUN_BITS_MAX);
        [Run { start: run.start, length: low }, Run { start: run.start + low, length: run.length - low }]
    };
    runs.into_iter().flat_map(halves).filter(|run| run.length > 0).collect()
}

fn fill_smallest_gap(runs: &mut Vec<Run>) {
    let end = |run: &Run| run.start + run.length;
    let gaps = runs.iter().zip(runs.iter().skip(1)).map(|(run, next)| next.start - end(run));
    let smallest = (1..).zip(gaps).min_by_key(|&(_, gap)| gap).map(|(place, _)| place);
    if let Some(place) = smallest.filter(|place| *place < runs.len()) {
        let filled = runs.remove(place);
        if let Some(run) = runs.get_mut(place - 1) {
            run.length = end(&filled) - run.start;
        }
    }
}

/// The reader of ids. Invariant: the runs lie within 128 bits, and the region has all ids.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ids {
    region: Region,
    count: usize,
    same: u128,
    runs: Vec<Run>,
    /// How many bits one id takes.
    width: usize,
}

impl Ids {
    pub(crate) fn new(region: Region, count: u64, parameters: &[u8]) -> Result<Self, Damaged> {
        let damaged = || region.damaged("the bit runs of an id column are invalid");
        let mut reader = Reader::new(parameters);
        let mut same = reader.take_array().map(u128::from_le_bytes).map_err(|_| damaged())?;
        let mut runs = Vec::new();
        while !reader.is_empty() {
            let [start, length] = reader.take_array().map_err(|_| damaged())?.map(u32::from);
            if length == 0 || length > RUN_BITS_MAX || start + length > u128::BITS || runs.len() > RUNS_MAX {
                return Err(damaged());
            }
            same &= !(u128::from(mask(length)) << start);
            runs.push(Run { start, length });
        }
        let width: u32 = runs.iter().map(|run| run.length).sum();
        let bits = count.checked_mul(width.into());
        if bits.is_none_or(|bits| bits.div_ceil(8) > region.len() as u64) {
            return Err(region.damaged("a column has fewer ids than it should"));
        }
        Ok(Self { region, count: size(count), same, runs, width: width as usize })
    }

    #[inline]
    pub(crate) fn get(&self, data: &Data, index: usize) -> Result<u128, Damaged> {
        let mut found = None;
        self.for_each(data, index, 1, |id| found = Some(id))?;
        found.ok_or_else(|| self.region.damaged("an id is cut off"))
    }

    /// Calls `each` with `count` ids, beginning with the one at index `first`.
    #[inline]
    pub(crate) fn for_each(
        &self,
        data: &Data,
        first: usize,
        count: usize,
        each: impl FnMut(u128),
    ) -> Result<(), Damaged> {
        let Some(end) = first.checked_add(count).filter(|end| *end <= self.count) else {
            return Err(self.region.damaged("an id is outside of its column"));
        };
        let start = first * self.width / 8;
        // Eight more bytes, if the column has them, so that the last ids can be loaded as words, too.
        let bytes = self.region.slice_up_to(data, start, (end * self.width).div_ceil(8) - start + 8)?;
        let at = IdBits { bytes, bit: first * self.width - start * 8, same: self.same };
        let taken = match self.runs.as_slice() {
            &[run] => at.for_each([run], count, each),
            &[low, high] => at.for_each([low, high], count, each),
            &[low, middle, high] => at.for_each([low, middle, high], count, each),
            runs => at.for_each(runs, count, each),
        };
        taken.ok_or_else(|| self.region.damaged("an id is cut off"))
    }
}

/// The position of the next id, and the bits that all ids share.
struct IdBits<'d> {
    bytes: &'d [u8],
    bit: usize,
    same: u128,
}

impl IdBits<'_> {
    /// Calls `each` with the next `count` ids. Generic over `runs`, because with an array of known length the
    /// compiler keeps the runs in registers.
    #[inline]
    fn for_each(mut self, runs: impl AsRef<[Run]>, count: usize, mut each: impl FnMut(u128)) -> Option<()> {
        for _ in 0..count {
            let mut id = self.same;
            for run in runs.as_ref() {
                id |= u128::from(load(self.bytes, self.bit, run.length)?) << run.start;
                self.bit += run.length as usize;
            }
            each(id);
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Run, runs_of};

    #[test]
    fn runs_cover_exactly_the_bits_that_differ() {
        let run = |start, length| Run { start, length };
        assert_eq!(runs_of(0), []);
        assert_eq!(runs_of(u128::MAX), [run(0, 64), run(64, 64)]);
        assert_eq!(runs_of(u64::MAX.into()), [run(0, 64)]);
        let uuid = !(0xf << 76) & !(0x3 << 62);
        assert_eq!(runs_of(uuid), [run(0, 62), run(64, 12), run(80, 48)]);
        assert_eq!(runs_of(1 << 127 | 1), [run(0, 1), run(127, 1)]);
    }

    #[test]
    fn many_runs_are_joined_into_few_that_cover_them() {
        let scattered = (0..128).step_by(2).fold(0u128, |bits, bit| bits | 1 << bit);
        let runs = runs_of(scattered);
        assert!(runs.len() <= super::RUNS_MAX);
        let held =
            runs.iter().fold(0, |held, run| held | u128::from(crate::bits::mask(run.length)) << run.start);
        assert_eq!(held & scattered, scattered);
    }
}
