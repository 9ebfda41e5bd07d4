//! Bit-packed numbers of one width: positions in a dictionary.
//!
//! Chosen for operations and shapes, and for attribute values that repeat. Parameter: the width, u8. Format: all
//! values in `width` bits each.

use crate::bits::{BitWriter, code_width, load};
use crate::data::{Data, Region};
use crate::encoding::{Encoded, number};
use crate::error::Damaged;

/// Encodes codes, all of which must be less than `bound`.
pub(crate) fn encode(codes: impl ExactSizeIterator<Item = u32>, bound: usize) -> Encoded {
    let width = code_width(bound);
    let count = codes.len() as u64;
    let mut out = BitWriter::with_bits(codes.len() * width as usize);
    codes.for_each(|code| out.put(code.into(), width));
    let width = u8::try_from(width).expect("codes are 32-bit numbers");
    Encoded {
        encoding: number::CODES,
        count,
        parameters: vec![width],
        bytes: out.into_bytes(),
        ..Encoded::default()
    }
}

/// The reader of codes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Codes {
    region: Region,
    count: usize,
    width: u32,
}

impl Codes {
    pub(crate) fn new(region: Region, count: u64, parameters: &[u8]) -> Result<Self, Damaged> {
        let &[width] = parameters else { return Err(region.damaged("a column of codes has no width")) };
        let fits =
            count.checked_mul(width.into()).is_some_and(|bits| bits.div_ceil(8) <= region.len() as u64);
        if width > 32 || !fits {
            return Err(region.damaged("a column has fewer codes than it should"));
        }
        Ok(Self { region, count: crate::layout::size(count), width: width.into() })
    }

    pub(crate) fn len(&self) -> usize {
        self.count
    }

    #[inline]
    pub(crate) fn get(&self, data: &Data, index: usize) -> Result<u32, Damaged> {
        self.run(data, index, 1)?.next().ok_or_else(|| self.region.damaged("a code is cut off"))
    }

    /// Returns `count` codes from `index` on. Invariant: it returns all of them or an error.
    #[inline]
    pub(crate) fn run<'d>(
        &self,
        data: &'d Data,
        index: usize,
        count: usize,
    ) -> Result<impl Iterator<Item = u32> + use<'d>, Damaged> {
        if index.checked_add(count).is_none_or(|end| end > self.count) {
            return Err(self.region.damaged("a code is outside of its column"));
        }
        let width = self.width as usize;
        let (bit, end) = (index * width, (index + count) * width);
        // Eight more bytes, if the column has them, so that the last codes can be loaded as words, too.
        let bytes = self.region.slice_up_to(data, bit / 8, end.div_ceil(8) - bit / 8 + 8)?;
        let (shift, bits) = (bit % 8, self.width);
        let code = move |place: usize| load(bytes, shift + place * width, bits);
        Ok((0..count).map_while(move |place| code(place).and_then(|code| code.try_into().ok())))
    }
}
