//! The layout of file headers and frame headers. All numbers are little-endian, all checksums CRC-32 (IEEE).
//!
//! Format, file header: magic 8 | version u16 | header bytes u16 | salt u32 | file number u64 | crc u32 of all
//! before.
//! Format, frame header: marker 4 | payload bytes u32 | sequence u64 | payload crc u32 | crc u32 of all before,
//! continued from the salt. `docs/wal-format.md` has the reasons.

use thiserror::Error;

pub(crate) const MAGIC: [u8; 8] = *b"TRCDWAL\0";
pub(crate) const VERSION: u16 = 1;
pub(crate) const FILE_HEADER_BYTES: usize = 28;
pub(crate) const FRAME_HEADER_BYTES: usize = 24;
/// The first bytes of every frame. The first and the last of them never occur in UTF-8 text, and two markers cannot
/// overlap.
pub(crate) const MARKER: [u8; 4] = [0xfb, b'F', b'R', 0xfc];

/// Limit: four times the largest request body that the server takes, and small enough to be in memory twice.
pub const FRAME_BYTES_MAX: usize = 64 << 20;
const _: () = assert!(FRAME_BYTES_MAX <= u32::MAX as usize, "the length of a payload is a u32");

/// Why a file cannot be read as a log.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum ReadError {
    #[error("the file does not begin with the mark of a log file")]
    NotALog,
    #[error("the log file has format version {found}, and this program reads versions up to {known}")]
    UnknownVersion { found: u16, known: u16 },
    #[error("the header of the log file is damaged")]
    HeaderDamaged,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct FileHeader {
    pub(crate) salt: u32,
    pub(crate) number: u64,
}

impl FileHeader {
    pub(crate) fn encode(self) -> [u8; FILE_HEADER_BYTES] {
        let header_bytes = u16::try_from(FILE_HEADER_BYTES).expect("the header has few bytes");
        let mut bytes = [0; FILE_HEADER_BYTES];
        bytes[0..8].copy_from_slice(&MAGIC);
        bytes[8..10].copy_from_slice(&VERSION.to_le_bytes());
        bytes[10..12].copy_from_slice(&header_bytes.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.salt.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.number.to_le_bytes());
        let crc = crc32fast::hash(&bytes[..24]);
        bytes[24..28].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// Returns `None` for a file that ends inside its header or is all zeros: a power cut leaves such files.
    pub(crate) fn decode(file: &[u8]) -> Result<Option<Self>, ReadError> {
        if file.len() < FILE_HEADER_BYTES && MAGIC.iter().zip(file).all(|(one, other)| one == other) {
            return Ok(None);
        }
        if file.iter().all(|byte| *byte == 0) {
            return Ok(None);
        }
        let mut fields = Fields(file);
        if fields.bytes() != Some(MAGIC) {
            return Err(ReadError::NotALog);
        }
        Self::decode_behind_magic(file, fields).ok_or(ReadError::HeaderDamaged)?.map(Some)
    }

    /// Returns `None` if the header is damaged.
    fn decode_behind_magic(file: &[u8], mut fields: Fields<'_>) -> Option<Result<Self, ReadError>> {
        let found = fields.u16()?;
        let header_bytes = usize::from(fields.u16()?);
        // The header ends with its checksum in every version, so a flipped bit is not taken for a new version.
        let (checked, crc) = file.get(..header_bytes)?.split_last_chunk()?;
        if u32::from_le_bytes(*crc) != crc32fast::hash(checked) {
            return None;
        }
        if found != VERSION {
            return Some(Err(ReadError::UnknownVersion { found, known: VERSION }));
        }
        let header = Self { salt: fields.u32()?, number: fields.u64()? };
        (header_bytes == FILE_HEADER_BYTES).then_some(Ok(header))
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct FrameHeader {
    pub(crate) payload_bytes: usize,
    pub(crate) sequence: u64,
    pub(crate) payload_crc: u32,
}

impl FrameHeader {
    /// Returns the header at the beginning of `bytes`, if there is a complete one.
    pub(crate) fn decode(bytes: &[u8], salt: u32) -> Option<Self> {
        let (checked, _) = bytes.split_first_chunk::<{ FRAME_HEADER_BYTES - 4 }>()?;
        let mut fields = Fields(bytes);
        if fields.bytes()? != MARKER {
            return None;
        }
        let payload_bytes = usize::try_from(fields.u32()?).ok()?;
        let header = Self { payload_bytes, sequence: fields.u64()?, payload_crc: fields.u32()? };
        // The last sequence number is never used, so that a next one always exists.
        let is_possible = payload_bytes <= FRAME_BYTES_MAX && header.sequence < u64::MAX;
        (is_possible && fields.u32()? == crc_from(salt, checked)).then_some(header)
    }
}

/// Returns the header of a frame without its sequence and its checksum, which are not known yet.
pub(crate) fn draft(payload: &[u8]) -> [u8; FRAME_HEADER_BYTES] {
    let payload_bytes = u32::try_from(payload.len()).expect("the caller has checked FRAME_BYTES_MAX");
    let mut bytes = [0; FRAME_HEADER_BYTES];
    bytes[0..4].copy_from_slice(&MARKER);
    bytes[4..8].copy_from_slice(&payload_bytes.to_le_bytes());
    bytes[16..20].copy_from_slice(&crc32fast::hash(payload).to_le_bytes());
    bytes
}

/// Writes sequence numbers and checksums into the headers of `frames`, which are results of [`draft`], each followed
/// by its payload. The first frame gets the number `sequence`. Returns the number for the frame after the last one.
pub(crate) fn seal(mut frames: &mut [u8], salt: u32, mut sequence: u64) -> u64 {
    while let Some((header, rest)) = frames.split_first_chunk_mut::<FRAME_HEADER_BYTES>() {
        header[8..16].copy_from_slice(&sequence.to_le_bytes());
        let crc = crc_from(salt, &header[..20]);
        header[20..24].copy_from_slice(&crc.to_le_bytes());
        let payload_bytes = u32::from_le_bytes([header[4], header[5], header[6], header[7]]) as usize;
        frames = rest.get_mut(payload_bytes..).expect("a payload follows its draft");
        sequence += 1;
    }
    sequence
}

fn crc_from(salt: u32, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(salt);
    hasher.update(bytes);
    hasher.finalize()
}

/// Takes numbers from the front of some bytes.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (field, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*field)
    }

    fn u16(&mut self) -> Option<u16> {
        self.bytes().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.bytes().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.bytes().map(u64::from_le_bytes)
    }
}
