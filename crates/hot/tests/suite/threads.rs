//! Threads read while others write.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use hot::{Before, Generation, Position, RootRange, Router, Shard, Slot};
use span::{SpanId, Timestamp, TraceId};
use testkit::OwnedSpan;

use crate::records::{generation, push, trace_id};

const WRITERS: u8 = 2;
const TRACES_EACH: u8 = 8;
const SPANS: u32 = 400;

/// The spans of a trace are numbered in the order of arrival.
fn span_id(number: u32) -> SpanId {
    SpanId::from_bytes(u128::from(number).to_be_bytes())
}

fn write_traces(router: &Router, generation: &Generation, writer: u8) {
    for span in 0..SPANS {
        for number in writer * TRACES_EACH..(writer + 1) * TRACES_EACH {
            let (id, hash) = (trace_id(number), router.hash(trace_id(number)));
            let shard = router.shard(hash);
            let mut guard = generation.write(shard);
            let slot = guard.find(hash, id).unwrap_or_else(|| guard.begin(hash, id, Before::Nothing));
            drop(guard);
            let base = OwnedSpan::root(number, 0, Timestamp((SPANS - span).into()));
            push(generation, (shard, slot), &OwnedSpan { span_id: span_id(span), ..base }, None);
        }
    }
}

/// The state that a reader saw while it held all shards.
struct Look {
    ends: Vec<Position>,
    counts: BTreeMap<TraceId, (usize, Slot, u64)>,
}

fn look(generation: &Generation) -> Look {
    let shards = generation.read_all();
    let counts = shards.iter().enumerate().flat_map(|(number, shard)| {
        let count = move |slot| shard.count(slot, Timestamp::MIN, Position::MAX).0;
        shard.traces().map(move |(slot, trace)| (trace.id(), (number, slot, count(slot))))
    });
    Look { ends: shards.iter().map(|shard| shard.end()).collect(), counts: counts.collect() }
}

/// Checks that the generation still has exactly the spans of the look before its ends.
fn check(generation: &Generation, look: &Look) {
    for (number, slot, count) in look.counts.values().copied() {
        let (shard, end) = (generation.read(number), look.ends[number]);
        assert_eq!(shard.count(slot, Timestamp::MIN, end), (count, false));
        let ids: Vec<SpanId> = shard.records(slot, end).map(|(_, record)| record.span_id()).collect();
        let expected = (0..u32::try_from(count).unwrap()).rev().map(span_id);
        assert!(ids.iter().copied().eq(expected), "{ids:?}");
        // Each span starts before the earlier ones, so the last one is the root.
        assert_eq!(shard.root_before(slot, end).map(|(_, id, _)| id), ids.first().copied());
    }
}

#[test]
fn reading_up_to_an_end_sees_one_state_while_others_write() {
    let router = Router::new(1);
    let generation = generation(&router);
    let writing = AtomicUsize::new(WRITERS.into());
    let looks = thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (router, generation, writing) = (&router, &generation, &writing);
            scope.spawn(move || {
                write_traces(router, generation, writer);
                writing.fetch_sub(1, Ordering::SeqCst);
            });
        }
        let mut looks = vec![look(&generation)];
        while writing.load(Ordering::SeqCst) > 0 {
            looks.push(look(&generation));
            check(&generation, &looks[looks.len() / 2]);
            thread::yield_now();
        }
        looks
    });
    looks.iter().step_by(looks.len().div_ceil(50)).for_each(|look| check(&generation, look));
    assert_eq!(generation.spans(), u64::from(WRITERS * TRACES_EACH) * u64::from(SPANS));
    let shards = generation.read_all();
    let all = |shard: &Shard| RootRange {
        from: Timestamp::MIN,
        until: Timestamp::MAX,
        version: shard.root_version(),
    };
    let listed: usize = shards.iter().map(|shard| shard.listed(all(shard), 100).0).sum();
    assert_eq!(listed, usize::from(WRITERS * TRACES_EACH));
}
