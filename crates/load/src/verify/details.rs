//! Compares traces span by span: some of the whole run, and those whose requests had trouble.

use futures_util::{StreamExt, stream};

use super::ranges::spread;
use super::session::Session;
use crate::error::LoadError;
use crate::findings::Findings;
use crate::options::Details;
use crate::oracle::Oracle;

/// Limit: details that are asked for at the same time.
const IN_FLIGHT_MAX: usize = 8;
/// One part in so many is kept for traces of which not every span is acknowledged.
const PARTIAL_SHARE: usize = 4;

pub(crate) async fn check(
    session: &Session,
    oracle: &Oracle,
    details: Details,
    findings: &mut Findings,
) -> Result<(), LoadError> {
    let mut answers = stream::iter(choose(oracle, details))
        .map(|place| async move { (place, session.detail(&oracle.trace_id(place).to_string()).await) })
        .buffer_unordered(IN_FLIGHT_MAX);
    while let Some((place, answer)) = answers.next().await {
        findings.details += 1;
        match answer {
            Ok((detail, ages)) => findings.add_all(oracle.check_detail(place, detail.as_ref(), ages)),
            Err(wrong) => wrong.report(findings)?,
        }
    }
    Ok(())
}

fn choose(oracle: &Oracle, details: Details) -> Vec<usize> {
    let count_max = match details {
        Details::All => return (0..oracle.len()).collect(),
        Details::UpTo(count_max) => count_max,
    };
    let partial: Vec<usize> = (0..oracle.len()).filter(|&place| is_partial(oracle, place)).collect();
    let mut places: Vec<usize> =
        spread(partial.len(), count_max / PARTIAL_SHARE).map(|step| partial[step]).collect();
    places.extend(spread(oracle.len(), count_max - places.len()));
    places.sort_unstable();
    places.dedup();
    places
}

/// The mask of a trace of which all is acknowledged has its bits in one row and is not shorter than the trace.
fn is_partial(oracle: &Oracle, place: usize) -> bool {
    let entry = oracle.entry(place);
    if entry.uncertain != 0 || entry.acked & (entry.acked.wrapping_add(1)) != 0 {
        return true;
    }
    usize::try_from(entry.acked.count_ones()).is_ok_and(|acked| acked < oracle.trace(place).spans.len())
}
