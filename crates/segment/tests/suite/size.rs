//! How many bytes a span takes, in total and by column.

#![expect(clippy::print_stdout, reason = "the sizes are for people")]

use segment::{Carryover, Segment, Writer};
use testkit::with_borrowed;

use crate::common::{GENERATIONS, open};
use crate::emitter::{Tags, traces};

const SPANS: usize = 200_000;
/// Limit: the goal of the design, with indexes and checksums. The entropy alone is about 26.3.
const SPAN_BYTES_MAX: f64 = 27.0;

fn segment(tags: Tags) -> Segment {
    let mut writer = Writer::new(GENERATIONS);
    for trace in traces(SPANS, tags) {
        let carryover = Carryover { begins: true, gone_root: None };
        with_borrowed(&trace, |spans| writer.push(spans[0].trace_id, carryover, spans));
    }
    open(writer.finish())
}

/// Prints the columns and returns the bytes per span.
#[expect(clippy::cast_precision_loss, reason = "a share of a file")]
fn print(segment: &Segment) -> f64 {
    let share = |bytes: u64| bytes as f64 / segment.meta().spans as f64;
    for column in segment.columns().filter(|column| column.bytes > 0) {
        println!(
            "{:8.4} {:10} {:9} {:8} {}",
            share(column.bytes),
            column.bytes,
            column.count,
            column.encoding,
            column.name
        );
    }
    println!("{:8.4} {:10} in all", share(segment.meta().bytes), segment.meta().bytes);
    share(segment.meta().bytes)
}

#[test]
fn a_span_of_the_contract_takes_at_most_27_bytes() {
    let bytes = print(&segment(Tags::Without));
    assert!(bytes <= SPAN_BYTES_MAX, "{bytes}");
}

#[test]
fn tags_take_little_more() {
    print(&segment(Tags::With));
}
