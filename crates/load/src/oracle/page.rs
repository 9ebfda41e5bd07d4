//! One page of the list against the ledger: what is on it, in which order, and what should be.

use std::fmt;

use span::{Timestamp, TraceId};

use super::{Ages, Oracle, Others, Presence};
use crate::answer::{Summary, TraceList};
use crate::findings::{Difference, Kind};

/// The contract's value when none is given.
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
}

/// The path and query as they are sent.
impl fmt::Display for PageQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("/traces")?;
        let limit = self.limit.map(|limit| ("limit", i64::from(limit)));
        let after = self.after.map(|after| ("after", after.0));
        let before = self.before.map(|before| ("before", before.0));
        for (place, (name, value)) in [limit, after, before].into_iter().flatten().enumerate() {
            write!(f, "{}{name}={value}", if place == 0 { '?' } else { '&' })?;
        }
        Ok(())
    }
}

impl Oracle {
    /// Checks everything that a page shows. Gives also the places of the traces on it that the ledger knows.
    pub(crate) fn check_page(
        &self,
        query: PageQuery,
        page: &TraceList,
        ages: Ages,
    ) -> (Vec<Difference>, Vec<usize>) {
        let mut differences = Vec::new();
        let mut places = Vec::with_capacity(page.traces.len());
        self.check_total(query, page, ages, &mut differences);
        check_order(query, &page.traces, &mut differences);
        for summary in &page.traces {
            let start = Timestamp(summary.start_time);
            if start < query.from() || query.until() <= start {
                let expected = format!("only starts that {query} asks for");
                let both = (expected, start);
                differences.push(Difference::new(Kind::Range, &summary.trace_id, "start_time", both));
            }
            match self.identify(summary) {
                Ok(Some(place)) => {
                    places.push(place);
                    differences.extend(self.check_right_to_be_listed(place, ages));
                    differences.extend(self.check_summary(place, summary));
                }
                Ok(None) => {}
                Err(difference) => differences.push(difference),
            }
        }
        (differences, places)
    }

    /// Checks that a page has all it must have, given the places of what it shows.
    pub(crate) fn check_complete(
        &self,
        query: PageQuery,
        page: &TraceList,
        shown: &[usize],
        ages: Ages,
    ) -> Vec<Difference> {
        let last = page.traces.last().filter(|_| page.traces.len() >= query.limit());
        // What comes after the last of a full page is for the next one.
        let is_due = |place: usize| {
            last.is_none_or(|last| {
                let start = self.entry(place).start;
                start.0 > last.start_time
                    || (start.0 == last.start_time && self.trace_id(place).to_string() <= last.trace_id)
            })
        };
        let lowest = last.map_or(query.from(), |last| query.from().max(Timestamp(last.start_time)));
        let range = self.first_from(lowest)..self.first_from(query.until());
        range
            .filter(|&place| self.listed(place, ages) == Presence::Required)
            .filter(|place| is_due(*place) && !shown.contains(place))
            .map(|place| {
                let both = ("listed", "not on the page");
                Difference::new(Kind::Range, self.trace_id(place), format!("GET {query}"), both)
            })
            .collect()
    }

    /// Checks `total`, and that the page has as many traces as `total` and `limit` allow.
    fn check_total(&self, query: PageQuery, page: &TraceList, ages: Ages, differences: &mut Vec<Difference>) {
        let fewest = roots_in(self, &self.certain_roots, query.from().max(ages.kept_from()), query.until());
        let most = roots_in(self, &self.possible_roots, query.from().max(ages.gone_before()), query.until());
        let most = if self.knows_all(query) { most } else { u64::MAX };
        if page.total < fewest || most < page.total {
            let expected = match most {
                u64::MAX => format!("at least {fewest}"),
                most if most == fewest => fewest.to_string(),
                most => format!("{fewest} to {most}"),
            };
            let both = (expected, page.total);
            differences.push(Difference::new(Kind::Total, format!("GET {query}"), "total", both));
        }
        let full = page.total.min(query.limit() as u64);
        if page.traces.len() as u64 != full {
            let both = (full, page.traces.len());
            differences.push(Difference::new(
                Kind::Total,
                format!("GET {query}"),
                "traces on the page",
                both,
            ));
        }
    }

    /// Whether nobody but us can have traces in the range.
    fn knows_all(&self, query: PageQuery) -> bool {
        self.others == Others::Absent
            && self.emitted().is_some_and(|(first, until)| first <= query.from() && query.until() <= until)
    }

    /// Finds the trace of a summary in the ledger; none if it may be somebody else's.
    fn identify(&self, summary: &Summary) -> Result<Option<usize>, Difference> {
        let start = Timestamp(summary.start_time);
        let Some(trace_id) = TraceId::parse_uuid(summary.trace_id.as_bytes()) else {
            let both = ("a UUID with hyphens", &summary.trace_id);
            return Err(Difference::new(Kind::Summary, "a trace in the list", "trace_id", both));
        };
        let is_ours = self.emitted().is_some_and(|(first, until)| first <= start && start < until);
        match (self.find(trace_id, start), self.others) {
            (Some(place), _) => Ok(Some(place)),
            (None, Others::Absent) if is_ours => {
                let both = ("no such trace", format!("listed with start_time {start}"));
                Err(Difference::new(Kind::Invented, trace_id, "trace", both))
            }
            (None, Others::Absent | Others::Allowed) => Ok(None),
        }
    }

    fn check_right_to_be_listed(&self, place: usize, ages: Ages) -> Option<Difference> {
        if self.listed(place, ages) != Presence::Absent {
            return None;
        }
        let (kind, why) = if super::held(self.entry(place), 0) == Presence::Absent {
            (Kind::Rootless, "not listed, its root was never acknowledged")
        } else {
            (Kind::Aged, "not listed, its root is outside the window")
        };
        Some(Difference::new(kind, self.trace_id(place), "trace", (why, "listed")))
    }
}

fn roots_in(oracle: &Oracle, sums: &[u32], from: Timestamp, until: Timestamp) -> u64 {
    let (first, end) = (oracle.first_from(from), oracle.first_from(until));
    u64::from(sums[end.max(first)] - sums[first])
}

/// By start, the latest first; ties by id, ascending; nothing twice.
fn check_order(query: PageQuery, traces: &[Summary], differences: &mut Vec<Difference>) {
    for pair in traces.array_windows::<2>() {
        let [upper, lower] = pair;
        let is_in_order = upper.start_time > lower.start_time
            || (upper.start_time == lower.start_time && upper.trace_id < lower.trace_id);
        if !is_in_order {
            let expected = format!("after {} at {}", upper.trace_id, upper.start_time);
            let both = (expected, format!("{} just behind it", lower.start_time));
            let field = format!("order of GET {query}");
            differences.push(Difference::new(Kind::Order, &lower.trace_id, field, both));
        }
    }
}
