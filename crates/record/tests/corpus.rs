//! Replays the fuzzer's corpus through the fuzzer's own check, so that every run of the tests has it.

#[path = "../../../fuzz/check/batch_read.rs"]
mod batch_read;

#[test]
fn the_corpus_holds() {
    testkit::replay_corpus("batch_read", batch_read::check);
}
