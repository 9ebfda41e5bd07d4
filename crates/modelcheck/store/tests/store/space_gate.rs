//! Batches that wait until the worker has made space. No timeout ends here, so a wake-up that is lost is a deadlock.

use std::sync::Arc;

use checked_store::{Durability, Settings, Store, TrustedClock, Worker};
use sync::thread;
use testkit::{OwnedAttribute, OwnedSpan, SimClock, with_borrowed};

use crate::{START, at, explore_some, join_all, settings};

/// Two batches fill it. A chunk of memory is 64 KiB for each of the four shards.
const MEMORY_BYTES: usize = 512 << 10;
const BATCH_BYTES: usize = 200 << 10;
const THREADS: u8 = 2;
const BATCHES: u8 = 3;

fn large_batch(thread: u8, number: u8) -> Vec<OwnedSpan> {
    let text = "x".repeat(BATCH_BYTES);
    let start = at(i64::from(number * THREADS + thread));
    let attributes = vec![OwnedAttribute::text("body".to_owned(), text)];
    vec![OwnedSpan { attributes, ..OwnedSpan::root(1 + thread, number, start) }]
}

#[test]
fn a_batch_that_waits_for_space_gets_it_from_the_worker() {
    explore_some(4, || {
        let settings = Settings { memory_bytes_max: MEMORY_BYTES, ..settings(Durability::Memory) };
        let store = Arc::new(Store::in_memory(settings, START));
        let worker =
            Worker::start(Arc::clone(&store), Arc::new(TrustedClock::new(Arc::new(SimClock::at(START)))))
                .unwrap();
        let sends = (0..THREADS).map(|thread| {
            let store = Arc::clone(&store);
            thread::spawn(move || {
                for number in 0..BATCHES {
                    let batch = large_batch(thread, number);
                    with_borrowed(&batch, |spans| store.accept(spans, START)).unwrap();
                }
            })
        });
        let sends: Vec<_> = sends.collect();
        join_all(sends);
        drop(worker);
        assert!(store.stats(START).segments > 0, "all batches together do not fit");
    });
}
