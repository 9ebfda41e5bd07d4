//! The memory that a generation reports.

use hot::{Before, Generation, Position, Router};
use span::Timestamp;
use testkit::OwnedSpan;

use crate::records::{CORES, SHARD, generation, push, trace_id};

/// Makes a generation that has memory for its tables and a chunk of the arena before the test begins.
fn warm() -> (Router, Generation) {
    let router = Router::new(CORES);
    let generation = generation(&router);
    add_trace(&router, &generation, 1, 1);
    (router, generation)
}

/// Adds a trace of a root and children that all fit into the open chunk.
fn add_trace(router: &Router, generation: &Generation, number: u8, spans: u8) {
    let id = trace_id(number);
    let slot = generation.write(SHARD).begin(router.hash(id), id, Before::Nothing);
    let start = Timestamp(i64::from(number) << 30);
    push(generation, (SHARD, slot), &OwnedSpan::root(number, 1, start), None);
    for span in 2..=spans {
        push(generation, (SHARD, slot), &OwnedSpan::child(number, span, 1, start), None);
    }
}

fn forget(router: &Router, generation: &Generation, number: u8) {
    let hash = router.hash(trace_id(number));
    let mut shard = generation.write(SHARD);
    let slot = shard.find(hash, trace_id(number)).unwrap();
    shard.forget(hash, slot);
}

#[test]
fn forgetting_a_trace_frees_its_root_and_its_set_of_ids() {
    let (router, generation) = warm();
    for spans in [1, 24, 25, 200] {
        let before = generation.bytes();
        add_trace(&router, &generation, 2, spans);
        assert!(generation.bytes() > before, "{spans} spans take memory");
        forget(&router, &generation, 2);
        assert_eq!(generation.bytes(), before, "{spans} spans");
    }
}

#[test]
fn a_record_that_is_larger_than_a_chunk_is_counted() {
    let (_, generation) = warm();
    let before = generation.bytes();
    let slot = generation.read(SHARD).traces().next().unwrap().0;
    let name = "n".repeat(1 << 20);
    let tag = testkit::OwnedAttribute::text("key", name);
    let span = OwnedSpan { attributes: vec![tag], ..OwnedSpan::child(1, 9, 1, Timestamp(0)) };
    push(&generation, (SHARD, slot), &span, None);
    assert!(generation.bytes() >= before + (1 << 20));
    let shard = generation.read(SHARD);
    let (_, found) = shard.records(slot, Position::MAX).next().unwrap();
    assert!(found.bytes().len() > 1 << 20);
}

#[test]
fn names_are_counted_once() {
    let (router, generation) = warm();
    add_trace(&router, &generation, 2, 1);
    let before = generation.bytes();
    forget(&router, &generation, 2);
    add_trace(&router, &generation, 3, 1);
    assert_eq!(generation.bytes(), before, "the same operation");
    let slot = generation.read(SHARD).traces().next().unwrap().0;
    let other = OwnedSpan { name: "other".to_owned(), ..OwnedSpan::child(1, 9, 1, Timestamp(0)) };
    push(&generation, (SHARD, slot), &other, None);
    assert!(generation.bytes() > before + "other".len());
    assert_eq!(generation.names().operations.len(), 2);
}
