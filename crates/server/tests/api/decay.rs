//! Files that change while they are open: bits flip, and a file is cut off. No answer has what a file did not have when it
//! was written.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use platform::disk::{Disk as _, RealDisk};
use span::{TimeRange, Timestamp, TraceId};
use store::{Outcome, Selection, Settings, Store};
use tempfile::TempDir;
use testkit::{OwnedSpan, with_borrowed};

use crate::support::{NOW, SECOND};

const START: Timestamp = Timestamp(NOW);
/// When the next term of verification has begun.
const LATER: Timestamp = Timestamp(NOW + 61 * SECOND);
const TRACES: u32 = 3000;
const FLIPS: u64 = 25;

fn id(number: u32) -> TraceId {
    let mut bytes = [9; 16];
    bytes[..4].copy_from_slice(&number.wrapping_mul(0x9e37_79b9).to_be_bytes());
    bytes[4..8].copy_from_slice(&number.to_be_bytes());
    TraceId::from_bytes(bytes)
}

fn spans() -> Vec<OwnedSpan> {
    let root = |number: u32| OwnedSpan {
        trace_id: id(number),
        name: format!("GET /{}", number % 7),
        ..OwnedSpan::root(1, 1, START.saturating_add(-SECOND - i64::from(number) * 1000))
    };
    (0..TRACES).map(|number| if number % 5 == 0 { root(number).failed() } else { root(number) }).collect()
}

/// A folder with one segment, and the store that has it open.
struct OneSegment {
    store: Store,
    path: PathBuf,
    _folder: TempDir,
}

impl OneSegment {
    fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let disk = Arc::new(RealDisk::open(folder.path()).expect("it is there"));
        let store = Store::open(Settings::default(), Arc::clone(&disk) as _, START).expect("it is empty");
        with_borrowed(&spans(), |spans| store.accept(spans, START)).expect("there is room");
        store.freeze(START);
        store.maintain(START);
        let names = disk.list().expect("it is there").into_iter().map(|entry| entry.name);
        let segments: Vec<String> = names.filter(|name| segment_of(name)).collect();
        let [name] = &segments[..] else { panic!("one segment: {segments:?}") };
        Self { store, path: folder.path().join(name), _folder: folder }
    }

    /// All answers, and how many segments were left out of them.
    fn answers(&self, now: Timestamp) -> (Vec<String>, usize) {
        let snapshot = self.store.snapshot(now);
        let list = snapshot.list(TimeRange::ALL, 5000);
        let summaries = list.summaries().map(|summary| format!("{summary:?}"));
        let statistics = snapshot.statistics(TimeRange::ALL.into(), 0);
        let failed = snapshot.count_selected(Selection { outcome: Outcome::Error, ..TimeRange::ALL.into() });
        let mut answers: Vec<String> = summaries.collect();
        answers.push(format!("{} {} {} {failed}", list.total, statistics.ok, statistics.error));
        for number in (0..TRACES).step_by(37) {
            let Ok(trace) = self.store.trace(id(number), now) else { continue };
            trace.for_each(0..trace.len(), |span| answers.push(format!("{span:?}")));
        }
        (answers, snapshot.left_out() + usize::try_from(self.store.damaged_files()).expect("few"))
    }
}

fn segment_of(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "segment")
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test changes a file behind the store's back")]
fn a_bit_that_flips_in_an_open_file_is_in_no_answer_after_a_minute() {
    let whole = OneSegment::new();
    let (expected, _) = whole.answers(LATER);
    let bytes = std::fs::metadata(&whole.path).expect("it is there").len();
    let mut damaged = 0;
    for flip in 0..FLIPS {
        let one = OneSegment::new();
        assert_eq!(one.answers(START).1, 0, "everything was read once, and verified");
        let file = OpenOptions::new().read(true).write(true).open(&one.path).expect("it is there");
        let at = 32 + flip * (bytes - 32) / FLIPS;
        let mut byte = [0];
        file.read_exact_at(&mut byte, at).expect("it is inside");
        file.write_all_at(&[byte[0] ^ 1 << (flip % 8)], at).expect("it is inside");
        one.store.maintain(LATER);
        let (answers, left_out) = one.answers(LATER);
        if left_out == 0 {
            assert_eq!(answers, expected, "byte {at}, which nothing reads");
        } else {
            assert_eq!(answers, ["0 0 0 0"], "byte {at}");
            damaged += 1;
        }
    }
    assert!(damaged > FLIPS / 2, "{damaged}: most bytes are read");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test cuts a file behind the store's back")]
fn a_file_that_is_cut_off_while_it_is_open_is_left_out_and_the_process_lives() {
    for (parts, merges) in [(0, false), (1, false), (2, true)] {
        let one = OneSegment::new();
        assert_eq!(one.answers(START).1, 0, "everything was read once, and verified");
        let file = OpenOptions::new().write(true).open(&one.path).expect("it is there");
        let length = file.metadata().expect("it is open").len();
        file.set_len(length * parts / 4 / 4096 * 4096).expect("it is ours");
        if merges {
            // Half of the spans have left the window, so the segment is rewritten.
            let late = START.saturating_add(1800 * SECOND - SECOND - 1_500_000);
            one.store.freeze(late);
            one.store.evict(late);
        }
        let (answers, left_out) = one.answers(START);
        assert!(left_out >= 1, "{parts} quarters are left");
        assert_eq!(answers, ["0 0 0 0"]);
    }
}
