//! Tests of the rules about old and uncertain spans, which a real run rarely needs.

use span::{Status, Timestamp};

use super::{Expectation, ForeignTraces, Oracle, PageQuery, WindowEdges};
use crate::answer::{Detail, DetailSpan, Summary, TraceList};
use crate::emit::status_word;
use crate::findings::DifferenceKind;
use crate::generate::Trace;
use crate::ledger::{Entry, Ledger};

const SECOND: i64 = 1_000_000_000;
const WINDOW: i64 = 60 * SECOND;
const START: Timestamp = Timestamp(1_700_000_000 * SECOND);

fn oracle(entries: Vec<Entry>) -> Oracle {
    Oracle::new(Ledger { seed: 5, entries }, ForeignTraces::Unexpected)
}

fn entry(number: u32, acked: u8, uncertain: u8) -> Entry {
    Entry { start: START, number, acked, uncertain }
}

/// Returns the edges of the window when the trace that starts at `START` is this many seconds old.
fn edges_at(age_secs: i64) -> WindowEdges {
    let now = START.saturating_add(age_secs * SECOND);
    WindowEdges::new(WINDOW, now, now)
}

fn all_of(trace: &Trace) -> u8 {
    (1 << trace.spans.len()) - 1
}

fn detail_of(oracle: &Oracle, indexes: impl Fn(usize) -> bool) -> Detail {
    let trace = oracle.trace(0);
    let mut spans: Vec<_> = trace.spans.iter().enumerate().filter(|(index, _)| indexes(*index)).collect();
    spans.sort_by_key(|(_, span)| (span.offset, span.span_id));
    let spans = spans.into_iter().map(|(_, span)| DetailSpan {
        trace_id: trace.trace_id.to_string(),
        span_id: span.span_id.to_string(),
        parent_span_id: span.parent_span_id.map(|id| id.to_string()),
        service: span.service.to_owned(),
        operation: span.operation.to_owned(),
        start_time: span.start(START).0,
        end_time: span.end(START).0,
        status: status_word(span.status).to_owned(),
        tags: Some(span.tags.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()),
    });
    Detail { trace_id: trace.trace_id.to_string(), spans: spans.collect() }
}

fn summary_of(oracle: &Oracle, span_count: u32, status: Status) -> Summary {
    let trace = oracle.trace(0);
    Summary {
        trace_id: trace.trace_id.to_string(),
        root_service: trace.root().service.to_owned(),
        root_operation: trace.root().operation.to_owned(),
        span_count: span_count.into(),
        duration_ms: i64::try_from(trace.root().duration / 1_000_000).unwrap(),
        start_time: START.0,
        status: status_word(status).to_owned(),
    }
}

fn kinds_of_page(oracle: &Oracle, traces: Vec<Summary>, edges: WindowEdges) -> Vec<DifferenceKind> {
    let query = PageQuery { limit: None, after: Some(START), before: Some(START.saturating_add(1)) };
    let page = TraceList { total: traces.len() as u64, traces };
    let (mut differences, shown) = oracle.check_page(query, &page, edges);
    differences.extend(oracle.check_complete(query, &page, &shown, edges));
    differences.into_iter().map(|difference| difference.kind).collect()
}

#[test]
fn the_edge_of_the_window_is_allowed_either_way() {
    for (age_secs, expectation) in [
        (0, Expectation::Required),
        (58, Expectation::Required),
        (59, Expectation::Allowed),
        (62, Expectation::Allowed),
        (63, Expectation::Forbidden),
    ] {
        assert_eq!(edges_at(age_secs).expectation(START), expectation, "{age_secs} s old");
    }
}

#[test]
fn a_listed_trace_must_be_there_until_the_edge_and_gone_behind_it() {
    let oracle = oracle(vec![entry(0, 1, 0)]);
    let status = oracle.trace(0).root().status;
    let listed = || vec![summary_of(&oracle, 1, status)];
    assert_eq!(kinds_of_page(&oracle, listed(), edges_at(10)), []);
    assert_eq!(kinds_of_page(&oracle, vec![], edges_at(10)), [DifferenceKind::Total, DifferenceKind::Range]);
    assert_eq!(kinds_of_page(&oracle, listed(), edges_at(60)), []);
    assert_eq!(kinds_of_page(&oracle, vec![], edges_at(60)), []);
    assert_eq!(kinds_of_page(&oracle, listed(), edges_at(70)), [DifferenceKind::Total, DifferenceKind::Aged]);
    assert_eq!(kinds_of_page(&oracle, vec![], edges_at(70)), []);
}

#[test]
fn an_uncertain_root_may_be_listed_and_an_unsent_one_may_not() {
    let uncertain = oracle(vec![entry(0, 0b10, 0b01)]);
    let trace = uncertain.trace(0);
    let is_error = trace.spans[..2].iter().any(|span| span.status == Status::Error);
    let status = if is_error { Status::Error } else { Status::Ok };
    assert_eq!(kinds_of_page(&uncertain, vec![], edges_at(1)), []);
    assert_eq!(kinds_of_page(&uncertain, vec![summary_of(&uncertain, 2, status)], edges_at(1)), []);
    let rootless = oracle(vec![entry(0, 0b10, 0)]);
    assert_eq!(kinds_of_page(&rootless, vec![], edges_at(1)), []);
    let kinds = kinds_of_page(&rootless, vec![summary_of(&rootless, 2, status)], edges_at(1));
    assert_eq!(kinds, [DifferenceKind::Total, DifferenceKind::Rootless]);
}

#[test]
fn uncertain_spans_widen_the_count_and_the_status() {
    let is_wanted = |trace: &Trace| {
        trace.spans.len() == 5
            && trace.spans[4].status == Status::Error
            && trace.spans[..4].iter().all(|span| span.status == Status::Ok)
    };
    let number = (0..10_000).find(|&number| is_wanted(&crate::generate::trace(5, number))).unwrap();
    let check = |acked, uncertain, span_count, status, is_good: bool| {
        let oracle = oracle(vec![entry(number, acked, uncertain)]);
        let differences = oracle.check_summary(0, &summary_of(&oracle, span_count, status));
        assert_eq!(differences.is_empty(), is_good, "{acked:b} {uncertain:b}: {differences:?}");
    };
    check(0b11111, 0, 5, Status::Error, true);
    check(0b11111, 0, 5, Status::Ok, false);
    check(0b11111, 0, 4, Status::Error, false);
    check(0b01111, 0b10000, 4, Status::Ok, true);
    check(0b01111, 0b10000, 5, Status::Error, true);
    check(0b01111, 0b10000, 3, Status::Ok, false);
    check(0b01111, 0, 4, Status::Error, false);
    check(0b01111, 0, 5, Status::Ok, false);
}

#[test]
fn a_detail_shows_what_is_acknowledged_and_may_show_what_is_uncertain() {
    let trace = oracle(vec![entry(0, 0, 0)]).trace(0);
    let whole = oracle(vec![entry(0, all_of(&trace), 0)]);
    let last = trace.spans.len() - 1;
    let kinds = |oracle: &Oracle, detail: Option<&Detail>, age_secs| -> Vec<DifferenceKind> {
        let differences = oracle.check_detail(0, detail, edges_at(age_secs));
        differences.into_iter().map(|difference| difference.kind).collect()
    };
    let complete = detail_of(&whole, |_| true);
    let shorter = detail_of(&whole, |index| index != last);
    assert_eq!(kinds(&whole, Some(&complete), 1), []);
    assert_eq!(kinds(&whole, Some(&shorter), 1), [DifferenceKind::Span]);
    assert_eq!(kinds(&whole, None, 1), [DifferenceKind::Span]);
    assert_eq!(kinds(&whole, None, 60), []);
    assert_eq!(kinds(&whole, Some(&complete), 60), []);
    assert_eq!(kinds(&whole, None, 70), []);
    assert_eq!(kinds(&whole, Some(&complete), 70), [DifferenceKind::Aged]);

    let doubtful = oracle(vec![entry(0, all_of(&trace) & !(1 << last), 1 << last)]);
    assert_eq!(kinds(&doubtful, Some(&complete), 1), []);
    assert_eq!(kinds(&doubtful, Some(&shorter), 1), []);

    let rootless = oracle(vec![entry(0, all_of(&trace) & !1, 0)]);
    let children = detail_of(&rootless, |index| index != 0);
    assert_eq!(kinds(&rootless, Some(&children), 1), []);
    assert_eq!(kinds(&rootless, Some(&complete), 1), [DifferenceKind::Span]);
    assert_eq!(kinds(&rootless, None, 1), [DifferenceKind::Span]);
}
