//! Checks `after`, `before` and `limit` at exact boundaries, at traces from the whole run.

use span::Timestamp;

use super::session::Session;
use crate::error::LoadError;
use crate::findings::Findings;
use crate::oracle::{Expectation, Oracle, PageQuery};

/// Limit: traces at whose start the boundaries are checked, with six requests each.
const PROBES_MAX: usize = 24;
const LIMIT_MAX: Option<u16> = Some(1000);

pub(crate) async fn check(
    session: &Session,
    oracle: &Oracle,
    findings: &mut Findings,
) -> Result<(), LoadError> {
    check_query(session, oracle, PageQuery::default(), findings).await?;
    let Some((_, until)) = oracle.emitted() else {
        return Ok(());
    };
    for index in spread(oracle.len(), PROBES_MAX) {
        let start = oracle.entry(index).start;
        let asked = session.now();
        if oracle.listed(index, session.edges_since(asked)) != Expectation::Required {
            continue;
        }
        for query in queries(start, until) {
            check_query(session, oracle, query, findings).await?;
        }
    }
    Ok(())
}

fn queries(start: Timestamp, until: Timestamp) -> impl Iterator<Item = PageQuery> {
    let next = start.saturating_add(1);
    let query = |limit, after, before| PageQuery { limit, after, before };
    let queries = [
        // Selects only this start: `after` includes it.
        query(LIMIT_MAX, Some(start), Some(next)),
        // Select all later starts, with and without this one, so their totals differ.
        query(Some(3), Some(start), Some(until)),
        query(Some(1), Some(next), Some(until)),
        query(None, Some(start), None),
        // Select all earlier starts: `before` excludes this one, and one nanosecond more includes it.
        query(Some(7), None, Some(start)),
        query(Some(1), None, Some(next)),
    ];
    queries.into_iter().filter(|query| match (query.after, query.before) {
        (Some(after), Some(before)) => after < before,
        (Some(_), None) | (None, _) => true,
    })
}

async fn check_query(
    session: &Session,
    oracle: &Oracle,
    query: PageQuery,
    findings: &mut Findings,
) -> Result<(), LoadError> {
    let (page, edges) = match session.list(query).await {
        Ok(answer) => answer,
        Err(error) => return error.report(findings),
    };
    let (differences, shown) = oracle.check_page(query, &page, edges);
    findings.add_all(differences);
    if query.after.is_some() && query.before.is_some() {
        findings.add_all(oracle.check_complete(query, &page, &shown, edges));
    }
    Ok(())
}

/// Returns at most `count_max` indexes below `len`, evenly spread from the first to the last.
pub(super) fn spread(len: usize, count_max: usize) -> impl Iterator<Item = usize> {
    let count = len.min(count_max);
    let gaps = count.saturating_sub(1).max(1);
    (0..count).map(move |step| step * (len - 1) / gaps)
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn indexes_are_spread_from_the_first_to_the_last() {
        assert_eq!(spread(0, 5).count(), 0);
        assert_eq!(spread(1, 5).collect::<Vec<_>>(), [0]);
        assert_eq!(spread(9, 1).collect::<Vec<_>>(), [0]);
        assert_eq!(spread(3, 5).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(spread(101, 5).collect::<Vec<_>>(), [0, 25, 50, 75, 100]);
    }
}
