//! Checks one trace of a list against the ledger.

use span::Status;

use super::Oracle;
use crate::answer::Summary;
use crate::emit::status_word;
use crate::findings::{Difference, DifferenceKind};
use crate::generate::Trace;
use crate::ledger::Entry;

const NANOS_PER_MILLI: u64 = 1_000_000;

impl Oracle {
    pub(super) fn check_summary(&self, index: usize, got: &Summary) -> Vec<Difference> {
        let (entry, trace) = (self.entry(index), self.trace(index));
        let root = trace.root();
        let mut differences = Vec::new();
        let mut compare = |field: &str, expected: String, got: String| {
            if expected != got {
                let both = (expected, got);
                differences.push(Difference::new(DifferenceKind::Summary, trace.trace_id, field, both));
            }
        };
        compare("trace_id", trace.trace_id.to_string(), got.trace_id.clone());
        compare("root_service", root.service.to_owned(), got.root_service.clone());
        compare("root_operation", root.operation.to_owned(), got.root_operation.clone());
        compare("start_time", entry.start.to_string(), got.start_time.to_string());
        let duration_ms = root.duration / NANOS_PER_MILLI;
        compare("duration_ms", duration_ms.to_string(), got.duration_ms.to_string());

        let (fewest, most) = span_counts(entry);
        if got.span_count < fewest || most < got.span_count {
            let expected = if fewest == most { fewest.to_string() } else { format!("{fewest} to {most}") };
            compare("span_count", expected, got.span_count.to_string());
        }
        let possible = statuses(entry, &trace);
        if !possible.contains(&got.status.as_str()) {
            compare("status", possible.join(" or "), got.status.clone());
        }
        differences
    }
}

/// Returns the fewest and the most spans that a listed trace may have. The root is always counted, because a trace
/// without its root is not listed.
fn span_counts(entry: Entry) -> (u64, u64) {
    let fewest = (entry.acked | 1).count_ones();
    let most = (entry.acked | entry.uncertain).count_ones().max(fewest);
    (fewest.into(), most.into())
}

fn statuses(entry: Entry, trace: &Trace) -> Vec<&'static str> {
    let has_error = |is_there: &dyn Fn(usize) -> bool| {
        let mut spans = trace.spans.iter().enumerate();
        spans.any(|(index, span)| span.status == Status::Error && is_there(index))
    };
    let is_root_or_acked = |index| index == 0 || entry.is_acked(index);
    let (ok, error) = (status_word(Status::Ok), status_word(Status::Error));
    if has_error(&is_root_or_acked) {
        vec![error]
    } else if has_error(&|index| entry.is_uncertain(index)) {
        vec![ok, error]
    } else {
        vec![ok]
    }
}
