//! Every question returns what was pushed.

use crate::common::{AROUND, GENERATIONS, Trace, open, read, trace, traces, write};
use rand::RngExt as _;
use rand::rngs::SmallRng;
use segment::{Carryover, Segment};
use span::{Status, Timestamp, TraceId};
use testkit::{OwnedAttribute, OwnedSpan, OwnedValue, each_seed, schedules};

fn check(traces: &[Trace]) {
    let segment = open(write(traces));
    let meta = segment.meta();
    let starts = || traces.iter().flat_map(|trace| trace.spans.iter().map(|span| span.start));
    assert_eq!(meta.generations, GENERATIONS);
    assert_eq!(meta.spans, starts().count() as u64);
    assert_eq!(meta.traces as usize, traces.len());
    assert_eq!(meta.rooted as usize, traces.iter().filter(|trace| trace.root().is_some()).count());
    assert_eq!(meta.start_min, starts().min().unwrap_or(Timestamp::MAX));
    assert_eq!(meta.start_max, starts().max().unwrap_or(Timestamp::MIN));
    for (row, trace) in (0..).zip(traces) {
        assert_eq!(&read(&segment, row).expect("it was just written"), trace);
    }
    check_ids(&segment, traces);
    check_ranks(&segment, traces);
    check_roots(&segment, traces);
    segment.verify().expect("it was just written");
    assert!(segment.trace_id(meta.traces).is_err() && segment.carryover(meta.traces).is_err());
    assert!(segment.root_start(meta.rooted).is_err() && segment.span_count(meta.traces).is_err());
}

fn check_ids(segment: &Segment, traces: &[Trace]) {
    let mut ids = Vec::new();
    segment
        .for_each_trace_id(0..segment.meta().traces, |row, id| ids.push((row, id)))
        .expect("it was just written");
    let expected: Vec<(u32, TraceId)> = (0..).zip(traces.iter().map(|trace| trace.id)).collect();
    assert_eq!(ids, expected);
}

fn check_ranks(segment: &Segment, traces: &[Trace]) {
    let roots: Vec<Timestamp> = traces.iter().filter_map(Trace::root).map(|root| root.start).collect();
    let around = roots.iter().flat_map(|start| [start.saturating_sub(1), *start, start.saturating_add(1)]);
    for start in around.chain([Timestamp::MIN, AROUND, Timestamp::MAX]) {
        let naive = roots.iter().filter(|root| **root < start).count();
        assert_eq!(segment.root_rank(start).expect("it was just written") as usize, naive, "{start}");
    }
}

/// Reading all rows at once, or a range of them, gives the same as reading each alone.
fn check_roots(segment: &Segment, traces: &[Trace]) {
    let rooted = segment.meta().rooted;
    for rows in [0..rooted, rooted / 3..rooted, rooted / 2..rooted / 2] {
        let mut found = Vec::new();
        segment
            .for_each_root(rows.clone(), |row, root| {
                found.push((row, root.start, root.duration, root.spans, root.has_error));
            })
            .expect("it was just written");
        let expected = (0..).zip(traces).skip(rows.start as usize).take(rows.len());
        let expected = expected.map(|(row, trace): (u32, _)| {
            let root = trace.root().expect("it is rooted");
            let has_error = trace.spans.iter().any(|span| span.status == Status::Error);
            (row, root.start, root.end.nanos_since(root.start), trace.spans.len() as u64, has_error)
        });
        assert_eq!(found, expected.collect::<Vec<_>>());
    }
    assert!(segment.for_each_root(rooted..rooted + 1, |_, _| ()).is_err());
}

fn draw(random: &mut SmallRng) -> Vec<Trace> {
    let count = if random.random_bool(0.05) { 600 } else { random.random_range(0..60) };
    traces(random, count)
}

#[test]
fn traces_are_read_as_they_were_pushed() {
    each_seed(schedules(120), |random| check(&draw(random)));
}

#[test]
fn a_segment_is_shared_between_threads() {
    fn check_shared<T: Send + Sync>(_: &T) {}
    check_shared(&open(write(&[])));
}

#[test]
fn an_empty_segment_opens_and_has_no_traces() {
    check(&[]);
}

#[test]
fn a_large_trace_is_read_as_it_was_pushed() {
    each_seed(1, |random| {
        let mut traces = traces(random, 20);
        traces.push(trace(random, 20_000));
        crate::common::sort(&mut traces);
        check(&traces);
    });
}

#[test]
fn many_different_attributes_are_kept() {
    each_seed(6, |random| {
        let mut traces = traces(random, 400);
        for (number, span) in traces.iter_mut().flat_map(|trace| &mut trace.spans).enumerate() {
            for attribute in &mut span.attributes {
                attribute.key = format!("key-{}", random.random_range(0..number + 1));
            }
        }
        check(&traces);
    });
}

/// Makes a trace of one span for each list of attributes, in the order of the list.
fn lone_spans(attributes: impl Iterator<Item = Vec<OwnedAttribute>>) -> Vec<Trace> {
    let carryover = Carryover { begins: true, gone_root: None };
    let trace = |(number, attributes): (u32, _)| {
        let mut span = OwnedSpan::root(0, 0, AROUND.saturating_add(number.into()));
        span.attributes = attributes;
        span.trace_id = TraceId::from_bytes([number.to_le_bytes(); 4].concat().try_into().expect("4 by 4"));
        Trace::new(span.trace_id, carryover, vec![span])
    };
    (0..).zip(attributes).map(trace).collect()
}

fn text(key: &str, value: &str) -> OwnedAttribute {
    OwnedAttribute::text(key.to_owned(), value)
}

/// Spans beyond the limit of shapes store their attributes as records; `late` is then a field without values.
#[test]
fn a_field_that_arrives_after_the_last_shape_is_kept() {
    check(&lone_spans((0..4_600).map(|number: u32| {
        let keys = (0..13).filter(|bit| number >> bit & 1 != 0).map(|bit| format!("key-{bit}"));
        let late = (number > 4_500).then(|| "late".to_owned());
        keys.chain(late).map(|key| text(&key, "x")).collect()
    })));
}

/// After enough distinct values the writer no longer looks for repetitions; values that repeat later are kept all the
/// same.
#[test]
fn values_that_begin_to_repeat_late_are_kept() {
    check(&lone_spans((0..6_000).map(|number| {
        let value = if number < 5_000 { format!("{number}-new") } else { "repeated".to_owned() };
        vec![text("key", &value)]
    })));
}

/// Hexadecimal texts: all distinct, in a dictionary, and a column whose last text is not hexadecimal.
#[test]
fn ids_in_hexadecimal_are_kept() {
    each_seed(8, |random| {
        let different = random.random_range(1..2_000u32);
        let last =
            ["0123abcd-end", "0123abcd", "0123ABCD-end", "x123abcd-end", ""][random.random_range(0..5)];
        check(&lone_spans((0..2_000).map(|number| {
            let of_many = format!("{:08x}-{:x}é", random.random::<u32>(), random.random_range(0..16));
            let of_few = format!("{:08x}-end", random.random_range(0..different).wrapping_mul(0x9e37_79b9));
            vec![text("many", &of_many), text("few", if number == 1_999 { last } else { &of_few })]
        })));
    });
}

/// Decimal doubles: a column with only such, and one whose last double is not decimal.
#[test]
fn prices_are_kept_to_the_bit() {
    each_seed(8, |random| {
        let last = [19.99, 0.1 + 0.2, f64::INFINITY, f64::MIN_POSITIVE, 1e300][random.random_range(0..5)];
        check(&lone_spans((0..700).map(|number| {
            let cents = f64::from(random.random_range(-1_000_000..1_000_000));
            let value = OwnedValue::Double(if number == 699 { last } else { cents / 100.0 });
            vec![OwnedAttribute { key: "app.cart.total".to_owned(), value }]
        })));
    });
}

/// Each text occurs a few times, and together they are large: their dictionary is compressed.
#[test]
fn statements_that_repeat_are_kept() {
    each_seed(4, |random| {
        let traces = lone_spans((0..3_000).map(|_| {
            let order = random.random_range(0..600);
            let statement = format!("SELECT total, tax FROM orders WHERE id = {order} AND shop = 'north'");
            vec![text("db.query.text", &statement)]
        }));
        let segment = open(write(&traces));
        let texts = segment.columns().find(|column| column.name.ends_with(", texts"));
        assert_eq!(texts.map(|column| column.encoding), Some("blob"));
        check(&traces);
    });
}

#[test]
#[should_panic(expected = "out of order")]
fn traces_in_the_wrong_order_are_refused() {
    let carryover = Carryover { begins: true, gone_root: None };
    let trace = |id: u8| Trace { id: TraceId::from_bytes([id; 16]), carryover, spans: Vec::new() };
    write(&[trace(2), trace(1)]);
}
