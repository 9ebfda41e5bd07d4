//! Looks up the trace that a request names.

use budget::Permit;
use span::TraceId;
use store::{NoTrace, Now, Store, TraceSpans};

use crate::http::refusal::Refusal;

/// Returns the spans of a trace, or the refusal that says why there are none. `memory` grows with the spans.
pub(crate) fn find_trace(
    store: &Store,
    trace_id: TraceId,
    now: Now,
    memory: &Permit,
) -> Result<TraceSpans, Refusal> {
    let refuse = |none: NoTrace| match (none, store.damaged_files()) {
        (NoTrace::NoMemory(shortage), _) => Refusal::no_answer_memory(shortage),
        (NoTrace::Absent { left_out: 0 }, 0) => Refusal::no_such_trace(trace_id),
        (NoTrace::Absent { left_out: 0 }, files) => Refusal::perhaps_in_damaged_file(trace_id, files),
        (NoTrace::Absent { left_out }, _) => {
            Refusal::perhaps_in_damaged_segment(&format!("trace {trace_id}"), left_out)
        }
    };
    store.trace_within(trace_id, now, memory).map_err(refuse)
}
