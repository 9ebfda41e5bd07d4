//! Replays the corpora of the fuzzers through the checks of the fuzzers, in every run of the tests.

#![expect(clippy::disallowed_methods, reason = "it reads the repository, not the product's data")]

use std::path::Path;

/// Limit: a smaller corpus is incomplete, so the tests would check less than they seem to.
const SEEDS_MIN: usize = 6;

/// Calls `check` with every seed in the corpus of the fuzz target named `target`. Prints the name of each seed first,
/// so when `check` panics, the last name is that of the failing seed.
///
/// # Panics
/// If the corpus cannot be read, or has fewer than `SEEDS_MIN` seeds.
pub fn replay_corpus(target: &str, check: impl Fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the corpus is in the repository") {
        let path = entry.expect("the folder of the corpus can be listed").path();
        println!("{}", path.display());
        check(&std::fs::read(&path).expect("a seed can be read"));
        count += 1;
    }
    assert!(count >= SEEDS_MIN, "the corpus has only {count} seeds");
}
