//! Compares traces span by span: a selection from the whole run, and some with spans that were not acknowledged.

use futures_util::{StreamExt, stream};

use super::ranges::spread;
use super::session::Session;
use crate::error::LoadError;
use crate::findings::Findings;
use crate::options::Details;
use crate::oracle::Oracle;

/// Limit: requests in flight at the same time.
const IN_FLIGHT_MAX: usize = 8;
/// One in this many of the compared traces has spans that were not acknowledged.
const PARTIAL_SHARE: usize = 4;

pub(crate) async fn check(
    session: &Session,
    oracle: &Oracle,
    details: Details,
    findings: &mut Findings,
) -> Result<(), LoadError> {
    let mut answers = stream::iter(choose(oracle, details))
        .map(|index| async move { (index, session.detail(&oracle.trace_id(index).to_string()).await) })
        .buffer_unordered(IN_FLIGHT_MAX);
    while let Some((index, answer)) = answers.next().await {
        findings.details += 1;
        match answer {
            Ok((detail, edges)) => findings.add_all(oracle.check_detail(index, detail.as_ref(), edges)),
            Err(error) => error.report(findings)?,
        }
    }
    Ok(())
}

fn choose(oracle: &Oracle, details: Details) -> Vec<usize> {
    let count_max = match details {
        Details::All => return (0..oracle.len()).collect(),
        Details::UpTo(count_max) => count_max,
    };
    let partial: Vec<usize> = (0..oracle.len()).filter(|&index| is_partial(oracle, index)).collect();
    let mut indexes: Vec<usize> =
        spread(partial.len(), count_max / PARTIAL_SHARE).map(|step| partial[step]).collect();
    indexes.extend(spread(oracle.len(), count_max - indexes.len()));
    indexes.sort_unstable();
    indexes.dedup();
    indexes
}

/// Whether some span of a trace was not acknowledged. The mask is checked first, because generating the trace costs
/// more.
fn is_partial(oracle: &Oracle, index: usize) -> bool {
    let entry = oracle.entry(index);
    if entry.uncertain != 0 || entry.acked & (entry.acked.wrapping_add(1)) != 0 {
        return true;
    }
    usize::try_from(entry.acked.count_ones()).is_ok_and(|acked| acked < oracle.trace(index).spans.len())
}
