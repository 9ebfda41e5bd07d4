//! A batch that is larger than a frame of the log.

use std::sync::Arc;

use rand::rngs::SmallRng;
use rand::{Rng as _, SeedableRng as _};
use span::Timestamp;
use store::{Durability, Overload, Settings, Store, fits};
use testkit::{OwnedAttribute, OwnedSpan, OwnedValue, SimDisk, with_borrowed};

const START: Timestamp = Timestamp(1_790_000_000_000_000_000);
const MEBIBYTE: usize = 1 << 20;

fn span(number: u8, bytes: usize) -> OwnedSpan {
    let text = OwnedValue::Text("x".repeat(bytes));
    let attributes = vec![OwnedAttribute { key: "text".to_owned(), value: text }];
    OwnedSpan { attributes, ..OwnedSpan::root(number, 1, START) }
}

fn lengths(store: &Store) -> Vec<usize> {
    let length = |number: u8| {
        let trace = store.trace(span(number, 0).trace_id, START).ok()?;
        let mut length = 0;
        trace.for_each(0..1, |span| {
            if let span::Value::Text(text) = span.attributes[0].value {
                length = text.len();
            }
        });
        Some(length)
    };
    (0..4).filter_map(length).collect()
}

#[test]
fn a_batch_larger_than_a_frame_takes_several_and_a_span_larger_than_one_is_left_out() {
    let settings = Settings { durability: Durability::Os, ..Settings::default() };
    let open = |disk: SimDisk| Store::open(settings, Arc::new(disk), START).expect("it opens");
    let disk = SimDisk::new();
    let store = open(disk.clone());
    let mut batch: Vec<OwnedSpan> = (0..3).map(|number| span(number, 40 * MEBIBYTE)).collect();
    batch.insert(1, span(3, 65 * MEBIBYTE));
    batch.push(OwnedSpan { start: Timestamp(0), ..span(4, 1) });
    let accepted = with_borrowed(&batch, |spans| store.accept(spans, START)).expect("there is room");
    assert_eq!((accepted.stored, accepted.too_large, accepted.stale), (3, 1, 1));
    assert_eq!(accepted.total(), 5);
    assert!(with_borrowed(&batch, |spans| [0, 1, 2].map(|at| fits(&spans[at])) == [true, false, true]));
    let ledger = store.ledger();
    assert_eq!((ledger.stored, ledger.repeated, ledger.stale), (3, 0, 1));
    assert_eq!(store.stats(START).health.log_trouble, None);
    assert_eq!(lengths(&store), [40 * MEBIBYTE; 3]);
    drop(store);
    assert_eq!(
        lengths(&Store::open(settings, Arc::new(disk.crash()), START).expect("it opens")),
        [40 * MEBIBYTE; 3]
    );
}

#[test]
fn the_stored_part_of_a_refused_batch_is_counted_as_stored() {
    let settings = Settings { memory_bytes_max: 64 * MEBIBYTE, ..Settings::default() };
    let store = Store::in_memory(settings, START);
    // The first frames fill the memory, and none of their spans may be evicted, because all of them are ahead of the
    // clock.
    let ahead = Timestamp(START.0 + 60_000_000_000);
    let mut random = SmallRng::seed_from_u64(9);
    let one = |number: u8| {
        let mut noise = vec![0; 40 * MEBIBYTE];
        random.fill_bytes(&mut noise);
        let attributes = vec![OwnedAttribute { key: "noise".to_owned(), value: OwnedValue::Bytes(noise) }];
        OwnedSpan { attributes, ..OwnedSpan::root(number, 1, ahead) }
    };
    let batch: Vec<OwnedSpan> = (0..4).map(one).collect();
    let refused = with_borrowed(&batch, |spans| store.accept(spans, START)).expect_err("there is no room");
    assert!(matches!(refused.overload, Overload::MemoryFull { .. }), "{refused:?}");
    let ledger = store.ledger();
    assert_eq!((refused.accepted.stored, ledger.stored), (2, 2));
    assert_eq!(refused.accepted.total(), 2);
}
