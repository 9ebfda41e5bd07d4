//! Replays the corpora of the fuzz targets through their own checks, so that every run of the tests has them.

#[path = "../../../fuzz/check/contract_parse.rs"]
mod contract_parse;
#[path = "../../../fuzz/check/otlp.rs"]
mod otlp;
#[path = "../../../fuzz/check/zipkin.rs"]
mod zipkin;

use testkit::replay_corpus;
use wire::otlp::Encoding;

#[test]
fn the_corpus_of_the_contract_holds() {
    replay_corpus("contract_parse", contract_parse::check);
}

#[test]
fn the_corpus_of_otlp_protobuf_holds() {
    replay_corpus("otlp_protobuf", |bytes| otlp::check(Encoding::Protobuf, bytes));
}

#[test]
fn the_corpus_of_otlp_json_holds() {
    replay_corpus("otlp_json", |bytes| otlp::check(Encoding::Json, bytes));
}

#[test]
fn the_corpus_of_zipkin_json_holds() {
    replay_corpus("zipkin_json", zipkin::check);
}
