//! `GET /api/v1/traces/points`: one point for each trace, and then what has changed.

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use budget::{Permit, Shortage};
use span::{Timestamp, TraceId};
use store::{ListLimit, Outcome, Selection, Snapshot, Store};
use wire::api_v1::{Pairs, Points, PointsHead, parse_points};

use super::api_v1_state::ApiV1State;
use super::selection::selection;
use super::{answer, cursor};
use crate::http::parameters::{QueryParameters, query_parameters};
use crate::http::refusal::Refusal;

/// What an answer takes at most, as a multiple of its listing: the listing, the columns, and the text.
const COPIES: usize = 3;
/// At least so many of the largest answers fit into the memory for answers.
const ANSWERS_AT_ONCE: usize = 2;

/// A question for points. A dashboard asks it again and again, with the position where the last answer ended.
#[derive(Clone, Copy)]
pub(super) struct PointsQuestion {
    pub(super) selected: Selection,
    pub(super) max: usize,
    /// A position in the change feed; `None` asks for all points.
    pub(super) since: Option<u64>,
}

/// An answer, as JSON, and what a stream needs to know of it.
pub(super) struct PointsAnswer {
    pub(super) body: Vec<u8>,
    pub(super) cursor: String,
    /// The position where the next answer goes on.
    pub(super) position: u64,
    /// There are more changes, which can be asked for at once.
    pub(super) has_more: bool,
    /// Nothing has changed since the position that was asked for.
    pub(super) is_empty: bool,
}

/// The points of an answer, before they are written.
struct FoundPoints {
    points: Points,
    position: u64,
    /// These are all points: what the client has from before is void.
    is_reset: bool,
    has_more: bool,
    /// Traces that are selected, whether they are in the answer or not.
    total: u64,
    cutoff: Timestamp,
    segments_left_out: usize,
}

pub(super) async fn points(
    State(api): State<Arc<ApiV1State>>,
    parameters: QueryParameters,
) -> Result<Response, Refusal> {
    let pairs = query_parameters(parameters)?;
    let asked = parse_points(Pairs(&pairs))?;
    let since = asked.cursor.and_then(|text| cursor::read(text, &api.epoch));
    let question = PointsQuestion { selected: selection(asked.selected), max: asked.max, since };
    let (shared, memory) = (Arc::clone(&api), api.app.answer_memory());
    let asked = api.app.read(move |store, now| {
        let found = question.answer(&shared, (store, now), &memory)?;
        Ok((found.body, memory))
    });
    let found = asked.await?.map_err(Refusal::no_answer_memory)?;
    Ok(answer::held_json(found))
}

impl PointsQuestion {
    /// What has changed since the position, or all points where the position is not known (any more).
    /// `memory` grows with the answer.
    ///
    /// # Errors
    /// If other answers take the memory.
    pub(super) fn answer(
        self,
        api: &ApiV1State,
        (store, now): (&Store, Timestamp),
        memory: &Permit,
    ) -> Result<PointsAnswer, Shortage> {
        let changed = self.since.map(|since| self.changed(since, (store, now), memory)).transpose()?;
        let found = match changed.flatten() {
            Some(found) => found,
            None => self.all((store, now), memory)?,
        };
        let cursor = cursor::write(&api.epoch, found.position);
        let head = PointsHead {
            head: api.head(now, found.segments_left_out),
            cursor: &cursor,
            reset: found.is_reset,
            more: found.has_more,
            total: found.total,
            evict_before: found.cutoff,
        };
        let is_empty = !found.is_reset && found.points.is_empty() && found.segments_left_out == 0;
        let numbers = found.points.service_numbers(&mut api.numbering(store, now));
        let body = found.points.write(head, &numbers);
        Ok(PointsAnswer { body, cursor, position: found.position, has_more: found.has_more, is_empty })
    }

    /// How many traces are listed at once. A large answer is bounded by its part of the memory, and says how many more
    /// traces there are, as if the client had asked for fewer.
    fn limit(self, memory: &Permit) -> ListLimit<'_> {
        let bytes = memory.max() / (COPIES * ANSWERS_AT_ONCE);
        ListLimit { traces: self.max, bytes, memory: Some(memory) }
    }

    /// The newest of the selected traces.
    fn all(self, (store, now): (&Store, Timestamp), memory: &Permit) -> Result<FoundPoints, Shortage> {
        // Order: the position is taken before the snapshot, so that a trace that comes in between is in both, not in
        // neither.
        let position = store.subscribe(now);
        let snapshot = store.snapshot(now);
        let listing = snapshot.list_within(self.selected, self.limit(memory))?;
        memory.grow_to(listing.bytes() * COPIES)?;
        let mut points = Points::new(snapshot.cutoff());
        listing.summaries().for_each(|summary| points.push(&summary));
        Ok(FoundPoints {
            points,
            position,
            is_reset: true,
            has_more: false,
            total: listing.total as u64,
            cutoff: snapshot.cutoff(),
            segments_left_out: snapshot.left_out(),
        })
    }

    /// The traces that have changed since a position, if the change feed reaches back to it.
    fn changed(
        self,
        since: u64,
        (store, now): (&Store, Timestamp),
        memory: &Permit,
    ) -> Result<Option<FoundPoints>, Shortage> {
        let Some(changed) = store.changes(since, self.max, now) else { return Ok(None) };
        let snapshot = store.snapshot(now);
        let listing = snapshot.summaries_within(&changed.ids, Some(memory))?;
        memory.grow_to((listing.bytes() + changed.ids.len() * size_of::<TraceId>()) * COPIES)?;
        let mut points = Points::new(snapshot.cutoff());
        // What has changed and is not selected (any more) leaves the screen.
        let mut gone: HashSet<TraceId> = changed.ids.iter().copied().collect();
        for summary in listing.summaries().filter(|summary| self.selected.takes(summary)) {
            gone.remove(&summary.trace_id);
            points.push(&summary);
        }
        for id in gone {
            points.push_gone(id);
        }
        Ok(Some(FoundPoints {
            points,
            position: changed.next,
            is_reset: false,
            has_more: changed.has_more,
            total: count(self.selected, &snapshot),
            cutoff: snapshot.cutoff(),
            segments_left_out: snapshot.left_out(),
        }))
    }
}

fn count(selected: Selection, snapshot: &Snapshot) -> u64 {
    match selected.outcome {
        Outcome::Any => snapshot.count(selected.range) as u64,
        Outcome::Ok => snapshot.statistics(selected, 0).ok,
        Outcome::Error => snapshot.statistics(selected, 0).error,
    }
}
