//! A dictionary: uncompressed byte strings, each found by its number.
//!
//! Chosen for names and resource scopes, and for the distinct values of an attribute if the dictionary is small.
//! Format: the end of each string as u32, counted from the end of this list, then the strings.

use crate::data::{Data, Region};
use crate::encoding::{Encoded, number};
use crate::error::Damaged;
use crate::layout::size;

const END_BYTES: usize = 4;

/// Encodes the strings that lie one after the other in `bytes`; `ends` has the end offset of each.
pub(crate) fn encode(ends: &[u32], bytes: Vec<u8>) -> Encoded {
    let index = ends.iter().flat_map(|end| end.to_le_bytes()).collect();
    Encoded { encoding: number::TEXTS, count: ends.len() as u64, index, bytes, ..Encoded::default() }
}

/// The reader of texts. Invariant: the list of ends lies inside the region.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Texts {
    region: Region,
    count: usize,
}

impl Texts {
    pub(crate) fn new(region: Region, count: u64) -> Result<Self, Damaged> {
        match size(count).checked_mul(END_BYTES) {
            Some(bytes) if bytes <= region.len() => Ok(Self { region, count: size(count) }),
            _ => Err(region.damaged("a column has fewer texts than it should")),
        }
    }

    #[inline]
    pub(crate) fn get<'d>(&self, data: &'d Data, index: usize) -> Result<&'d [u8], Damaged> {
        if index >= self.count {
            return Err(self.region.damaged("a text is outside of its column"));
        }
        let end_of = |index: usize| -> Result<usize, Damaged> {
            self.region.array(data, index * END_BYTES).map(|end| u32::from_le_bytes(*end) as usize)
        };
        let end = end_of(index)?;
        let start = if index == 0 { 0 } else { end_of(index - 1)? };
        let Some(length) = end.checked_sub(start) else {
            return Err(self.region.damaged("a text ends before it begins"));
        };
        self.region.slice(data, self.count * END_BYTES + start, length)
    }

    #[inline]
    pub(crate) fn get_text<'d>(&self, data: &'d Data, index: usize) -> Result<&'d str, Damaged> {
        str::from_utf8(self.get(data, index)?).map_err(|_| self.region.damaged("a text is not UTF-8"))
    }
}
