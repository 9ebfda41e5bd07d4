//! The frame of a file: header, data area, footer, trailer.
//!
//! Format of the header: magic 8 · version u16 · zero u16 · zero u32 · bytes of the data area u64 · bytes of the
//! footer u32 · crc32 of these 28 bytes. Trailer: bytes of the footer u32 · crc32 of the footer · magic 8.

use record::{Malformed, Reader};

use crate::error::{Damaged, OpenError};

/// The version that the writer writes, and the only one that the reader accepts.
pub const VERSION: u16 = 1;
const MAGIC: [u8; 8] = *b"traced\x00S";
const END_MAGIC: [u8; 8] = *b"S\x00decart";
pub(crate) const HEADER_BYTES: usize = 32;
pub(crate) const TRAILER_BYTES: usize = 16;
const CHECKED_BYTES: usize = HEADER_BYTES - 4;

/// The parts of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame<'a> {
    pub(crate) data_bytes: usize,
    pub(crate) footer: &'a [u8],
}

/// Converts a number of bytes to `usize`. One that does not fit becomes `usize::MAX`, so later checks of bounds
/// refuse it.
pub(crate) fn size(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

/// Converts an offset in the data area to an offset in the file.
pub(crate) fn offset(in_data: usize) -> u64 {
    in_data as u64 + HEADER_BYTES as u64
}

/// Completes a file: writes its header, and appends footer and trailer. `out` has space for the header, followed by
/// the data area.
pub(crate) fn complete(mut out: Vec<u8>, footer: &[u8]) -> Vec<u8> {
    let footer_bytes = u32::try_from(footer.len()).expect("the limits of shapes and fields bound the footer");
    let data_bytes = (out.len() - HEADER_BYTES) as u64;
    let mut header = Vec::with_capacity(HEADER_BYTES);
    header.extend_from_slice(&MAGIC);
    header.extend_from_slice(&VERSION.to_le_bytes());
    header.extend_from_slice(&[0; 6]);
    header.extend_from_slice(&data_bytes.to_le_bytes());
    header.extend_from_slice(&footer_bytes.to_le_bytes());
    header.extend_from_slice(&crc32fast::hash(&header).to_le_bytes());
    assert_eq!(header.len(), HEADER_BYTES);
    out.splice(..HEADER_BYTES, header);
    out.reserve_exact(footer.len() + TRAILER_BYTES);
    out.extend_from_slice(footer);
    out.extend_from_slice(&footer_bytes.to_le_bytes());
    out.extend_from_slice(&crc32fast::hash(footer).to_le_bytes());
    out.extend_from_slice(&END_MAGIC);
    out
}

/// Finds the parts of a file, and verifies the checksums of header and footer.
pub(crate) fn frame(file: &[u8]) -> Result<Frame<'_>, OpenError> {
    let length = file.len() as u64;
    let mut reader = Reader::new(file);
    let magic = reader.take_array::<8>().map_err(|_| OpenError::NotASegment)?;
    if magic != MAGIC {
        return Err(OpenError::NotASegment);
    }
    let cut_off = |_: Malformed| OpenError::Truncated { found: length, expected: HEADER_BYTES as u64 };
    let found = reader.take_array().map(u16::from_le_bytes).map_err(cut_off)?;
    reader.take(6).map_err(cut_off)?;
    let data_bytes = reader.take_array().map(u64::from_le_bytes).map_err(cut_off)?;
    let footer_bytes = reader.take_u32().map_err(cut_off)?;
    let checksum = reader.take_u32().map_err(cut_off)?;
    if file.get(..CHECKED_BYTES).map(crc32fast::hash) != Some(checksum) {
        return Err(Damaged { what: "the checksum of the header is wrong", at: 0 }.into());
    }
    // Order: the checksum is verified first, so that damage is not taken for a later version. Checksum and version
    // have these offsets in every version of the format.
    if found != VERSION {
        return Err(OpenError::UnknownVersion { found, known: VERSION });
    }
    let around = (HEADER_BYTES + TRAILER_BYTES) as u64 + u64::from(footer_bytes);
    let expected = data_bytes.saturating_add(around);
    if length < expected {
        return Err(OpenError::Truncated { found: length, expected });
    }
    if length > expected {
        return Err(Damaged { what: "bytes follow the end of the segment", at: expected }.into());
    }
    let damaged = |what: &'static str| Damaged { what, at: offset(size(data_bytes)) };
    let cut_off = |_: Malformed| damaged("the footer is cut off");
    reader.take(size(data_bytes)).map_err(cut_off)?;
    let footer = reader.take(footer_bytes as usize).map_err(cut_off)?;
    let length_again = reader.take_u32().map_err(cut_off)?;
    let checksum = reader.take_u32().map_err(cut_off)?;
    if length_again != footer_bytes || reader.rest() != END_MAGIC {
        return Err(damaged("the file does not end with the mark of a segment").into());
    }
    if crc32fast::hash(footer) != checksum {
        return Err(damaged("the checksum of the footer is wrong").into());
    }
    Ok(Frame { data_bytes: size(data_bytes), footer })
}
