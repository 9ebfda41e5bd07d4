//! What is pushed is what every question answers.

use crate::common::{AROUND, GENERATIONS, Trace, open, read, trace, traces, write};
use rand::RngExt as _;
use rand::rngs::SmallRng;
use segment::{Memory, Segment};
use span::{Status, Timestamp, TraceId};
use testkit::{OwnedAttribute, OwnedSpan, each_seed, schedules};

fn check(traces: &[Trace]) {
    let segment = open(write(traces));
    let facts = segment.facts();
    let starts = || traces.iter().flat_map(|trace| trace.spans.iter().map(|span| span.start));
    assert_eq!(facts.generations, GENERATIONS);
    assert_eq!(facts.spans, starts().count() as u64);
    assert_eq!(facts.traces as usize, traces.len());
    assert_eq!(facts.rooted as usize, traces.iter().filter(|trace| trace.root().is_some()).count());
    assert_eq!(facts.start_min, starts().min().unwrap_or(Timestamp::MAX));
    assert_eq!(facts.start_max, starts().max().unwrap_or(Timestamp::MIN));
    for (row, trace) in (0..).zip(traces) {
        assert_eq!(&read(&segment, row).expect("it was just written"), trace);
    }
    check_ids(&segment, traces);
    check_ranks(&segment, traces);
    check_roots(&segment, traces);
    segment.verify().expect("it was just written");
    assert!(segment.trace_id(facts.traces).is_err() && segment.memory(facts.traces).is_err());
    assert!(segment.root_start(facts.rooted).is_err() && segment.span_count(facts.traces).is_err());
}

fn check_ids(segment: &Segment, traces: &[Trace]) {
    let mut ids = Vec::new();
    segment
        .for_each_trace_id(0..segment.facts().traces, |row, id| ids.push((row, id)))
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

/// All rows at once say what each says by itself, and a part of them no less.
fn check_roots(segment: &Segment, traces: &[Trace]) {
    let rooted = segment.facts().rooted;
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
fn what_is_pushed_is_read() {
    each_seed(schedules(120), |random| check(&draw(random)));
}

#[test]
fn a_segment_is_shared_between_threads() {
    fn check_shared<T: Send + Sync>(_: &T) {}
    check_shared(&open(write(&[])));
}

#[test]
fn an_empty_segment_says_so() {
    check(&[]);
}

#[test]
fn one_trace_may_be_large() {
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

/// Spans beyond the limit of shapes keep their attributes as records; `late` is then a field without values.
#[test]
fn a_field_that_comes_after_the_last_shape_is_kept() {
    let span = |number: u32| {
        let mut span = OwnedSpan::root(0, 0, AROUND.saturating_add(number.into()));
        let keys = (0..13).filter(|bit| number >> bit & 1 != 0).map(|bit| format!("key-{bit}"));
        let late = (number > 4_500).then(|| "late".to_owned());
        span.attributes = keys.chain(late).map(|key| OwnedAttribute::text(key, "x")).collect();
        span.trace_id = TraceId::from_bytes([number.to_le_bytes(); 4].concat().try_into().expect("4 by 4"));
        span
    };
    let memory = Memory { begins: true, gone_root: None };
    let traces: Vec<Trace> =
        (0..4_600).map(span).map(|span| Trace::new(span.trace_id, memory, vec![span])).collect();
    check(&traces);
}

/// After enough different values repeats are not looked for any more; those that come are kept all the same.
#[test]
fn values_that_begin_to_repeat_late_are_kept() {
    let span = |number: u32| {
        let mut span = OwnedSpan::root(0, 0, AROUND.saturating_add(number.into()));
        let value = if number < 34_000 { format!("{number}-new") } else { "repeated".to_owned() };
        span.attributes = vec![OwnedAttribute::text("key".to_owned(), &value)];
        span.trace_id = TraceId::from_bytes([number.to_le_bytes(); 4].concat().try_into().expect("4 by 4"));
        span
    };
    let memory = Memory { begins: true, gone_root: None };
    let traces: Vec<Trace> =
        (0..36_000).map(span).map(|span| Trace::new(span.trace_id, memory, vec![span])).collect();
    check(&traces);
}

/// Texts of hexadecimal digits: all different, in a dictionary, and some that are no longer such at the end.
#[test]
fn ids_in_hexadecimal_are_kept() {
    each_seed(8, |random| {
        let different = random.random_range(1..2_000u32);
        let last =
            ["0123abcd-end", "0123abcd", "0123ABCD-end", "x123abcd-end", ""][random.random_range(0..5)];
        let mut number = 0;
        let spans = std::iter::repeat_with(|| {
            number += 1;
            let mut span = OwnedSpan::root(0, 0, AROUND.saturating_add(number));
            let of_many = format!("{:08x}-{:x}é", random.random::<u32>(), random.random_range(0..16));
            let of_few = format!("{:08x}-end", random.random_range(0..different).wrapping_mul(0x9e37_79b9));
            let of_few = if number == 2_000 { last.to_owned() } else { of_few };
            span.attributes = vec![
                OwnedAttribute::text("many".to_owned(), &of_many),
                OwnedAttribute::text("few".to_owned(), &of_few),
            ];
            span.trace_id =
                TraceId::from_bytes([number.to_le_bytes(); 2].concat().try_into().expect("2 by 8"));
            span
        });
        let memory = Memory { begins: true, gone_root: None };
        let traces: Vec<Trace> =
            spans.take(2_000).map(|span| Trace::new(span.trace_id, memory, vec![span])).collect();
        check(&traces);
    });
}

#[test]
#[should_panic(expected = "out of order")]
fn traces_in_the_wrong_order_are_refused() {
    let memory = Memory { begins: true, gone_root: None };
    let trace = |id: u8| Trace { id: TraceId::from_bytes([id; 16]), memory, spans: Vec::new() };
    write(&[trace(2), trace(1)]);
}
