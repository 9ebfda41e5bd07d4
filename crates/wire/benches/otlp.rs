//! Measures how fast export requests are decoded, compared with prost and `serde_json`, which build upstream's
//! structs and check no rules for spans.

#[path = "otlp/batch.rs"]
mod batch;

use bumpalo::Bump;
use divan::Bencher;
use divan::counter::ItemsCount;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message as _;
use wire::otlp::{Encoding, decode};

use batch::{SPANS, request};

const ATTRIBUTES: [usize; 3] = [0, 5, 20];

fn main() {
    divan::main();
}

fn bench_ours(bencher: Bencher<'_, '_>, encoding: Encoding, body: &[u8]) {
    let mut arena = Bump::new();
    bencher.counter(ItemsCount::new(SPANS)).bench_local(|| {
        arena.reset();
        let export = decode(encoding, body, &arena, None).expect("the request is valid");
        assert_eq!(export.spans.len(), SPANS);
    });
}

#[divan::bench(args = ATTRIBUTES)]
fn protobuf(bencher: Bencher<'_, '_>, attributes: usize) {
    bench_ours(bencher, Encoding::Protobuf, &request(attributes).encode_to_vec());
}

#[divan::bench(args = ATTRIBUTES)]
fn json(bencher: Bencher<'_, '_>, attributes: usize) {
    let body = serde_json::to_vec(&request(attributes)).expect("it has a JSON form");
    bench_ours(bencher, Encoding::Json, &body);
}

#[divan::bench(args = ATTRIBUTES)]
fn prost(bencher: Bencher<'_, '_>, attributes: usize) {
    let body = request(attributes).encode_to_vec();
    bencher
        .counter(ItemsCount::new(SPANS))
        .bench_local(|| ExportTraceServiceRequest::decode(&*body).expect("a good request"));
}

#[divan::bench(args = ATTRIBUTES)]
fn serde_json_upstream(bencher: Bencher<'_, '_>, attributes: usize) {
    let body = serde_json::to_vec(&request(attributes)).expect("it has a JSON form");
    bencher
        .counter(ItemsCount::new(SPANS))
        .bench_local(|| serde_json::from_slice::<ExportTraceServiceRequest>(&body).expect("a good request"));
}
