//! Random spans of every shape: written by the upstream crate, read by us.

use testkit::{each_seed, schedules};
use wire::otlp::Encoding;

use crate::as_read::{json, protobuf, read_plain};
use crate::whole;

const SCHEDULES: u64 = 400;

#[test]
fn protobuf_is_read_as_it_was_meant() {
    each_seed(schedules(SCHEDULES), |random| {
        let spans = whole::spans(random);
        assert_eq!(read_plain(Encoding::Protobuf, &protobuf(&spans)), spans);
    });
}

#[test]
fn json_is_read_as_it_was_meant() {
    each_seed(schedules(SCHEDULES), |random| {
        let spans = whole::spans(random);
        assert_eq!(read_plain(Encoding::Json, &json(&spans)), spans);
    });
}
