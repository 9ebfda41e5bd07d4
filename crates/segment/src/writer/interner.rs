//! Gives equal byte strings the same number, in the order of their first occurrence.

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use std::hash::BuildHasher as _;

use crate::encoding::Encoded;

/// Byte strings with numbers. The hashes have a random key, because clients choose the strings; the numbers do not
/// depend on it.
#[derive(Debug, Default)]
pub(super) struct Interner {
    hasher: RandomState,
    /// Hash and number.
    table: HashTable<(u64, u32)>,
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

impl Interner {
    #[inline]
    pub(super) fn intern(&mut self, value: &[u8]) -> u32 {
        let hash = self.hasher.hash_one(value);
        match self.find_hashed(hash, value) {
            Some(number) => number,
            None => self.insert(hash, value),
        }
    }

    /// Returns the number of a value, or `None` if it has none.
    pub(super) fn find(&self, value: &[u8]) -> Option<u32> {
        self.find_hashed(self.hasher.hash_one(value), value)
    }

    #[inline]
    fn find_hashed(&self, hash: u64, value: &[u8]) -> Option<u32> {
        let is_it = |&(of, number): &(u64, u32)| of == hash && self.get(number as usize) == Some(value);
        self.table.find(hash, is_it).map(|&(_, number)| number)
    }

    #[cold]
    fn insert(&mut self, hash: u64, value: &[u8]) -> u32 {
        let number = self.append(value);
        self.table.insert_unique(hash, (hash, number), |&(hash, _)| hash);
        number
    }

    /// Gives the value a new number, even if an equal value has one.
    pub(super) fn append(&mut self, value: &[u8]) -> u32 {
        let number = u32::try_from(self.ends.len()).expect("a generation has fewer than 2^32 spans");
        self.bytes.extend_from_slice(value);
        self.ends.push(u32::try_from(self.bytes.len()).expect("a generation is smaller than 4 GiB"));
        number
    }

    /// Frees the lookup table. From then on the caller must only [`append`](Self::append).
    pub(super) fn forget_places(&mut self) {
        self.table = HashTable::new();
    }

    #[inline]
    pub(super) fn get(&self, number: usize) -> Option<&[u8]> {
        let start =
            number.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        self.bytes.get(start..*self.ends.get(number)? as usize)
    }

    /// Returns the values in the order of their numbers.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        (0..self.len()).map(|number| self.get(number).unwrap_or_default())
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Returns the size of what [`encode`](Self::encode) returns.
    pub(super) fn encoded_bytes(&self) -> usize {
        self.bytes.len() + self.ends.len() * size_of::<u32>()
    }

    pub(super) fn encode(self) -> Encoded {
        crate::encoding::encode_texts(&self.ends, self.bytes)
    }
}
