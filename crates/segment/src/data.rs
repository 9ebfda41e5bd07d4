//! The data area of a file.
//!
//! Every read goes through [`Data::slice`], which verifies the checksum of a block when it is first read in a term
//! ([`Terms`]). So opening a large mapped file does not read all of it, and a block that changes later is noticed in the
//! next term, or by [`Data::verify_all`].

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::Damaged;
use crate::layout::{HEADER_BYTES, offset, size};
use crate::terms::Terms;

/// How many bytes share a checksum: few enough to be read quickly, and enough that checksums take hardly any space.
pub(crate) const BLOCK_BYTES: usize = 64 * 1024;

/// The data area of an open file.
pub(crate) struct Data {
    /// The whole file.
    file: Arc<dyn AsRef<[u8]> + Send + Sync>,
    length: usize,
    /// One checksum for each block.
    checksums: Vec<u32>,
    terms: Terms,
    /// For each block the term in which its checksum was verified last; 0 if it was not.
    verified: Vec<AtomicU32>,
}

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Data").field("length", &self.length).finish_non_exhaustive()
    }
}

/// The checksums of all blocks of a data area.
pub(crate) fn checksums(data: &[u8]) -> Vec<u32> {
    data.chunks(BLOCK_BYTES).map(crc32fast::hash).collect()
}

impl Data {
    pub(crate) fn new(
        file: Arc<dyn AsRef<[u8]> + Send + Sync>,
        length: usize,
        checksums: Vec<u32>,
    ) -> Result<Self, Damaged> {
        if checksums.len() != length.div_ceil(BLOCK_BYTES) {
            return Err(Damaged {
                what: "there is not exactly one checksum for each block",
                at: offset(length),
            });
        }
        let verified = checksums.iter().map(|_| AtomicU32::new(0)).collect();
        Ok(Self { file, length, checksums, terms: Terms::default(), verified })
    }

    pub(crate) fn set_terms(&mut self, terms: &Terms) {
        self.terms = terms.clone();
    }

    pub(crate) fn len(&self) -> usize {
        self.length
    }

    #[inline]
    pub(crate) fn slice(&self, range: Range<usize>) -> Result<&[u8], Damaged> {
        if range.end > self.length || range.start > range.end {
            return Err(Damaged { what: "an offset is outside of the data", at: offset(range.start) });
        }
        if !range.is_empty() {
            let term = self.terms.current();
            for block in range.start / BLOCK_BYTES..=(range.end - 1) / BLOCK_BYTES {
                if !self.is_verified(block, term) {
                    self.verify(block, term)?;
                }
            }
        }
        self.raw(range)
    }

    /// Verifies all blocks.
    pub(crate) fn verify_all(&self) -> Result<(), Damaged> {
        let term = self.terms.current();
        (0..self.checksums.len()).try_for_each(|block| self.verify(block, term))
    }

    #[inline]
    fn raw(&self, range: Range<usize>) -> Result<&[u8], Damaged> {
        let file = (*self.file).as_ref();
        let inside = file.get(HEADER_BYTES + range.start..HEADER_BYTES + range.end);
        inside.ok_or_else(|| Damaged {
            what: "the file has become shorter since it was opened",
            at: offset(range.start),
        })
    }

    #[inline]
    fn is_verified(&self, block: usize, term: u32) -> bool {
        // Relaxed: the number is about the bytes of the file, and publishes no memory.
        self.verified.get(block).is_some_and(|verified| verified.load(Ordering::Relaxed) == term)
    }

    #[cold]
    fn verify(&self, block: usize, term: u32) -> Result<(), Damaged> {
        let start = block * BLOCK_BYTES;
        let bytes = self.raw(start..self.length.min(start + BLOCK_BYTES))?;
        if self.checksums.get(block) != Some(&crc32fast::hash(bytes)) {
            return Err(Damaged { what: "the checksum of a block is wrong", at: offset(start) });
        }
        if let Some(verified) = self.verified.get(block) {
            verified.store(term, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// The bytes of one column. Invariant: it lies inside the data area that it was made for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Region {
    start: usize,
    length: usize,
}

impl Region {
    pub(crate) fn new(data: &Data, start: u64, length: u64) -> Result<Self, Damaged> {
        let (start, length) = (size(start), size(length));
        match start.checked_add(length) {
            Some(end) if end <= data.len() => Ok(Self { start, length }),
            _ => Err(Damaged { what: "a column is outside of the data", at: offset(start) }),
        }
    }

    pub(crate) fn len(self) -> usize {
        self.length
    }

    /// Returns `length` bytes from `start` on, both inside the column.
    #[inline]
    pub(crate) fn slice(self, data: &Data, start: usize, length: usize) -> Result<&[u8], Damaged> {
        match start.checked_add(length) {
            Some(end) if end <= self.length => data.slice(self.start + start..self.start + end),
            _ => Err(self.damaged("an offset is outside of its column")),
        }
    }

    /// Returns `length` bytes from `start` on, or fewer if the column ends before.
    #[inline]
    pub(crate) fn slice_up_to(self, data: &Data, start: usize, length: usize) -> Result<&[u8], Damaged> {
        self.slice(data, start, length.min(self.length.saturating_sub(start)))
    }

    #[inline]
    pub(crate) fn array<const BYTES: usize>(
        self,
        data: &Data,
        start: usize,
    ) -> Result<&[u8; BYTES], Damaged> {
        let bytes = self.slice(data, start, BYTES)?;
        bytes.first_chunk().ok_or_else(|| self.damaged("a value is cut off"))
    }

    #[cold]
    pub(crate) fn damaged(self, what: &'static str) -> Damaged {
        Damaged { what, at: offset(self.start) }
    }
}
