//! Checks what holds for a log file of any bytes. The fuzz target and a test of `crates/wal` both use it.

use wal::{End, Entry, LogReader};

const FILE_HEADER_BYTES: u64 = 28;
const FRAME_HEADER_BYTES: u64 = 24;

/// Checks that each byte behind the header is in exactly one frame, one damage or the torn end, and that sequences
/// grow.
pub(crate) fn check(bytes: &[u8]) {
    let Ok(mut reader) = LogReader::open(bytes) else { return };
    let mut offset = if reader.number().is_some() { FILE_HEADER_BYTES } else { 0 };
    let mut sequence_min = 0;
    let mut was_damage = false;
    for entry in reader.by_ref() {
        match entry {
            Entry::Frame { offset: at, sequence, payload } => {
                assert_eq!(at, offset);
                assert!(if was_damage { sequence >= sequence_min } else { sequence == sequence_min });
                let start = usize::try_from(at + FRAME_HEADER_BYTES).expect("an offset in a slice");
                assert_eq!(&bytes[start..start + payload.len()], payload);
                offset = at + FRAME_HEADER_BYTES + payload.len() as u64;
                sequence_min = sequence + 1;
                was_damage = false;
            }
            Entry::Damage { offset: at, bytes } => {
                assert_eq!(at, offset);
                assert!(!was_damage, "damage is always followed by a frame");
                offset += bytes;
                was_damage = true;
            }
        }
    }
    assert!(!was_damage, "damage is always followed by a frame");
    match reader.end() {
        End::Clean => assert_eq!(offset, bytes.len() as u64),
        End::Torn { offset: at, bytes: torn } => {
            assert_eq!(at, offset);
            assert_eq!(at + torn, bytes.len() as u64);
            assert!(torn > 0 || bytes.is_empty());
        }
    }
}
