//! The file format of a ledger.
//!
//! Format: version 1, little-endian, no padding.
//!
//! | bytes | what |
//! | --- | --- |
//! | 8 | the magic `TRCLEDGR` |
//! | 4 | version |
//! | 8 | seed |
//! | 8 | number of entries |
//! | 14 each | entry: start (8, signed), number (4), mask of acknowledged spans (1), mask of uncertain spans (1) |
//! | 4 | CRC-32 of all before it |
//!
//! The version also covers what `generate` draws: when a seed gives other traces, the version changes.

use std::io;
use std::path::{Path, PathBuf};

use platform::file;
use span::Timestamp;
use thiserror::Error;

use super::{Entry, Ledger};
use crate::generate::TRACE_SPANS_MAX;

const MAGIC: [u8; 8] = *b"TRCLEDGR";
const VERSION: u32 = 1;
const HEADER_BYTES: usize = 28;
const ENTRY_BYTES: usize = 14;
const CHECKSUM_BYTES: usize = 4;
/// Limit: about 70 million traces, far more than one run sends in a day.
const LEDGER_BYTES_MAX: u64 = 1 << 30;

#[derive(Debug, Error)]
pub enum LedgerError {
    #[error("cannot read the ledger {path}: {source}")]
    Read { path: PathBuf, source: io::Error },
    #[error("cannot write the ledger {path}: {source}")]
    Write { path: PathBuf, source: io::Error },
    #[error(
        "{path} is not a ledger: it does not begin with the mark of one; give the file that `emit --ledger` wrote"
    )]
    Foreign { path: PathBuf },
    #[error(
        "the ledger {path} has format version {version}, this program reads version {VERSION}; use the program that wrote it"
    )]
    Version { path: PathBuf, version: u32 },
    #[error(
        "the ledger {path} is cut off or has more than it should: it has {found} bytes, not {expected}; run `emit` again"
    )]
    Length { path: PathBuf, expected: u64, found: u64 },
    #[error("the ledger {path} is damaged: its checksum does not match its content; run `emit` again")]
    Checksum { path: PathBuf },
    #[error("the ledger {path} is damaged: entry {index} claims spans that no trace has; run `emit` again")]
    Entry { path: PathBuf, index: usize },
}

/// Reads a ledger from a file. Fails if the file is not a complete, undamaged ledger of this version.
pub(crate) fn read(path: &Path) -> Result<Ledger, LedgerError> {
    let bytes = file::read_whole(path, LEDGER_BYTES_MAX)
        .map_err(|source| LedgerError::Read { path: path.to_owned(), source })?;
    decode(&bytes, path)
}

/// Writes a ledger to a file atomically: a reader finds the complete ledger or none.
pub(crate) fn write(path: &Path, ledger: &Ledger) -> Result<(), LedgerError> {
    file::write_whole(path, &encode(ledger))
        .map_err(|source| LedgerError::Write { path: path.to_owned(), source })
}

fn encode(ledger: &Ledger) -> Vec<u8> {
    let count = ledger.entries.len();
    let mut bytes = Vec::with_capacity(HEADER_BYTES + count * ENTRY_BYTES + CHECKSUM_BYTES);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&ledger.seed.to_le_bytes());
    bytes.extend_from_slice(&(count as u64).to_le_bytes());
    for entry in &ledger.entries {
        bytes.extend_from_slice(&entry.start.0.to_le_bytes());
        bytes.extend_from_slice(&entry.number.to_le_bytes());
        bytes.extend_from_slice(&[entry.acked, entry.uncertain]);
    }
    let checksum = crc32fast::hash(&bytes);
    bytes.extend_from_slice(&checksum.to_le_bytes());
    bytes
}

fn decode(bytes: &[u8], path: &Path) -> Result<Ledger, LedgerError> {
    let path = || path.to_owned();
    let mut rest = bytes;
    if take(&mut rest) != Some(MAGIC) {
        return Err(LedgerError::Foreign { path: path() });
    }
    let (version, seed, count) = header(&mut rest).ok_or_else(|| LedgerError::Length {
        path: path(),
        expected: (HEADER_BYTES + CHECKSUM_BYTES) as u64,
        found: bytes.len() as u64,
    })?;
    if version != VERSION {
        return Err(LedgerError::Version { path: path(), version });
    }
    let expected =
        count.saturating_mul(ENTRY_BYTES as u64).saturating_add((HEADER_BYTES + CHECKSUM_BYTES) as u64);
    if expected != bytes.len() as u64 {
        return Err(LedgerError::Length { path: path(), expected, found: bytes.len() as u64 });
    }
    let (content, checksum) = bytes.split_at(bytes.len() - CHECKSUM_BYTES);
    if checksum != crc32fast::hash(content).to_le_bytes() {
        return Err(LedgerError::Checksum { path: path() });
    }
    let entries = content[HEADER_BYTES..].chunks_exact(ENTRY_BYTES).map(entry);
    let entries: Vec<Entry> = entries.collect();
    match entries.iter().position(|entry| !is_possible(*entry)) {
        Some(index) => Err(LedgerError::Entry { path: path(), index }),
        None => Ok(Ledger { seed, entries }),
    }
}

fn header(rest: &mut &[u8]) -> Option<(u32, u64, u64)> {
    let version = u32::from_le_bytes(take(rest)?);
    let seed = u64::from_le_bytes(take(rest)?);
    let count = u64::from_le_bytes(take(rest)?);
    Some((version, seed, count))
}

fn entry(mut bytes: &[u8]) -> Entry {
    const WHOLE: &str = "a chunk is a whole entry";
    let start = Timestamp(i64::from_le_bytes(take(&mut bytes).expect(WHOLE)));
    let number = u32::from_le_bytes(take(&mut bytes).expect(WHOLE));
    let [acked, uncertain] = take(&mut bytes).expect(WHOLE);
    Entry { start, number, acked, uncertain }
}

/// Whether an entry keeps the invariant of [`Entry`]. The checksum was right, so a violation is a bug of the writer.
const fn is_possible(entry: Entry) -> bool {
    entry.acked & entry.uncertain == 0 && (entry.acked | entry.uncertain) >> TRACE_SPANS_MAX == 0
}

fn take<const BYTES: usize>(rest: &mut &[u8]) -> Option<[u8; BYTES]> {
    let (head, tail) = rest.split_first_chunk()?;
    *rest = tail;
    Some(*head)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use span::Timestamp;

    use super::super::{Entry, Ledger};
    use super::{CHECKSUM_BYTES, decode, encode};

    fn ledger() -> Ledger {
        let entry = |number, acked, uncertain| Entry {
            start: Timestamp(1_700_000_000_000_000_000 + i64::from(number)),
            number,
            acked,
            uncertain,
        };
        Ledger { seed: 7, entries: vec![entry(0, 0b11111, 0), entry(9, 0b1, 0b10), entry(u32::MAX, 0, 0)] }
    }

    fn check_refused(bytes: &[u8], part_of_sentence: &str) {
        let sentence = decode(bytes, Path::new("run.ledger")).unwrap_err().to_string();
        assert!(sentence.contains(part_of_sentence), "{sentence}");
        assert!(sentence.contains("run.ledger"), "{sentence}");
    }

    fn sealed_anew(mut bytes: Vec<u8>) -> Vec<u8> {
        bytes.truncate(bytes.len() - CHECKSUM_BYTES);
        let checksum = crc32fast::hash(&bytes);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        bytes
    }

    #[test]
    fn what_is_written_reads_back() {
        for ledger in [ledger(), Ledger::default()] {
            assert_eq!(decode(&encode(&ledger), Path::new("x")).unwrap(), ledger);
        }
    }

    #[test]
    fn a_ledger_cut_anywhere_is_refused() {
        let bytes = encode(&ledger());
        for length in 0..bytes.len() {
            check_refused(&bytes[..length], if length < 8 { "is not a ledger" } else { "is cut off" });
        }
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let bytes = encode(&ledger());
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0x40;
            assert!(decode(&changed, Path::new("x")).is_err(), "byte {at}");
        }
    }

    #[test]
    fn foreign_files_are_refused_with_a_sentence() {
        check_refused(b"", "is not a ledger");
        check_refused(b"{\"spans\":[]}, and more text than a header has", "is not a ledger");
        let mut newer = encode(&ledger());
        newer[8] = 2;
        check_refused(&sealed_anew(newer), "format version 2, this program reads version 1");
        let mut longer = encode(&ledger());
        longer.push(0);
        check_refused(&longer, "more than it should");
        let mut impossible = encode(&ledger());
        impossible[28 + 12] = 0x20;
        check_refused(&sealed_anew(impossible), "entry 0 claims spans");
    }
}
