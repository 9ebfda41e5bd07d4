//! The fuzzers' corpora, replayed through the fuzzers' own checks, so that every run of the tests has them.

#![expect(clippy::disallowed_methods, reason = "it reads the repository, not the product's data")]

use std::path::Path;

/// Limit: a corpus of fewer was not found, or lost.
const SEEDS_MIN: usize = 6;

/// Calls `check` with every seed of a fuzz target, and names the seed: the last name printed is the one that failed.
///
/// # Panics
/// Where the corpus cannot be read, or has hardly any seed.
pub fn replay_corpus(target: &str, check: impl Fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the corpus is in the repository") {
        let path = entry.expect("a folder can be listed").path();
        println!("{}", path.display());
        check(&std::fs::read(&path).expect("a seed can be read"));
        count += 1;
    }
    assert!(count >= SEEDS_MIN, "{count} seeds");
}
