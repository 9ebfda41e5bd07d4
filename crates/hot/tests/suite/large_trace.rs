//! In a large trace, each span costs as much as in a small one.

use hot::{Before, Generation, Position, Router, Slot};
use span::{Kind, Reporter, SpanId, Timestamp};
use testkit::OwnedSpan;

use crate::records::{CORES, SHARD, generation, push, trace_id};

/// Walking through all earlier spans for each span would read 20 thousand million records and take minutes.
const SPANS: u32 = 200_000;

fn span_id(number: u32) -> SpanId {
    // The last byte is always zero, so the filter cannot tell the ids apart.
    SpanId::from_bytes((u128::from(number) << 8).to_be_bytes())
}

fn contains(generation: &Generation, slot: Slot, span: &OwnedSpan) -> bool {
    generation.read(SHARD).contains(slot, (span.span_id, span.reporter()), Timestamp::MIN)
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
        let is_known = contains(&generation, slot, &span);
        assert!(!is_known, "span {number}");
        push(&generation, (SHARD, slot), &span, None);
    }
    let shard = generation.read(SHARD);
    for number in 0..SPANS {
        let asked = (span_id(number), Reporter::default());
        assert!(shard.contains(slot, asked, Timestamp::MIN), "span {number}");
    }
    assert_eq!(shard.count(slot, Timestamp::MIN, Position::MAX), (SPANS.into(), false));
}

/// A sender may report one span id as often as it likes, each time with another kind.
#[test]
fn a_lookup_among_many_reporters_of_one_id_does_not_walk_through_them() {
    const REPORTERS: i32 = 30_000;
    let router = Router::new(CORES);
    let generation = generation(&router);
    let hash = router.hash(trace_id(1));
    let slot = generation.write(SHARD).begin(hash, trace_id(1), Before::Nothing);
    let of_kind = |kind| OwnedSpan { kind: Kind(kind), ..OwnedSpan::root(1, 1, Timestamp(0)) };
    for kind in 0..REPORTERS {
        let span = of_kind(kind);
        assert!(!contains(&generation, slot, &span), "kind {kind}");
        push(&generation, (SHARD, slot), &span, None);
        assert!(contains(&generation, slot, &span), "kind {kind}");
    }
}
