//! Runs the fuzzer's check on the fuzzer's corpus, so that every run of the tests includes it.

#[path = "../../../fuzz/check/wal_read.rs"]
mod wal_read;

#[test]
fn every_file_of_the_corpus_passes_the_check() {
    testkit::replay_corpus("wal_read", wal_read::check);
}
