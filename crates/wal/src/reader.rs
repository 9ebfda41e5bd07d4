//! Reads one log file: its frames in order, and where it is damaged.
//!
//! Invariant: reading takes linear time, whatever the bytes are. Each offset is checked once, at constant cost: the
//! marker, then the header's checksum over 20 bytes. A payload is read only after a valid header, and the reader
//! continues after that payload, whether it is good or bad; so no byte is in two payloads.

pub use crate::format::ReadError;
use crate::format::{FILE_HEADER_BYTES, FRAME_HEADER_BYTES, FileHeader, FrameHeader, MARKER};

/// One entry of a log file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Entry<'a> {
    Frame {
        offset: u64,
        sequence: u64,
        payload: &'a [u8],
    },
    /// Damaged bytes between two frames, or before the first. If `bytes` is 0, frames are missing here.
    Damage {
        offset: u64,
        bytes: u64,
    },
}

/// How a log file ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum End {
    Clean,
    /// No complete frame follows: a write was cut off, or the end is damaged.
    Torn {
        offset: u64,
        bytes: u64,
    },
}

/// Iterates over the entries of one log file.
#[derive(Clone, Debug)]
pub struct LogReader<'a> {
    file: &'a [u8],
    header: Option<FileHeader>,
    offset: usize,
    sequence: u64,
    /// A frame that was found after damage; the damage is reported first.
    found: Option<FoundFrame<'a>>,
    end: Option<End>,
}

#[derive(Clone, Copy, Debug)]
struct FoundFrame<'a> {
    offset: usize,
    sequence: u64,
    payload: &'a [u8],
}

/// What begins at one offset.
enum Candidate<'a> {
    Frame(FoundFrame<'a>),
    /// A valid header whose payload does not match its checksum.
    BadPayload {
        sequence: u64,
        until: usize,
    },
    /// A valid header of a frame that does not end in this file.
    Cut,
    Nothing,
}

impl<'a> LogReader<'a> {
    /// Opens a file. One that ends inside its header is torn and has no frames; that is not an error.
    pub fn open(file: &'a [u8]) -> Result<Self, ReadError> {
        let header = FileHeader::decode(file)?;
        let end = header.is_none().then(|| torn(0, file.len()));
        Ok(Self { file, header, offset: FILE_HEADER_BYTES, sequence: 0, found: None, end })
    }

    /// Returns the number of the file, unless its header is torn.
    pub fn number(&self) -> Option<u64> {
        self.header.map(|header| header.number)
    }

    /// Reads the rest, and returns how the file ends.
    pub fn end(mut self) -> End {
        self.by_ref().for_each(drop);
        self.end.expect("the iterator has reached the end")
    }

    fn accept(&mut self, found: FoundFrame<'a>) -> Entry<'a> {
        self.offset = found.offset + FRAME_HEADER_BYTES + found.payload.len();
        self.sequence = found.sequence + 1;
        Entry::Frame { offset: found.offset as u64, sequence: found.sequence, payload: found.payload }
    }

    /// Returns the first complete frame from `offset` on that can follow the last one.
    fn next_frame(&self) -> Option<FoundFrame<'a>> {
        let (mut offset, mut sequence) = (self.offset, self.sequence);
        loop {
            match self.candidate_at(offset, sequence) {
                Candidate::Frame(found) => return Some(found),
                Candidate::BadPayload { sequence: bad, until } => (offset, sequence) = (until, bad + 1),
                Candidate::Cut => return None,
                Candidate::Nothing => offset = self.next_marker(offset + 1)?,
            }
        }
    }

    fn candidate_at(&self, offset: usize, sequence_min: u64) -> Candidate<'a> {
        let salt = self.header.map_or(0, |header| header.salt);
        let rest = self.file.get(offset..).unwrap_or_default();
        let Some(header) = FrameHeader::decode(rest, salt) else { return Candidate::Nothing };
        if header.sequence < sequence_min {
            return Candidate::Nothing;
        }
        let start = offset + FRAME_HEADER_BYTES;
        let until = start + header.payload_bytes;
        let Some(payload) = self.file.get(start..until) else { return Candidate::Cut };
        if crc32fast::hash(payload) != header.payload_crc {
            return Candidate::BadPayload { sequence: header.sequence, until };
        }
        Candidate::Frame(FoundFrame { offset, sequence: header.sequence, payload })
    }

    fn next_marker(&self, from: usize) -> Option<usize> {
        let rest = self.file.get(from..)?;
        rest.windows(MARKER.len()).position(|bytes| bytes == MARKER).map(|position| from + position)
    }
}

impl<'a> Iterator for LogReader<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        if let Some(found) = self.found.take() {
            return Some(self.accept(found));
        }
        if self.end.is_some() {
            return None;
        }
        if self.offset == self.file.len() {
            self.end = Some(End::Clean);
            return None;
        }
        let Some(found) = self.next_frame() else {
            self.end = Some(torn(self.offset, self.file.len()));
            return None;
        };
        if (found.offset, found.sequence) == (self.offset, self.sequence) {
            return Some(self.accept(found));
        }
        self.found = Some(found);
        Some(Entry::Damage { offset: self.offset as u64, bytes: (found.offset - self.offset) as u64 })
    }
}

fn torn(offset: usize, file_bytes: usize) -> End {
    End::Torn { offset: offset as u64, bytes: (file_bytes - offset) as u64 }
}
