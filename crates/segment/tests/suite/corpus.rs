//! The corpus of the fuzzer: files that are read without a panic.

#![expect(clippy::disallowed_methods, reason = "the corpus is files of the repository")]

use std::path::{Path, PathBuf};

use rand::SeedableRng as _;
use rand::rngs::SmallRng;

use crate::ask::ask;
use crate::common::{Trace, traces, write};
use crate::repair::repair;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/segment_read")
}

/// Writes the files that fuzzing begins with: spans of every shape, and no span at all.
fn write_seeds() {
    let write = |name: &str, traces: &[Trace]| std::fs::write(corpus().join(name), write(traces));
    write("empty", &[]).expect("the corpus can be written");
    for seed in 0..6 {
        let random = &mut SmallRng::seed_from_u64(seed);
        let traces = traces(random, 2 + usize::from(seed == 5) * 20);
        write(&format!("whole-spans-{seed}"), &traces).expect("the corpus can be written");
    }
}

#[test]
fn no_file_of_the_corpus_makes_the_reader_panic() {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        write_seeds();
    }
    let files = std::fs::read_dir(corpus()).expect("the corpus is part of the repository");
    let mut count = 0;
    for file in files {
        let mut bytes = std::fs::read(file.expect("a folder is listed").path()).expect("a file is read");
        ask(&bytes);
        repair(&mut bytes);
        ask(&bytes);
        count += 1;
    }
    assert!(count > 0, "the corpus is empty");
}
