//! Large traces cost each span the same.

use hot::{Before, Position, Router};
use span::{SpanId, Timestamp};
use testkit::OwnedSpan;

use crate::records::{CORES, SHARD, generation, push, trace_id};

/// A walk over all earlier spans for each of them would read 20 thousand million records, for minutes.
const SPANS: u32 = 200_000;

fn span_id(number: u32) -> SpanId {
    // The last byte is always the same, so that no id is told apart by it.
    SpanId::from_bytes((u128::from(number) << 8).to_be_bytes())
}

#[test]
fn each_span_of_a_large_trace_is_looked_for_without_a_walk() {
    let router = Router::new(CORES);
    let generation = generation(&router);
    let hash = router.hash(trace_id(1));
    let slot = generation.write(SHARD).begin(hash, trace_id(1), Before::Nothing);
    let mut span = OwnedSpan::root(1, 1, Timestamp(0));
    for number in 0..SPANS {
        span.span_id = span_id(number);
        let is_known = generation.read(SHARD).with_id(slot, span.span_id, Timestamp::MIN).next().is_some();
        assert!(!is_known, "span {number}");
        push(&generation, (SHARD, slot), &span, None);
    }
    let shard = generation.read(SHARD);
    for number in 0..SPANS {
        assert_eq!(shard.with_id(slot, span_id(number), Timestamp::MIN).count(), 1, "span {number}");
    }
    assert_eq!(shard.count(slot, Timestamp::MIN, Position::MAX), (SPANS.into(), false));
}
