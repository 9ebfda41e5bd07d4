//! A damaged segment gives the right answer or an error, and never a panic.

use rand::RngExt as _;
use rand::SeedableRng as _;
use rand::rngs::SmallRng;
use segment::{OpenError, Segment, Terms, VERSION};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use testkit::{each_seed, schedules};

use crate::ask::ask;
use crate::common::{Trace, read, traces, write};

use crate::repair::repair;

fn small(random: &mut SmallRng) -> Vec<Trace> {
    let mut traces = traces(random, 6);
    traces.retain(|trace| trace.spans.len() < 10);
    traces
}

fn try_open(bytes: &[u8]) -> Result<Segment, OpenError> {
    Segment::open(Arc::new(bytes.to_vec()))
}

/// Checks that every answer is what was pushed, or an error.
fn check_answers(bytes: &[u8], traces: &[Trace]) {
    let Ok(segment) = try_open(bytes) else { return };
    let mut is_sound = true;
    for (row, trace) in (0..segment.meta().traces).zip(traces) {
        match read(&segment, row) {
            Ok(answer) => assert_eq!(&answer, trace),
            Err(_) => is_sound = false,
        }
    }
    assert!(!is_sound || segment.verify().is_err(), "the damage was not found");
}

#[test]
fn a_flipped_bit_never_gives_a_wrong_answer() {
    let traces = small(&mut SmallRng::seed_from_u64(3));
    let mut bytes = write(&traces);
    for at in 0..bytes.len() {
        for bit in 0..8 {
            bytes[at] ^= 1 << bit;
            check_answers(&bytes, &traces);
            bytes[at] ^= 1 << bit;
        }
    }
    try_open(&bytes).unwrap().verify().unwrap();
}

#[test]
fn a_file_that_is_cut_off_is_not_opened() {
    let bytes = write(&small(&mut SmallRng::seed_from_u64(3)));
    for length in 0..bytes.len() {
        let error = try_open(&bytes[..length]).map(drop).unwrap_err();
        match error {
            OpenError::NotASegment => assert!(length < 8),
            OpenError::Truncated { found, expected } => {
                assert!(found == length as u64 && expected > found, "{error}");
            }
            OpenError::UnknownVersion { .. } | OpenError::Damaged(_) => panic!("{length}: {error}"),
        }
    }
    let longer = [&bytes[..], &[0]].concat();
    assert!(matches!(try_open(&longer), Err(OpenError::Damaged(_))));
}

#[test]
fn damage_under_right_checksums_does_not_make_the_reader_panic() {
    for traces in [small(&mut SmallRng::seed_from_u64(3)), crate::golden::traces()] {
        let bytes = write(&traces);
        for at in 0..bytes.len() {
            for value in [0, 0xff, bytes[at] ^ 1, bytes[at] ^ 0x80, bytes[at].wrapping_add(1)] {
                let mut damaged = bytes.clone();
                damaged[at] = value;
                repair(&mut damaged);
                ask(&damaged);
            }
        }
    }
}

#[test]
fn much_damage_under_right_checksums_does_not_make_the_reader_panic() {
    each_seed(schedules(300), |random| {
        let mut bytes = write(&small(random));
        for _ in 0..random.random_range(1..20) {
            let (at, length) = (random.random_range(0..bytes.len()), random.random_range(1..9));
            let end = bytes.len().min(at + length);
            random.fill(&mut bytes[at..end]);
        }
        repair(&mut bytes);
        ask(&bytes);
    });
}

#[test]
fn files_that_are_not_segments_are_refused_with_a_sentence() {
    let mut bytes = write(&small(&mut SmallRng::seed_from_u64(3)));
    let sentence = |bytes: &[u8]| try_open(bytes).map(drop).unwrap_err().to_string();
    assert_eq!(sentence(b"{}"), "the file does not begin with the mark of a segment");
    assert_eq!(sentence(&[]), sentence(b"\x7fELF and so on, longer than any header of a file"));
    assert!(sentence(&bytes[..100]).starts_with("the segment is cut off: it has 100 bytes and should have "));
    let mut later = bytes.clone();
    later[8] = 9;
    assert_eq!(
        sentence(&later),
        "the segment is damaged near byte 0: the checksum of the header is wrong",
        "one flipped bit is not another version"
    );
    repair(&mut later);
    assert_eq!(
        sentence(&later),
        format!("the segment has format version 9, and this program reads only version {VERSION}")
    );
    bytes[40] ^= 1;
    let error = try_open(&bytes).unwrap().verify().unwrap_err();
    assert_eq!(error.to_string(), "the segment is damaged near byte 32: the checksum of a block is wrong");
}

/// A mapped file, whose bytes may change while it is open.
struct Decaying {
    versions: [Vec<u8>; 2],
    has_decayed: AtomicBool,
}

impl AsRef<[u8]> for Decaying {
    fn as_ref(&self) -> &[u8] {
        &self.versions[usize::from(self.has_decayed.load(Ordering::Relaxed))]
    }
}

#[test]
fn checksums_can_be_verified_again_after_everything_was_read() {
    let good = write(&small(&mut SmallRng::seed_from_u64(3)));
    let mut bad = good.clone();
    let middle = bad.len() / 3;
    bad[middle] ^= 1;
    let file = Arc::new(Decaying { versions: [good, bad], has_decayed: AtomicBool::new(false) });
    let segment = Segment::open(Arc::clone(&file) as _).unwrap();
    segment.verify().unwrap();
    segment.verify_checksums().unwrap();
    file.has_decayed.store(true, Ordering::Relaxed);
    let damaged = segment.verify_checksums().unwrap_err();
    assert_eq!(damaged.what, "the checksum of a block is wrong");
}

#[test]
fn a_block_that_was_verified_is_verified_again_in_the_next_round() {
    let good = write(&small(&mut SmallRng::seed_from_u64(3)));
    let mut bad = good.clone();
    let middle = bad.len() / 3;
    bad[middle] ^= 1;
    let file = Arc::new(Decaying { versions: [good, bad], has_decayed: AtomicBool::new(false) });
    let terms = Terms::default();
    let segment = Segment::open(Arc::clone(&file) as _).unwrap().in_terms(&terms);
    segment.trace_id(0).unwrap();
    terms.advance();
    segment.trace_id(0).unwrap();
    file.has_decayed.store(true, Ordering::Relaxed);
    segment.trace_id(0).unwrap();
    terms.advance();
    let damaged = segment.trace_id(0).unwrap_err();
    assert_eq!(damaged.what, "the checksum of a block is wrong");
}
