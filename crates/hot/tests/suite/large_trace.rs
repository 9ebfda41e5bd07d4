//! In a large trace, each span costs as much as in a small one.

use hot::{Before, Position, Router};
use span::{SpanId, Timestamp};
use testkit::OwnedSpan;

use crate::records::{CORES, SHARD, generation, push, trace_id};

/// Walking through all earlier spans for each span would read 20 thousand million records and take minutes.
const SPANS: u32 = 200_000;

fn span_id(number: u32) -> SpanId {
    // The last byte is always zero, so the filter cannot tell the ids apart.
    SpanId::from_bytes((u128::from(number) << 8).to_be_bytes())
}

#[test]
fn a_lookup_in_a_large_trace_does_not_walk_through_it() {
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
