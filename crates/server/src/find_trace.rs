//! Looks up the trace that a request names.

use span::{Timestamp, TraceId};
use store::{Store, TraceSpans};

use crate::http::refusal::Refusal;

/// Returns the spans of a trace, or the refusal that says why there are none.
pub(crate) fn find_trace(store: &Store, trace_id: TraceId, now: Timestamp) -> Result<TraceSpans, Refusal> {
    store.trace(trace_id, now).map_err(|absent| Refusal::no_such_trace(trace_id, absent.left_out()))
}
