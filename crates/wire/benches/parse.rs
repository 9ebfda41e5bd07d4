//! Measures how fast a batch of the contract is parsed, compared with sonic-rs and `serde_json`, which check less.

use bumpalo::Bump;
use divan::Bencher;
use divan::counter::ItemsCount;
use serde::Deserialize;
use span::TraceId;
use wire::contract::parse_batch;

const BATCHES: [usize; 3] = [10, 100, 500];

fn main() {
    divan::main();
}

#[derive(Deserialize)]
struct Batch<'a> {
    #[serde(borrow)]
    #[expect(dead_code, reason = "parsed, and nothing else")]
    spans: Vec<Span<'a>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "parsed, and nothing else")]
#[expect(clippy::struct_field_names, reason = "the contract's names")]
struct Span<'a> {
    trace_id: &'a str,
    span_id: &'a str,
    parent_span_id: Option<&'a str>,
    service: &'a str,
    operation: &'a str,
    start_time: i64,
    end_time: i64,
    status: &'a str,
}

/// Makes the body of a batch whose spans have 280 bytes each.
fn body(spans: usize) -> Vec<u8> {
    let id = |number: usize| {
        let number = number as u128 * 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
        TraceId::from_bytes(number.to_be_bytes())
    };
    let spans: Vec<String> = (1..=spans)
        .map(|number| {
            format!(
                r#"{{"trace_id":"{}","span_id":"{}","parent_span_id":"{}","service":"checkout","operation":"ReserveStock","start_time":179000000000000{number:04},"end_time":179000000100000{number:04},"status":"ok"}}"#,
                id(number / 4),
                id(number),
                id(number + 1),
            )
        })
        .collect();
    format!(r#"{{"spans":[{}]}}"#, spans.join(",")).into_bytes()
}

#[divan::bench(args = BATCHES)]
fn contract(bencher: Bencher<'_, '_>, spans: usize) {
    let body = body(spans);
    let mut arena = Bump::new();
    bencher.counter(ItemsCount::new(spans)).bench_local(|| {
        arena.reset();
        parse_batch(&body, &arena).expect("a good batch").len()
    });
}

#[divan::bench(args = BATCHES)]
fn sonic_rs(bencher: Bencher<'_, '_>, spans: usize) {
    let body = body(spans);
    bencher.counter(ItemsCount::new(spans)).bench_local(|| sonic_rs::from_slice::<Batch<'_>>(&body).is_ok());
}

#[divan::bench(args = BATCHES)]
fn serde_json(bencher: Bencher<'_, '_>, spans: usize) {
    let body = body(spans);
    bencher
        .counter(ItemsCount::new(spans))
        .bench_local(|| serde_json::from_slice::<Batch<'_>>(&body).is_ok());
}
