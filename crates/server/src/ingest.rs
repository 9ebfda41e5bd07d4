//! `POST /spans`.

use std::cell::Cell;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State as Shared;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bumpalo::Bump;
use wire::contract::{self, Accepted};

use crate::body::{self, QueuedBody};
use crate::heavy;
use crate::refusal::Refusal;
use crate::state::State;

/// Limit: an arena that had to grow beyond this is not kept for the next batch.
const KEPT_ARENA_BYTES_MAX: usize = 1024 * 1024;

thread_local! {
    static ARENA: Cell<Option<Bump>> = const { Cell::new(None) };
}

pub(crate) async fn post_spans(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    body::check_is_json(&headers)?;
    let share = state.queued_bytes.share();
    let body = body::read(&headers, body, share, &state.limits).await?;
    let work = || with_arena(|arena| accept(&state, &body, arena));
    let accepted =
        if state.store.waits_for_disk() { heavy::wait(work) } else { heavy::run(body.bytes.len(), work) }?;
    let answer = contract::accepted(accepted);
    Ok((StatusCode::ACCEPTED, [(CONTENT_TYPE, "application/json")], answer).into_response())
}

fn accept(state: &State, body: &QueuedBody, arena: &Bump) -> Result<Accepted, Refusal> {
    let batch = contract::parse_batch(&body.bytes, arena).map_err(|rejection| {
        state.metrics.count_rejected(rejection.spans_read as u64);
        Refusal::from(rejection)
    })?;
    let received = batch.len() as u64;
    let accepted = state.store.accept(batch, state.now()).map_err(|overload| {
        state.metrics.count_rejected(received);
        Refusal::overload(overload.to_string())
    })?;
    state.metrics.count_received(received, body.bytes.len() as u64);
    let stale = accepted.stale + accepted.ahead;
    Ok(Accepted { received, stored: accepted.stored, repeated: accepted.repeated, stale })
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
