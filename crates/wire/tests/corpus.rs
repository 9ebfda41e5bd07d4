//! Replays the fuzzers' corpora through the fuzzers' own checks, so that every run of the tests has them.
#![expect(clippy::disallowed_methods, reason = "the test reads the repository, not the product's data")]
#![expect(clippy::print_stdout, reason = "a seed that fails is named")]

#[path = "../../../fuzz/check/contract_parse.rs"]
mod contract_parse;
#[path = "../../../fuzz/check/otlp.rs"]
mod otlp;
#[path = "../../../fuzz/check/zipkin.rs"]
mod zipkin;

use std::path::Path;

use wire::otlp::Encoding;

fn replay(target: &str, check: impl Fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the corpus is in the repository") {
        let path = entry.expect("a folder can be listed").path();
        println!("{}", path.display());
        check(&std::fs::read(&path).expect("a seed can be read"));
        count += 1;
    }
    assert!(count > 5, "{count} seeds");
}

#[test]
fn the_corpus_of_the_contract_holds() {
    replay("contract_parse", contract_parse::check);
}

#[test]
fn the_corpus_of_otlp_protobuf_holds() {
    replay("otlp_protobuf", |bytes| otlp::check(Encoding::Protobuf, bytes));
}

#[test]
fn the_corpus_of_otlp_json_holds() {
    replay("otlp_json", |bytes| otlp::check(Encoding::Json, bytes));
}

#[test]
fn the_corpus_of_zipkin_json_holds() {
    replay("zipkin_json", zipkin::check);
}
