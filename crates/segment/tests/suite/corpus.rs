//! What fuzzing begins with and has found: files that are read without a panic.

#![expect(clippy::disallowed_methods, reason = "the corpus is files of the repository")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bumpalo::Bump;
use segment::Segment;
use span::Timestamp;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/segment_read")
}

/// Asks everything. The fuzz target does the same.
pub(crate) fn ask(bytes: &[u8]) {
    let Ok(segment) = Segment::open(Arc::new(bytes.to_vec())) else { return };
    let facts = *segment.facts();
    let mut answers = 0;
    for row in 0..facts.traces {
        let arena = Bump::new();
        answers += usize::from(segment.trace_id(row).is_ok());
        answers += usize::from(segment.root(row).is_ok() || segment.summary(row).is_ok());
        answers += usize::from(segment.span_count(row).is_ok());
        answers += usize::from(segment.has_error(row).is_ok());
        answers += usize::from(segment.memory(row).is_ok());
        let mut each = 0;
        answers += usize::from(segment.for_each_start(row, |_, _| each += 1).is_ok());
        answers += usize::from(segment.for_each_span_id(row, |_| each += 1).is_ok()) + each;
        answers += segment.spans(row, &arena).map_or(0, <[_]>::len);
    }
    for start in [Timestamp::MIN, facts.start_min, facts.start_max, Timestamp::MAX] {
        answers += usize::from(segment.root_rank(start).is_ok());
    }
    answers += segment.columns().count() + usize::from(segment.verify().is_ok());
    std::hint::black_box(answers);
}

#[test]
fn no_file_of_the_corpus_is_a_panic() {
    let files = std::fs::read_dir(corpus()).expect("the corpus is part of the repository");
    let mut count = 0;
    for file in files {
        ask(&std::fs::read(file.expect("a folder is listed").path()).expect("a file is read"));
        count += 1;
    }
    assert!(count > 0, "the corpus is empty");
}
