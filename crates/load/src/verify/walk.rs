//! Walks the whole list, page by page, from the newest trace to the oldest: nothing missing, nothing invented.

use span::Timestamp;

use super::session::Session;
use crate::error::LoadError;
use crate::findings::{Difference, Findings, Kind};
use crate::oracle::{Oracle, PageQuery, Presence};

/// The contract's bound on a page.
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
    let ages = session.ages_since(asked);
    for (place, found) in found.into_iter().enumerate() {
        if oracle.listed(place, ages) != Presence::Required {
            continue;
        }
        findings.expected += 1;
        if found {
            findings.found += 1;
        } else {
            let both = ("listed", "not listed");
            findings.add(Difference::new(Kind::Missing, oracle.trace_id(place), "trace", both));
        }
    }
    Ok(())
}

/// Checks the page below `before` and says where the next one begins, if there is one.
async fn check_page(
    session: &Session,
    oracle: &Oracle,
    (first, before): (Timestamp, Timestamp),
    found: &mut [bool],
    findings: &mut Findings,
) -> Result<Option<Timestamp>, LoadError> {
    let query = PageQuery { limit: Some(PAGE_TRACES_MAX), after: Some(first), before: Some(before) };
    let (page, ages) = match session.list(query).await {
        Ok(answer) => answer,
        Err(wrong) => return wrong.report(findings).map(|()| None),
    };
    let (differences, places) = oracle.check_page(query, &page, ages);
    findings.add_all(differences);
    for place in places {
        // Pages overlap where starts are equal, and only there.
        let is_overlap = oracle.entry(place).start.saturating_add(1) == before;
        if found[place] && !is_overlap {
            let both = ("listed once", "again on a later page");
            findings.add(Difference::new(Kind::Order, oracle.trace_id(place), "trace", both));
        }
        found[place] = true;
    }
    let Some(last) = page.traces.last().filter(|_| page.traces.len() >= query.limit()) else {
        return Ok(None);
    };
    Ok(next_before(Timestamp(last.start_time), before).filter(|next| *next > first))
}

/// The next page repeats the traces that start with the last one of this page: it may have more of them.
fn next_before(last: Timestamp, before: Timestamp) -> Option<Timestamp> {
    let overlapping = last.saturating_add(1);
    // A page on which all starts are equal would come again and again; the next one leaves that start out.
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
