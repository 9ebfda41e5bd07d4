//! Spans on their way in, by the protocol that they come with.

mod contract;
mod grpc;
pub(crate) mod otlp;
pub(crate) mod zipkin;

use std::cell::Cell;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::http::HeaderMap;
use bumpalo::Bump;
use span::Span;
use store::Accepted;

use crate::body::{self, QueuedBody};
use crate::heavy;
use crate::metrics::{Protocol, SPAN_TOO_LARGE};
use crate::refusal::Refusal;
use crate::state::State;

pub(crate) use contract::post_spans;
pub(crate) use grpc::{EXPORT, no_such_method, post_export};
pub(crate) use otlp::media_type;

/// Limit: an arena that had to grow beyond this is not kept for the next batch.
const KEPT_ARENA_BYTES_MAX: usize = 1024 * 1024;
/// Limit: spans that go to the store at once. A request of a protocol without a limit of its own may have more;
/// the store writes a batch as one frame of its log, and frames have a limit in bytes.
const ACCEPT_SPANS_MAX: usize = 4096;

/// Limit: no span of a body of at most so many bytes is larger than a frame of the log, which has twice as many. Texts
/// are kept as long as they come, and what stands beside them is bounded by how many things a request may hold.
const FITTING_BODY_BYTES_MAX: usize = 32 * 1024 * 1024;

thread_local! {
    static ARENA: Cell<Option<Bump>> = const { Cell::new(None) };
}

/// Reads a body and lets `work` take what is in it.
async fn take_body<R>(
    state: &State,
    (headers, body): (&HeaderMap, Body),
    work: impl FnOnce(&QueuedBody, &Bump) -> Result<R, Refusal>,
) -> Result<R, Refusal> {
    let share = state.queued_bytes.share();
    let body = body::read(headers, body, share, &state.limits).await?;
    run(state, body.bytes.len(), |arena| work(&body, arena))
}

/// Runs `work` on so many bytes, where it does not stand in the way of others.
fn run<R>(state: &State, bytes: usize, work: impl FnOnce(&Bump) -> R) -> R {
    let work = || with_arena(work);
    if state.store.may_wait() { heavy::wait(work) } else { heavy::run(bytes, work) }
}

/// Refuses spans of which one can never be kept, where a protocol has them taken together or not at all.
fn check_all_fit(
    state: &State,
    spans: &[Span<'_>],
    (protocol, body_bytes): (Protocol, usize),
) -> Result<(), Refusal> {
    if body_bytes <= FITTING_BODY_BYTES_MAX {
        return Ok(());
    }
    let Some(place) = spans.iter().position(|span| !store::fits(span)) else { return Ok(()) };
    state.metrics.count_rejected(protocol, SPAN_TOO_LARGE, spans.len() as u64);
    Err(Refusal::too_large(format!("spans[{place}]: is larger than can be kept")))
}

/// Hands spans to the store, and counts them. Where the store refuses some, those before them are stored: the
/// client sends all of them again, and finds these repeated.
fn accept(state: &State, spans: &[Span<'_>], protocol: Protocol) -> Result<Accepted, Refusal> {
    let mut sum = Accepted::default();
    let mut rest = spans;
    while let Some((part, behind)) = rest.split_at_checked(ACCEPT_SPANS_MAX.min(rest.len()))
        && !part.is_empty()
    {
        let (accepted, overload) = match state.store.accept(part, state.now()) {
            Ok(accepted) => (accepted, None),
            Err(refused) => (refused.accepted, Some(refused.overload)),
        };
        state.metrics.count_judged(protocol, &accepted);
        if let Some(overload) = overload {
            state.metrics.count_rejected(protocol, "overload", rest.len() as u64 - accepted.total());
            state.refused_batches.fetch_add(1, Ordering::Relaxed);
            return Err(Refusal::overload(overload.to_string()));
        }
        sum.stored += accepted.stored;
        sum.repeated += accepted.repeated;
        sum.stale += accepted.stale;
        sum.ahead += accepted.ahead;
        sum.too_large += accepted.too_large;
        rest = behind;
    }
    Ok(sum)
}

/// Lends the thread's arena, so that a batch seldom asks the allocator for anything.
fn with_arena<R>(work: impl FnOnce(&Bump) -> R) -> R {
    let mut arena = ARENA.take().unwrap_or_default();
    let result = work(&arena);
    if arena.allocated_bytes() <= KEPT_ARENA_BYTES_MAX {
        arena.reset();
        ARENA.set(Some(arena));
    }
    result
}
