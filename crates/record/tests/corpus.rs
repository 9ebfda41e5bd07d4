//! Replays the fuzzer's corpus through the fuzzer's own check, so that every run of the tests has it.
#![expect(clippy::disallowed_methods, reason = "the test reads the repository, not the product's data")]

#[path = "../../../fuzz/check/batch_read.rs"]
mod batch_read;

use std::path::Path;

#[test]
fn the_corpus_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/batch_read");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the corpus is in the repository") {
        let path = entry.expect("a folder can be listed").path();
        println!("{}", path.display());
        batch_read::check(&std::fs::read(&path).expect("a seed can be read"));
        count += 1;
    }
    assert!(count > 5, "{count} seeds");
}
