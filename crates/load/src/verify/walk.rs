//! Reads the whole list page by page, from the newest trace to the oldest, and checks that no trace is missing and
//! that all of them were sent.

use span::Timestamp;

use super::session::Session;
use crate::error::LoadError;
use crate::findings::{Difference, DifferenceKind, Findings};
use crate::oracle::{Expectation, Oracle, PageQuery};

/// Limit: traces of a page, by the contract.
const PAGE_TRACES_MAX: u16 = 1000;

pub(crate) async fn check(
    session: &Session,
    oracle: &Oracle,
    findings: &mut Findings,
) -> Result<(), LoadError> {
    let mut found = vec![false; oracle.len()];
    let asked = session.now();
    if let Some((first, until)) = oracle.emitted() {
        let mut before = until;
        while let Some(next) = check_page(session, oracle, (first, before), &mut found, findings).await? {
            before = next;
        }
    }
    let edges = session.edges_since(asked);
    for (index, found) in found.into_iter().enumerate() {
        if oracle.listed(index, edges) != Expectation::Required {
            continue;
        }
        findings.expected += 1;
        if found {
            findings.found += 1;
        } else {
            let both = ("listed", "not listed");
            findings.add(Difference::new(DifferenceKind::Missing, oracle.trace_id(index), "trace", both));
        }
    }
    Ok(())
}

/// Checks the page of traces that start before `before`, and returns the `before` of the next page, if there is one.
async fn check_page(
    session: &Session,
    oracle: &Oracle,
    (first, before): (Timestamp, Timestamp),
    found: &mut [bool],
    findings: &mut Findings,
) -> Result<Option<Timestamp>, LoadError> {
    let query = PageQuery { limit: Some(PAGE_TRACES_MAX), after: Some(first), before: Some(before) };
    let (page, edges) = match session.list(query).await {
        Ok(answer) => answer,
        Err(error) => return error.report(findings).map(|()| None),
    };
    let (differences, indexes) = oracle.check_page(query, &page, edges);
    findings.add_all(differences);
    for index in indexes {
        // A page may repeat only traces with the last start of the page before.
        let is_overlap = oracle.entry(index).start.saturating_add(1) == before;
        if found[index] && !is_overlap {
            let both = ("listed once", "again on a later page");
            findings.add(Difference::new(DifferenceKind::Order, oracle.trace_id(index), "trace", both));
        }
        found[index] = true;
    }
    let Some(last) = page.traces.last().filter(|_| page.traces.len() >= query.limit()) else {
        return Ok(None);
    };
    Ok(next_before(Timestamp(last.start_time), before).filter(|next| *next > first))
}

/// Returns the `before` of the next page, or `None` if it would not be smaller. `last` is the last start of this
/// page. The next page repeats the traces with this start, because more traces may have it.
fn next_before(last: Timestamp, before: Timestamp) -> Option<Timestamp> {
    let overlapping = last.saturating_add(1);
    // If all starts of a page are equal, the next page leaves this start out, or the same page would come again
    // forever.
    let next = if overlapping < before { overlapping } else { last };
    (next < before).then_some(next)
}

#[cfg(test)]
mod tests {
    use span::Timestamp;

    use super::next_before;

    fn check(last: i64, before: i64, next: Option<i64>) {
        assert_eq!(next_before(Timestamp(last), Timestamp(before)), next.map(Timestamp));
    }

    #[test]
    fn pages_overlap_on_equal_starts_and_always_move_on() {
        check(5, 10, Some(6));
        check(8, 10, Some(9));
        check(9, 10, Some(9));
        check(10, 10, None);
        check(11, 10, None);
    }
}
