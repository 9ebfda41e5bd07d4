//! Looks up the trace that a request names.

use span::{Timestamp, TraceId};
use store::{NoTrace, Store, TraceSpans};

use crate::http::refusal::Refusal;

/// Returns the spans of a trace, or the refusal that says why there are none.
pub(crate) fn find_trace(store: &Store, trace_id: TraceId, now: Timestamp) -> Result<TraceSpans, Refusal> {
    let refuse = |absent: NoTrace| match (absent.left_out(), store.damaged_files()) {
        (0, 0) => Refusal::no_such_trace(trace_id),
        (0, files) => Refusal::perhaps_in_damaged_file(trace_id, files),
        (left_out, _) => Refusal::perhaps_in_damaged_segment(&format!("trace {trace_id}"), left_out),
    };
    store.trace(trace_id, now).map_err(refuse)
}
