//! A batch that is larger than a frame of the log.

use std::sync::Arc;

use span::Timestamp;
use store::{Durability, Overload, Settings, Store};
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
        let trace = store.trace(span(number, 0).trace_id, START)?;
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
fn a_batch_of_more_than_a_frame_takes_several_and_a_span_of_more_is_refused() {
    let settings = Settings { durability: Durability::Os, ..Settings::default() };
    let open = |disk: SimDisk| Store::open(settings, Arc::new(disk), START).expect("it opens");
    let disk = SimDisk::new();
    let store = open(disk.clone());
    let batch: Vec<OwnedSpan> = (0..3).map(|number| span(number, 40 * MEBIBYTE)).collect();
    let accepted = with_borrowed(&batch, |spans| store.accept(spans, START)).expect("there is room");
    assert_eq!(accepted.stored, 3);
    let refused = with_borrowed(&[span(3, 65 * MEBIBYTE)], |spans| store.accept(spans, START));
    assert!(matches!(refused, Err(Overload::SpanTooLarge { .. })), "{refused:?}");
    assert_eq!(store.stats(START).health.log_trouble, None);
    assert_eq!(lengths(&store), [40 * MEBIBYTE; 3]);
    drop(store);
    assert_eq!(
        lengths(&Store::open(settings, Arc::new(disk.crash()), START).expect("it opens")),
        [40 * MEBIBYTE; 3]
    );
}
