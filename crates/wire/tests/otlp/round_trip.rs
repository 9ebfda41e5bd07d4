//! The upstream crate writes random spans, and we read them.

use testkit::{each_seed, schedules};
use wire::otlp::Encoding;

use crate::decoded::{json, protobuf, read_plain};
use crate::random_spans;

const SCHEDULES: u64 = 400;

#[test]
fn protobuf_is_read_as_it_was_meant() {
    each_seed(schedules(SCHEDULES), |random| {
        let spans = random_spans::spans(random);
        assert_eq!(read_plain(Encoding::Protobuf, &protobuf(&spans)), spans);
    });
}

#[test]
fn json_is_read_as_it_was_meant() {
    each_seed(schedules(SCHEDULES), |random| {
        let spans = random_spans::spans(random);
        assert_eq!(read_plain(Encoding::Json, &json(&spans)), spans);
    });
}
