//! The encodings of a column: how its values become bytes.
//!
//! Each encoding has a function that encodes all values of a column at once, and a reader that finds one value
//! without decoding the others. `writer/finish.rs` says which encoding each column has; `writer/field.rs` chooses one
//! for the values of an attribute. The bytes are described in `docs/segment-format.md`.

pub(crate) mod blob;
mod blocks;
mod codes;
mod decimal;
mod hex;
mod ids;
mod ints;
mod monotone;
mod numbered;
mod sparse;
mod texts;

pub(crate) use blob::{Blob, BlobCursor};
pub(crate) use blocks::BLOCK_VALUES;
pub(crate) use codes::{Codes, encode as encode_codes};
pub(crate) use decimal::{Decimals, encode as encode_decimals};
pub(crate) use hex::{Hex, Template as HexTemplate};
pub(crate) use ids::{Ids, encode as encode_ids};
pub(crate) use ints::{Ints, encode as encode_ints};
pub(crate) use monotone::{Monotone, encode as encode_monotone};
pub(crate) use numbered::{Numbered, encode as encode_numbered, split as split_number};
pub(crate) use sparse::{Sparse, SparseCursor, SparseWriter};
pub(crate) use texts::{Texts, encode as encode_texts};

/// One encoded column: its bytes, and what a reader needs beside them. The footer stores everything but the bytes.
#[derive(Debug, Default)]
pub(crate) struct Encoded {
    pub(crate) encoding: u8,
    pub(crate) count: u64,
    pub(crate) parameters: Vec<u8>,
    /// Precedes `bytes` in the file. It is separate because a large column would otherwise be copied to put it in front.
    pub(crate) index: Vec<u8>,
    pub(crate) bytes: Vec<u8>,
}

impl Encoded {
    /// Returns the size of the column in the file.
    pub(crate) fn len(&self) -> usize {
        self.index.len() + self.bytes.len()
    }
}

/// The numbers of the encodings in the footer.
pub(crate) mod number {
    pub(crate) const RAW: u8 = 0;
    pub(crate) const IDS: u8 = 1;
    pub(crate) const MONOTONE: u8 = 2;
    pub(crate) const INTS: u8 = 3;
    pub(crate) const CODES: u8 = 4;
    pub(crate) const TEXTS: u8 = 5;
    pub(crate) const BLOB: u8 = 6;
    pub(crate) const BITS: u8 = 7;
    pub(crate) const NUMBERED: u8 = 8;
    pub(crate) const HEX: u8 = 9;
    pub(crate) const DECIMAL: u8 = 10;
}

pub(crate) fn name_of(encoding: u8) -> &'static str {
    match encoding {
        number::RAW => "raw",
        number::IDS => "ids",
        number::MONOTONE => "monotone",
        number::INTS => "ints",
        number::CODES => "codes",
        number::TEXTS => "texts",
        number::BLOB => "blob",
        number::BITS => "bits",
        number::NUMBERED => "numbered",
        number::HEX => "hex",
        number::DECIMAL => "decimal",
        _ => "unknown",
    }
}

/// Maps a signed number to an unsigned one. The order of numbers stays.
pub(crate) const fn ordered(value: i64) -> u64 {
    value.cast_unsigned() ^ (1 << 63)
}

/// The inverse of [`ordered`].
pub(crate) const fn signed(value: u64) -> i64 {
    (value ^ (1 << 63)).cast_signed()
}
