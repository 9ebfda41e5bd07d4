//! Checks a page of `GET /traces` against the ledger: its traces, their order, and the total.

use std::fmt;

use span::{Timestamp, TraceId};

use super::{Expectation, ForeignTraces, Oracle, WindowEdges};
use crate::answer::{Summary, TraceList};
use crate::findings::{Difference, DifferenceKind};

/// The contract's default of `limit`.
const LIMIT_DEFAULT: u16 = 20;

/// The parameters of `GET /traces`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PageQuery {
    pub(crate) limit: Option<u16>,
    pub(crate) after: Option<Timestamp>,
    pub(crate) before: Option<Timestamp>,
}

impl PageQuery {
    pub(crate) fn limit(self) -> usize {
        self.limit.unwrap_or(LIMIT_DEFAULT).into()
    }

    fn from(self) -> Timestamp {
        self.after.unwrap_or(Timestamp::MIN)
    }

    fn until(self) -> Timestamp {
        self.before.unwrap_or(Timestamp::MAX)
    }

    /// Says which starts the page may have, as the expectation of a [`Difference`].
    fn expected_start(self) -> String {
        let range = match (self.after, self.before) {
            (Some(after), Some(before)) => format!(" from {after} (inclusive) to {before} (exclusive)"),
            (Some(after), None) => format!(" from {after} (inclusive)"),
            (None, Some(before)) => format!(" up to {before} (exclusive)"),
            (None, None) => String::new(),
        };
        format!("a start_time{range}, as in GET {self}")
    }
}

/// Writes the path and the query string of the request.
impl fmt::Display for PageQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("/traces")?;
        let limit = self.limit.map(|limit| ("limit", i64::from(limit)));
        let after = self.after.map(|after| ("after", after.0));
        let before = self.before.map(|before| ("before", before.0));
        for (index, (name, value)) in [limit, after, before].into_iter().flatten().enumerate() {
            write!(f, "{}{name}={value}", if index == 0 { '?' } else { '&' })?;
        }
        Ok(())
    }
}

impl Oracle {
    /// Checks everything that a page shows. Returns the differences, and the indexes of the shown traces that are in
    /// the ledger.
    pub(crate) fn check_page(
        &self,
        query: PageQuery,
        page: &TraceList,
        edges: WindowEdges,
    ) -> (Vec<Difference>, Vec<usize>) {
        let mut differences = Vec::new();
        let mut indexes = Vec::with_capacity(page.traces.len());
        self.check_total(query, page, edges, &mut differences);
        check_order(query, &page.traces, &mut differences);
        for summary in &page.traces {
            let start = Timestamp(summary.start_time);
            if start < query.from() || query.until() <= start {
                let both = (query.expected_start(), start);
                differences.push(Difference::new(
                    DifferenceKind::Range,
                    &summary.trace_id,
                    "start_time",
                    both,
                ));
            }
            match self.identify(summary) {
                Ok(Some(index)) => {
                    indexes.push(index);
                    differences.extend(self.check_right_to_be_listed(index, edges));
                    differences.extend(self.check_summary(index, summary));
                }
                Ok(None) => {}
                Err(difference) => differences.push(difference),
            }
        }
        (differences, indexes)
    }

    /// Checks that a page shows every trace that it must show. `shown` has the indexes of the traces that it shows,
    /// as [`check_page`](Self::check_page) returned them.
    pub(crate) fn check_complete(
        &self,
        query: PageQuery,
        page: &TraceList,
        shown: &[usize],
        edges: WindowEdges,
    ) -> Vec<Difference> {
        let last = page.traces.last().filter(|_| page.traces.len() >= query.limit());
        // Traces after the last one of a full page belong to the next page.
        let is_due = |index: usize| {
            last.is_none_or(|last| {
                let start = self.entry(index).start;
                start.0 > last.start_time
                    || (start.0 == last.start_time && self.trace_id(index).to_string() <= last.trace_id)
            })
        };
        let lowest = last.map_or(query.from(), |last| query.from().max(Timestamp(last.start_time)));
        let range = self.first_from(lowest)..self.first_from(query.until());
        range
            .filter(|&index| self.listed(index, edges) == Expectation::Required)
            .filter(|index| is_due(*index) && !shown.contains(index))
            .map(|index| {
                let both = ("listed", "not on the page");
                Difference::new(DifferenceKind::Range, self.trace_id(index), format!("GET {query}"), both)
            })
            .collect()
    }

    /// Checks `total`, and that the page has as many traces as `total` and `limit` allow.
    fn check_total(
        &self,
        query: PageQuery,
        page: &TraceList,
        edges: WindowEdges,
        differences: &mut Vec<Difference>,
    ) {
        let fewest = roots_in(self, &self.certain_roots, query.from().max(edges.kept_from()), query.until());
        let most = roots_in(self, &self.possible_roots, query.from().max(edges.gone_before()), query.until());
        let most = if self.knows_all(query) { most } else { u64::MAX };
        if page.total < fewest || most < page.total {
            let expected = match most {
                u64::MAX => format!("at least {fewest}"),
                most if most == fewest => fewest.to_string(),
                most => format!("{fewest} to {most}"),
            };
            let both = (expected, page.total);
            differences.push(Difference::new(DifferenceKind::Total, format!("GET {query}"), "total", both));
        }
        let full = page.total.min(query.limit() as u64);
        if page.traces.len() as u64 != full {
            let both = (full, page.traces.len());
            differences.push(Difference::new(
                DifferenceKind::Total,
                format!("GET {query}"),
                "traces on the page",
                both,
            ));
        }
    }

    /// Whether every trace that the query selects must be from this run.
    fn knows_all(&self, query: PageQuery) -> bool {
        self.foreign_traces == ForeignTraces::Unexpected
            && self.emitted().is_some_and(|(first, until)| first <= query.from() && query.until() <= until)
    }

    /// Returns the index of a summary's trace in the ledger, or `None` if another client may have sent it.
    fn identify(&self, summary: &Summary) -> Result<Option<usize>, Difference> {
        let start = Timestamp(summary.start_time);
        let Some(trace_id) = TraceId::parse_uuid(summary.trace_id.as_bytes()) else {
            let both = ("a UUID with hyphens", &summary.trace_id);
            return Err(Difference::new(DifferenceKind::Summary, "a trace in the list", "trace_id", both));
        };
        let is_ours = self.emitted().is_some_and(|(first, until)| first <= start && start < until);
        match (self.find(trace_id, start), self.foreign_traces) {
            (Some(index), _) => Ok(Some(index)),
            (None, ForeignTraces::Unexpected) if is_ours => {
                let both = ("not listed, because it was not sent", format!("listed with start_time {start}"));
                Err(Difference::new(DifferenceKind::Invented, trace_id, "trace", both))
            }
            (None, ForeignTraces::Unexpected | ForeignTraces::Allowed) => Ok(None),
        }
    }

    fn check_right_to_be_listed(&self, index: usize, edges: WindowEdges) -> Option<Difference> {
        if self.listed(index, edges) != Expectation::Forbidden {
            return None;
        }
        let (kind, why) = if super::expectation_by_ledger(self.entry(index), 0) == Expectation::Forbidden {
            (DifferenceKind::Rootless, "not listed, because its root was never acknowledged")
        } else {
            (DifferenceKind::Aged, "not listed, because its root is outside the window")
        };
        Some(Difference::new(kind, self.trace_id(index), "trace", (why, "listed")))
    }
}

fn roots_in(oracle: &Oracle, sums: &[u32], from: Timestamp, until: Timestamp) -> u64 {
    let (first, end) = (oracle.first_from(from), oracle.first_from(until));
    u64::from(sums[end.max(first)] - sums[first])
}

/// Checks that traces are sorted by start, the latest first, then by id, and that none comes twice.
fn check_order(query: PageQuery, traces: &[Summary], differences: &mut Vec<Difference>) {
    for pair in traces.array_windows::<2>() {
        let [upper, lower] = pair;
        let is_in_order = upper.start_time > lower.start_time
            || (upper.start_time == lower.start_time && upper.trace_id < lower.trace_id);
        if !is_in_order {
            let (start, id) = (upper.start_time, &upper.trace_id);
            let expected =
                format!("below {start} (or {start} and a trace_id above {id}), because it follows {id}");
            let both = (expected, lower.start_time);
            let field = format!("start_time in GET {query}");
            differences.push(Difference::new(DifferenceKind::Order, &lower.trace_id, field, both));
        }
    }
}
