//! Traces for the tests, and how to read them back from a segment.

use std::ops::ControlFlow;
use std::sync::Arc;

use bumpalo::Bump;
use rand::RngExt as _;
use rand::rngs::SmallRng;
use segment::{Carryover, Damaged, Generations, RootNumbers, RowNumbers, Segment, Writer};
use span::{SpanId, Timestamp, TraceId};
use testkit::{OwnedSpan, SpanGenerator, with_borrowed};

pub(crate) const AROUND: Timestamp = Timestamp(1_790_000_000_000_000_000);
pub(crate) const GENERATIONS: Generations = Generations { first: 7, last: 9 };

/// One trace as it is pushed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Trace {
    pub(crate) id: TraceId,
    pub(crate) carryover: Carryover,
    /// By (start, span id).
    pub(crate) spans: Vec<OwnedSpan>,
}

impl Trace {
    pub(crate) fn new(id: TraceId, carryover: Carryover, mut spans: Vec<OwnedSpan>) -> Self {
        spans.sort_by_key(|span| (span.start, span.span_id));
        spans.dedup_by_key(|span| (span.start, span.span_id));
        Self { id, carryover, spans }
    }

    pub(crate) fn root(&self) -> Option<&OwnedSpan> {
        self.spans.iter().find(|span| span.parent_span_id.is_none())
    }
}

/// Sorts traces into the order in which a writer takes them.
pub(crate) fn sort(traces: &mut Vec<Trace>) {
    traces.sort_by(|one, other| match (one.root(), other.root()) {
        (Some(a), Some(b)) => a.start.cmp(&b.start).then(other.id.cmp(&one.id)),
        (Some(_), None) => std::cmp::Ordering::Less,
        (None, Some(_)) => std::cmp::Ordering::Greater,
        (None, None) => one.id.cmp(&other.id),
    });
    traces.dedup_by_key(|trace| trace.id);
}

pub(crate) fn write(traces: &[Trace]) -> Vec<u8> {
    let mut writer = Writer::new(GENERATIONS);
    for trace in traces {
        with_borrowed(&trace.spans, |spans| writer.push(trace.id, trace.carryover, spans));
    }
    writer.finish()
}

pub(crate) fn open(bytes: Vec<u8>) -> Segment {
    Segment::open(Arc::new(bytes)).expect("it was just written")
}

pub(crate) fn carryover(random: &mut SmallRng) -> Carryover {
    let gone = (Timestamp(random.random()), SpanId::from_bytes(random.random()));
    Carryover { begins: random.random_bool(0.7), gone_root: random.random_bool(0.2).then_some(gone) }
}

/// Draws a trace of `count` random spans.
pub(crate) fn trace(random: &mut SmallRng, count: usize) -> Trace {
    let id = TraceId::from_bytes(random.random());
    let mut carryover = carryover(random);
    let may_have_root = random.random_bool(0.8);
    let mut spans: Vec<OwnedSpan> = Vec::new();
    for _ in 0..count {
        let mut parents: Vec<SpanId> = spans.iter().rev().take(5).map(|span| span.span_id).collect();
        if !may_have_root {
            parents.push(SpanId::from_bytes(random.random()));
        }
        let mut span = SpanGenerator::new(random).span(id, &parents, AROUND);
        reshape(random, &mut span, spans.last());
        if !may_have_root && span.parent_span_id.is_none() {
            span.parent_span_id = parents.last().copied();
        }
        spans.push(span);
    }
    carryover.begins |= spans.is_empty();
    Trace::new(id, carryover, spans)
}

/// Makes equal starts, extreme times and round times likely.
fn reshape(random: &mut SmallRng, span: &mut OwnedSpan, previous: Option<&OwnedSpan>) {
    let duration = span.end.nanos_since(span.start);
    match (random.random_range(0..20), previous) {
        (0..4, Some(previous)) => span.start = previous.start,
        (4, _) => (span.start, span.end) = (Timestamp::MIN, Timestamp::MAX),
        (5, _) => (span.start, span.end) = (Timestamp::MAX, Timestamp::MAX),
        (6..9, Some(previous)) => (span.start, span.end) = (previous.start, previous.start),
        _ => {}
    }
    if span.end < span.start || (span.start > Timestamp::MIN && span.end < Timestamp::MAX) {
        span.end = Timestamp(span.start.0.saturating_add_unsigned(duration));
    }
}

pub(crate) fn traces(random: &mut SmallRng, count: usize) -> Vec<Trace> {
    let mut traces: Vec<Trace> = (0..count)
        .map(|_| {
            let spans_max = if random.random_bool(0.1) { 100 } else { 8 };
            let spans = random.random_range(0..spans_max);
            trace(random, spans)
        })
        .collect();
    sort(&mut traces);
    traces
}

/// Reads a row by every method that there is.
pub(crate) fn read(segment: &Segment, row: u32) -> Result<Trace, Damaged> {
    let arena = Bump::new();
    let spans: Vec<OwnedSpan> =
        segment.spans(row, &arena)?.iter().map(|span| OwnedSpan::from(*span)).collect();
    let mut parts: Vec<OwnedSpan> = Vec::new();
    segment.for_each_part(row, |part| {
        parts.extend(part.iter().map(|span| OwnedSpan::from(*span)));
        ControlFlow::Continue(())
    })?;
    if row < segment.meta().rooted && !parts.is_empty() {
        assert!(parts[0].parent_span_id.is_none(), "the root is the first");
        // Two halves of a call may have one start and id, so the place is found by the whole span.
        let place = spans.iter().position(|span| *span == parts[0]).expect("it is the same trace");
        parts[..=place].rotate_left(1);
    }
    assert_eq!(parts, spans);
    let trace = Trace { id: segment.trace_id(row)?, carryover: segment.carryover(row)?, spans };
    let mut ids = Vec::new();
    segment.for_each_span_id(row, |id| ids.push(id))?;
    let mut starts = Vec::new();
    segment.for_each_start(row, |start, failed| starts.push((start, failed)))?;
    ids.sort();
    starts.sort();
    let mut other_ids: Vec<_> = trace.spans.iter().map(|span| span.span_id).collect();
    other_ids.sort();
    let failed = |span: &OwnedSpan| span.status == span::Status::Error;
    let mut other_starts: Vec<_> = trace.spans.iter().map(|span| (span.start, failed(span))).collect();
    other_starts.sort();
    assert_eq!((ids, starts), (other_ids, other_starts));
    assert_eq!(segment.has_error(row)?, trace.spans.iter().any(failed));
    assert_eq!(segment.span_count(row)? as usize, trace.spans.len());
    let mut rows = Vec::new();
    segment.for_each_row(row..row + 1, |row, numbers| rows.push((row, numbers)))?;
    let numbers = RowNumbers {
        spans: trace.spans.len() as u64,
        has_error: segment.has_error(row)?,
        begins: trace.carryover.begins,
    };
    assert_eq!(rows, [(row, numbers)]);
    if row < segment.meta().rooted {
        let root = segment.root(row)?;
        let expected = trace.root().expect("it is rooted");
        assert_eq!(segment.root_start(row)?, expected.start);
        let summary = segment.summary(row)?;
        assert_eq!((summary.trace_id, summary.spans), (trace.id, trace.spans.len() as u64));
        assert_eq!((summary.start, summary.duration), (root.start, root.duration));
        assert_eq!((summary.root_service, summary.root_name), (root.service, root.name));
        assert_eq!(summary.status == span::Status::Error, segment.has_error(row)?);
        assert_eq!(
            (root.start, root.span_id, root.service, root.name),
            (expected.start, expected.span_id, &*expected.service, &*expected.name)
        );
        assert_eq!(root.duration, expected.end.nanos_since(expected.start));
        assert_eq!(summary.root_failed, failed(expected));
        let mut numbers = Vec::new();
        segment.for_each_root(row..row + 1, |row, root| numbers.push((row, root)))?;
        let has_error = segment.has_error(row)?;
        let spans = trace.spans.len() as u64;
        assert_eq!(
            numbers,
            [(row, RootNumbers { start: root.start, duration: root.duration, spans, has_error })]
        );
    }
    Ok(trace)
}
