//! Replays the corpora of the fuzzers through the checks of the fuzzers, in every run of the tests.

#![expect(clippy::disallowed_methods, reason = "it reads the repository, not the product's data")]

use std::path::Path;

/// Limit: a corpus with fewer seeds was not found, or is not whole.
const SEEDS_MIN: usize = 6;

/// Calls `check` with every seed of a fuzz target. The name of each seed is printed first, so the last name is the one
/// that failed.
///
/// # Panics
/// If the corpus cannot be read, or has fewer than `SEEDS_MIN` seeds.
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
