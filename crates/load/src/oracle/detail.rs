//! Checks the answer of `GET /traces/{trace_id}` against the ledger, field by field.

use std::collections::BTreeMap;

use span::TraceId;

use super::{Expectation, Oracle, WindowEdges, expectation_by_ledger};
use crate::answer::{Detail, DetailSpan};
use crate::emit::status_word;
use crate::findings::{Difference, DifferenceKind};
use crate::generate::{GeneratedSpan, Trace};

impl Oracle {
    /// Checks the answer for the trace of the ledger's entry with this index. `got` is `None` if the answer was 404.
    pub(crate) fn check_detail(
        &self,
        index: usize,
        got: Option<&Detail>,
        edges: WindowEdges,
    ) -> Vec<Difference> {
        let trace = self.trace(index);
        let expectations: Vec<_> =
            (0..trace.spans.len()).map(|span| self.shown(index, &trace, span, edges)).collect();
        let strongest = expectations.iter().max().copied().unwrap_or(Expectation::Forbidden);
        match (got, strongest) {
            (None, Expectation::Required) => vec![difference(&trace, "answer", ("200", "404"))],
            (None, Expectation::Allowed | Expectation::Forbidden) => Vec::new(),
            (Some(_), Expectation::Forbidden) => {
                let both = ("404, because no span of the trace is inside the window", "200");
                vec![Difference::new(DifferenceKind::Aged, trace.trace_id, "answer", both)]
            }
            (Some(detail), Expectation::Required | Expectation::Allowed) => {
                self.check_spans(index, &trace, &expectations, detail)
            }
        }
    }

    /// Returns whether the answer must, may or must not show a span. If the root is inside the window, the whole
    /// trace is shown, and if the root is outside, none of it. Without a root, each span leaves the window by its own
    /// start. Near the edge of the window, the root may be gone already, or may have arrived too late to be stored.
    fn shown(&self, index: usize, trace: &Trace, span: usize, edges: WindowEdges) -> Expectation {
        let entry = self.entry(index);
        let of_ledger = expectation_by_ledger(entry, span);
        let of_own_age = edges.expectation(trace.spans[span].start(entry.start));
        match (expectation_by_ledger(entry, 0), edges.expectation(entry.start)) {
            (Expectation::Required, Expectation::Required) => of_ledger,
            (Expectation::Forbidden, _) | (Expectation::Allowed, Expectation::Required) => {
                of_ledger.min(of_own_age)
            }
            (Expectation::Required | Expectation::Allowed, Expectation::Allowed | Expectation::Forbidden) => {
                of_ledger.min(of_own_age).min(Expectation::Allowed)
            }
        }
    }

    fn check_spans(
        &self,
        index: usize,
        trace: &Trace,
        expectations: &[Expectation],
        detail: &Detail,
    ) -> Vec<Difference> {
        let root_start = self.entry(index).start;
        let mut differences = Vec::new();
        compare(&mut differences, trace.trace_id, "trace_id", &trace.trace_id, &detail.trace_id);
        if detail.spans.is_empty() {
            differences.push(difference(trace, "spans", ("at least one span, or status 404", "none")));
        }
        let mut counts = vec![0; trace.spans.len()];
        for got in &detail.spans {
            let known = trace.spans.iter().position(|span| span.span_id.to_string() == got.span_id);
            match known {
                Some(span) => {
                    counts[span] += 1;
                    let expected = ExpectedSpan { trace, span: &trace.spans[span], index: span };
                    expected.compare(root_start, got, &mut differences);
                }
                None => differences.push(difference(
                    trace,
                    "spans",
                    ("only ids of spans that were sent", &got.span_id),
                )),
            }
        }
        for (span, (&count, &expectation)) in counts.iter().zip(expectations).enumerate() {
            let field = format!("span {}", trace.spans[span].span_id);
            match (count, expectation) {
                (0, Expectation::Required) => {
                    differences.push(difference(trace, field, ("present", "missing")));
                }
                (0, Expectation::Allowed | Expectation::Forbidden)
                | (1, Expectation::Required | Expectation::Allowed) => {}
                (1, Expectation::Forbidden) => {
                    differences.push(difference(trace, field, ("absent", "present")));
                }
                (count, _) => differences.push(difference(trace, field, ("once", format!("{count} times")))),
            }
        }
        check_order(trace.trace_id, &detail.spans, &mut differences);
        differences
    }
}

struct ExpectedSpan<'a> {
    trace: &'a Trace,
    span: &'a GeneratedSpan,
    index: usize,
}

impl ExpectedSpan<'_> {
    fn compare(&self, root_start: span::Timestamp, got: &DetailSpan, differences: &mut Vec<Difference>) {
        let Self { trace, span, index } = self;
        let id = trace.trace_id;
        let mut compare = |field: &str, expected: &str, got: &str| {
            compare(differences, id, &format!("spans[{index}].{field}"), expected, got);
        };
        let parent = |id: Option<&str>| id.unwrap_or("none").to_owned();
        let expected_parent = span.parent_span_id.map(|id| id.to_string());
        compare("trace_id", &id.to_string(), &got.trace_id);
        compare(
            "parent_span_id",
            &parent(expected_parent.as_deref()),
            &parent(got.parent_span_id.as_deref()),
        );
        compare("service", span.service, &got.service);
        compare("operation", span.operation, &got.operation);
        compare("start_time", &span.start(root_start).to_string(), &got.start_time.to_string());
        compare("end_time", &span.end(root_start).to_string(), &got.end_time.to_string());
        compare("status", status_word(span.status), &got.status);
        let tags: BTreeMap<&str, &str> =
            span.tags.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let got_tags = got.tags.iter().flatten().map(|(key, value)| (key.as_str(), value.as_str()));
        compare("tags", &format!("{tags:?}"), &format!("{:?}", got_tags.collect::<BTreeMap<_, _>>()));
    }
}

/// Checks that spans are sorted by start, then by id.
fn check_order(trace_id: TraceId, spans: &[DetailSpan], differences: &mut Vec<Difference>) {
    for [upper, lower] in spans.array_windows::<2>() {
        if (upper.start_time, &upper.span_id) > (lower.start_time, &lower.span_id) {
            let expected = format!("span {} before {}", lower.span_id, upper.span_id);
            let both = (expected, "the opposite order");
            differences.push(Difference::new(DifferenceKind::Order, trace_id, "spans", both));
        }
    }
}

fn compare(
    differences: &mut Vec<Difference>,
    id: TraceId,
    field: &str,
    expected: &(impl ToString + ?Sized),
    got: &(impl ToString + ?Sized),
) {
    let both = (expected.to_string(), got.to_string());
    if both.0 != both.1 {
        differences.push(Difference::new(DifferenceKind::Span, id, field, both));
    }
}

fn difference(
    trace: &Trace,
    field: impl Into<String>,
    both: (impl std::fmt::Display, impl std::fmt::Display),
) -> Difference {
    Difference::new(DifferenceKind::Span, trace.trace_id, field, both)
}
