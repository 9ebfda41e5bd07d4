//! Measures what it costs to write a segment, to open it, and to read from it.

#[path = "../tests/suite/emitter.rs"]
mod emitter;

use std::sync::Arc;

use bumpalo::Bump;
use divan::Bencher;
use divan::counter::ItemsCount;
use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use segment::{Carryover, Generations, Segment, Writer};
use span::{Span, Timestamp};
use testkit::with_borrowed;

use emitter::Tags;

const SPANS: usize = 100_000;
const GENERATIONS: Generations = Generations { first: 1, last: 1 };
const TAGS: [Tags; 2] = [Tags::Without, Tags::With];

fn main() {
    divan::main();
}

fn write(spans: &[Span<'_>]) -> Vec<u8> {
    let mut writer = Writer::new(GENERATIONS);
    for trace in spans.chunk_by(|one, next| one.trace_id == next.trace_id) {
        writer.push(trace[0].trace_id, Carryover { begins: true, gone_root: None }, trace);
    }
    writer.finish()
}

fn segment(tags: Tags) -> Segment {
    let spans = emitter::traces(SPANS, tags).concat();
    let segment = Segment::open(Arc::new(with_borrowed(&spans, write))).expect("it was just written");
    segment.verify().expect("it was just written");
    segment
}

/// Returns a function that draws a random row with a root at every call. Every call of `rows` gives the same
/// sequence.
fn rows(segment: &Segment) -> impl FnMut() -> u32 + use<> {
    let rooted = segment.meta().rooted;
    let mut random = SmallRng::seed_from_u64(1);
    move || random.random_range(0..rooted)
}

#[divan::bench(args = TAGS)]
fn write_100k_spans(bencher: Bencher<'_, '_>, tags: Tags) {
    let spans = emitter::traces(SPANS, tags).concat();
    with_borrowed(&spans, |spans| bencher.counter(ItemsCount::new(spans.len())).bench_local(|| write(spans)));
}

#[divan::bench]
fn open_and_read_all_trace_ids(bencher: Bencher<'_, '_>) {
    let spans = emitter::traces(SPANS, Tags::Without).concat();
    let bytes = Arc::new(with_borrowed(&spans, write));
    bencher.counter(ItemsCount::new(28_600usize)).bench_local(|| {
        let segment = Segment::open(Arc::clone(&bytes) as _).expect("it was just written");
        sum_of_ids(&segment)
    });
}

#[divan::bench]
fn all_trace_ids(bencher: Bencher<'_, '_>) {
    let segment = segment(Tags::Without);
    bencher.counter(ItemsCount::new(segment.meta().traces)).bench_local(|| sum_of_ids(&segment));
}

fn sum_of_ids(segment: &Segment) -> u8 {
    let mut sum = 0u8;
    let rows = 0..segment.meta().traces;
    segment.for_each_trace_id(rows, |_, id| sum ^= id.to_bytes()[3]).expect("it was just written");
    sum
}

#[divan::bench(sample_size = 1000)]
fn random_root_count_and_error(bencher: Bencher<'_, '_>) {
    let segment = segment(Tags::Without);
    let mut row = rows(&segment);
    bencher.bench_local(|| {
        let row = row();
        let root = segment.root(row).expect("it was verified").duration;
        (root, segment.span_count(row), segment.has_error(row))
    });
}

#[divan::bench(sample_size = 1000)]
fn random_summary(bencher: Bencher<'_, '_>) {
    let segment = segment(Tags::Without);
    let mut row = rows(&segment);
    bencher.bench_local(|| segment.summary(row()).expect("it was verified").spans);
}

#[divan::bench(args = TAGS, sample_size = 1000)]
fn random_spans(bencher: Bencher<'_, '_>, tags: Tags) {
    let segment = segment(tags);
    let mut row = rows(&segment);
    let mut arena = Bump::new();
    bencher.bench_local(|| {
        arena.reset();
        segment.spans(row(), &arena).expect("it was verified").len()
    });
}

#[divan::bench(sample_size = 1000)]
fn random_starts(bencher: Bencher<'_, '_>) {
    let segment = segment(Tags::Without);
    let mut row = rows(&segment);
    bencher.bench_local(|| {
        let mut last = Timestamp::MIN;
        segment.for_each_start(row(), |start, _| last = last.max(start)).expect("it was verified");
        last
    });
}

#[divan::bench(sample_size = 1000)]
fn root_rank(bencher: Bencher<'_, '_>) {
    let segment = segment(Tags::Without);
    let mut row = rows(&segment);
    let starts: Vec<Timestamp> =
        (0..1000).map(|_| segment.root_start(row()).expect("it was verified")).collect();
    let mut next = starts.iter().cycle();
    bencher.bench_local(|| segment.root_rank(*next.next().expect("it never ends")));
}
