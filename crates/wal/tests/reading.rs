//! Written frames are read; damage is reported and costs no other frame.

#![expect(clippy::unwrap_used, reason = "all of this crate is a test")]

use std::sync::Arc;

use platform::disk::{Disk, MemoryDisk};
use proptest::prelude::*;
use wal::{Durability, End, Entry, Log, LogReader, ReadError, file_name};

const FILE_HEADER_BYTES: usize = 28;
const FRAME_HEADER_BYTES: usize = 24;

/// Writes a log file with these frames.
fn written(payloads: &[Vec<u8>]) -> Vec<u8> {
    let disk = Arc::new(MemoryDisk::new());
    let log = Log::create(Arc::clone(&disk) as Arc<dyn Disk>, Durability::Os, 3).unwrap();
    for payload in payloads {
        drop(log.append(payload).unwrap());
    }
    disk.open(&file_name(3)).unwrap().to_vec()
}

struct Read {
    frames: Vec<(u64, Vec<u8>)>,
    damage: Vec<(u64, u64)>,
    end: End,
}

fn read(file: &[u8]) -> Result<Read, ReadError> {
    let mut reader = LogReader::open(file)?;
    let (mut frames, mut damage) = (Vec::new(), Vec::new());
    for entry in reader.by_ref() {
        match entry {
            Entry::Frame { sequence, payload, .. } => frames.push((sequence, payload.to_vec())),
            Entry::Damage { offset, bytes } => damage.push((offset, bytes)),
        }
    }
    Ok(Read { frames, damage, end: reader.end() })
}

fn numbered(payloads: &[Vec<u8>]) -> Vec<(u64, Vec<u8>)> {
    (0..).zip(payloads.iter().cloned()).collect()
}

fn some_payloads() -> Vec<Vec<u8>> {
    vec![b"one".to_vec(), Vec::new(), vec![0; 90], (0..200).collect(), b"last".to_vec()]
}

/// Returns the offsets at which the frames of `some_payloads` begin, and the end of the last.
fn bounds(payloads: &[Vec<u8>]) -> Vec<usize> {
    let mut bounds = vec![FILE_HEADER_BYTES];
    bounds.extend(payloads.iter().scan(FILE_HEADER_BYTES, |at, payload| {
        *at += FRAME_HEADER_BYTES + payload.len();
        Some(*at)
    }));
    bounds
}

proptest! {
    #[test]
    fn frames_are_read_as_they_were_written(payloads in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 0..20)) {
        let read = read(&written(&payloads)).unwrap();
        prop_assert_eq!(read.frames, numbered(&payloads));
        prop_assert!(read.damage.is_empty());
        prop_assert_eq!(read.end, End::Clean);
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), keep in 0..600_usize) {
        let mut file = written(&some_payloads());
        file.truncate(keep);
        file.extend_from_slice(&bytes);
        if let Ok(read) = read(&file) {
            prop_assert!(numbered(&some_payloads()).starts_with(&read.frames));
        }
    }
}

#[test]
fn a_flipped_bit_costs_only_its_own_frame() {
    let payloads = some_payloads();
    let (file, bounds) = (written(&payloads), bounds(&payloads));
    for bit in 0..file.len() * 8 {
        let (byte, mut damaged) = (bit / 8, file.clone());
        damaged[byte] ^= 1 << (bit % 8);
        if byte < FILE_HEADER_BYTES {
            assert!(read(&damaged).is_err(), "bit {bit}");
            continue;
        }
        let hit = bounds.partition_point(|bound| *bound <= byte) - 1;
        let mut expected = numbered(&payloads);
        expected.remove(hit);
        let read = read(&damaged).unwrap();
        assert_eq!(read.frames, expected, "bit {bit}");
        let (offset, bytes) = (bounds[hit] as u64, (bounds[hit + 1] - bounds[hit]) as u64);
        if hit == payloads.len() - 1 {
            assert_eq!((read.damage, read.end), (vec![], End::Torn { offset, bytes }), "bit {bit}");
        } else {
            assert_eq!((read.damage, read.end), (vec![(offset, bytes)], End::Clean), "bit {bit}");
        }
    }
}

#[test]
fn a_cut_file_keeps_the_frames_before_the_cut() {
    let payloads = some_payloads();
    let (file, bounds) = (written(&payloads), bounds(&payloads));
    for length in 0..file.len() {
        let read = read(&file[..length]).unwrap();
        let whole = bounds.partition_point(|bound| *bound <= length).saturating_sub(1);
        assert_eq!(read.frames, numbered(&payloads[..whole]), "{length}");
        assert!(read.damage.is_empty(), "{length}");
        let start = if length < FILE_HEADER_BYTES { 0 } else { bounds[whole] };
        let torn = End::Torn { offset: start as u64, bytes: (length - start) as u64 };
        let is_clean = bounds.contains(&length);
        assert_eq!(read.end, if is_clean { End::Clean } else { torn }, "{length}");
    }
}

#[test]
fn adjacent_damaged_frames_are_reported_as_one_damage() {
    let payloads = some_payloads();
    let (mut file, bounds) = (written(&payloads), bounds(&payloads));
    file[bounds[1] + 5] ^= 1; // The length of the second frame, so that its end is not known,
    file[bounds[2] + 30] ^= 1; // and the payload of the third.
    let read = read(&file).unwrap();
    assert_eq!(read.frames.iter().map(|frame| frame.0).collect::<Vec<_>>(), [0, 3, 4]);
    assert_eq!(read.damage, [(bounds[1] as u64, (bounds[3] - bounds[1]) as u64)]);
}

#[test]
fn a_missing_frame_is_reported() {
    let payloads = some_payloads();
    let (mut file, bounds) = (written(&payloads), bounds(&payloads));
    file.drain(bounds[1]..bounds[2]);
    let read = read(&file).unwrap();
    assert_eq!(read.frames.iter().map(|frame| frame.0).collect::<Vec<_>>(), [0, 2, 3, 4]);
    assert_eq!(read.damage, [(bounds[1] as u64, 0)]);
}

#[test]
fn a_frame_that_is_in_the_file_twice_is_read_once() {
    let payloads = some_payloads();
    let (mut file, bounds) = (written(&payloads), bounds(&payloads));
    let again = file[bounds[0]..bounds[1]].to_vec();
    file.splice(bounds[2]..bounds[2], again);
    assert_eq!(read(&file).unwrap().frames, numbered(&payloads));
}

/// A client sends a log as the content of a span, and the frame that has it is damaged. The bytes in there must not
/// be taken for frames of this log; the salt prevents that.
#[test]
fn a_log_inside_a_payload_is_not_read_as_frames() {
    let inner = written(&[b"forged".to_vec(), b"forged".to_vec(), b"forged".to_vec()]);
    let payloads = [b"first".to_vec(), inner, b"last".to_vec()];
    let (mut file, bounds) = (written(&payloads), bounds(&payloads));
    file[bounds[1] + 5] ^= 1;
    let read = read(&file).unwrap();
    assert_eq!(read.frames, [(0, b"first".to_vec()), (2, b"last".to_vec())]);
}

#[test]
fn a_file_that_is_no_log_is_refused_with_a_sentence() {
    let text = |file: &[u8]| read(file).map(|read| read.end).unwrap_err().to_string();
    assert_eq!(text(b"not a log"), "the file does not begin with the mark of a log file");
    let mut file = written(&[]);
    file[16] ^= 1;
    assert_eq!(text(&file), "the header of the log file is damaged");
    file = written(&[]);
    file[8] = 2;
    let crc = crc32fast::hash(&file[..24]).to_le_bytes();
    file[24..].copy_from_slice(&crc);
    assert_eq!(text(&file), "the log file has format version 2, and this program reads versions up to 1");
}

#[test]
fn a_file_that_a_power_cut_left_empty_is_torn() {
    for file in [&[][..], b"TRC", &[0; 20], &[0; 28], &[0; 5000]] {
        let read = read(file).unwrap();
        assert!(read.frames.is_empty());
        assert_eq!(read.end, End::Torn { offset: 0, bytes: file.len() as u64 });
    }
}

/// Valid headers as close together as possible, each with a bad payload that reaches to the end of the file. A reader
/// that checked the payload of each would read some hundred gigabytes.
#[test]
fn hostile_files_take_linear_time() {
    const HEADERS: usize = 100_000;
    let mut file = written(&[]);
    let salt = u32::from_le_bytes(file[12..16].try_into().unwrap());
    for left in (0..HEADERS).rev() {
        let mut header = [0; FRAME_HEADER_BYTES];
        header[..4].copy_from_slice(&[0xfb, b'F', b'R', 0xfc]);
        header[4..8].copy_from_slice(&u32::try_from(left * FRAME_HEADER_BYTES).unwrap().to_le_bytes());
        header[16..20].copy_from_slice(&[1; 4]);
        let mut hasher = crc32fast::Hasher::new_with_initial(salt);
        hasher.update(&header[..20]);
        header[20..].copy_from_slice(&hasher.finalize().to_le_bytes());
        file.extend_from_slice(&header);
    }
    assert!(read(&file).unwrap().frames.is_empty());
    // The first frame is damaged, so that the reader looks at each of the others.
    file[FILE_HEADER_BYTES] = 0;
    assert!(read(&file).unwrap().frames.is_empty());
}
