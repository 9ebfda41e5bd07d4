//! Runs the fuzzer's check on the fuzzer's corpus, so that every run of the tests includes it.

#[path = "../../../fuzz/check/batch_read.rs"]
mod batch_read;

#[test]
fn every_file_of_the_corpus_passes_the_check() {
    testkit::replay_corpus("batch_read", batch_read::check);
}
