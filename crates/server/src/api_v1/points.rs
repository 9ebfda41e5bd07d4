//! `GET /api/v1/traces/points`: one dot for each trace, and then what has changed.

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::State as Shared;
use axum::response::Response;
use span::{Timestamp, TraceId};
use store::{Outcome, Selection};
use wire::api_v1::{Pairs, Points, PointsHead, parse_points};

use super::{Parameters, answer, cursor, decoded, selection};
use crate::heavy;
use crate::refusal::Refusal;
use crate::state::State;

/// What is asked for again and again.
#[derive(Clone, Copy)]
pub(super) struct Question {
    pub(super) selected: Selection,
    pub(super) max: usize,
}

/// An answer, as JSON.
pub(super) struct Answer {
    pub(super) body: Vec<u8>,
    pub(super) cursor: String,
    /// Where the next answer goes on.
    pub(super) place: u64,
    /// There are more changes to be had at once.
    pub(super) more: bool,
    /// Nothing has changed since the last one.
    pub(super) is_empty: bool,
}

/// What is said of the columns.
struct Found {
    points: Points,
    /// Where the next answer goes on.
    place: u64,
    reset: bool,
    more: bool,
    total: u64,
}

pub(crate) async fn points(
    Shared(state): Shared<Arc<State>>,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    let pairs = decoded(parameters)?;
    let asked = parse_points(Pairs(&pairs))?;
    let question = Question { selected: selection(asked.selected), max: asked.max };
    let since = asked.cursor.and_then(|text| cursor::read(text, &state.api_v1.epoch));
    Ok(answer(heavy::wait(|| ask(&state, question, since)).body))
}

/// What has changed since a place, or all that is meant where that is not known.
pub(super) fn ask(state: &State, question: Question, since: Option<u64>) -> Answer {
    let Question { selected, max } = question;
    let now = state.now();
    let cutoff = state.store.cutoff(now);
    let changes = since.and_then(|since| changed(state, selected, (since, max), (now, cutoff)));
    let found = changes.unwrap_or_else(|| all(state, selected, max, (now, cutoff)));
    let cursor = cursor::write(&state.api_v1.epoch, found.place);
    let head = PointsHead {
        head: state.api_v1.head(now),
        cursor: &cursor,
        reset: found.reset,
        more: found.more,
        total: found.total,
        evict_before: cutoff,
    };
    let is_empty = !found.reset && found.points.is_empty();
    let body = found.points.write(head, &mut *state.api_v1.services.lock());
    Answer { body, cursor, place: found.place, more: found.more, is_empty }
}

/// The newest of those that are meant.
fn all(state: &State, selected: Selection, max: usize, (now, cutoff): (Timestamp, Timestamp)) -> Found {
    // Order: the place before the answer, so that what is in neither does not exist.
    let place = state.store.subscribe(now);
    let listing = state.store.snapshot(now).list(selected, max);
    let mut points = Points::new(cutoff);
    listing.summaries().for_each(|summary| points.push(&summary));
    Found { points, place, reset: true, more: false, total: listing.total as u64 }
}

/// What has changed since a place, if that is known.
fn changed(
    state: &State,
    selected: Selection,
    (since, max): (u64, usize),
    (now, cutoff): (Timestamp, Timestamp),
) -> Option<Found> {
    let changed = state.store.changes(since, max, now)?;
    let listing = state.store.snapshot(now).summaries(&changed.ids);
    let mut points = Points::new(cutoff);
    let mut gone: HashSet<TraceId> = changed.ids.iter().copied().collect();
    for summary in listing.summaries().filter(|summary| selected.takes(summary)) {
        gone.remove(&summary.trace_id);
        points.push(&summary);
    }
    for id in gone {
        points.push_gone(id);
    }
    let total = total(state, selected, now);
    Some(Found { points, place: changed.next, reset: false, more: changed.has_more, total })
}

fn total(state: &State, selected: Selection, now: Timestamp) -> u64 {
    match selected.outcome {
        Outcome::Any => state.store.snapshot(now).list(selected.range, 0).total as u64,
        Outcome::Ok => state.store.snapshot(now).statistics(selected, 0).ok,
        Outcome::Error => state.store.snapshot(now).statistics(selected, 0).error,
    }
}
