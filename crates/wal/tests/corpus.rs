//! Replays the fuzzer's corpus through the fuzzer's own check, so that every run of the tests has it.

#[path = "../../../fuzz/check/wal_read.rs"]
mod wal_read;

#[test]
fn the_corpus_holds() {
    testkit::replay_corpus("wal_read", wal_read::check);
}
