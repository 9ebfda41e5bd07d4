//! `GET /api/v1/traces/points`: one point for each trace, and then what has changed.

use std::collections::HashSet;
use std::iter;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use budget::{Permit, Shortage};
use span::{Timestamp, TraceId, TraceSummary};
use store::{Changed, ListLimit, Listing, Now, Selection, Snapshot, Store};
use wire::api_v1::{Pairs, Points, PointsHead, parse_points};

use super::api_v1_state::ApiV1State;
use super::selection::selection;
use super::{answer, cursor};
use crate::http::parameters::{QueryParameters, query_parameters};
use crate::http::refusal::Refusal;
use crate::scans::{Pace, ScanError};

/// What an answer takes at most, as a multiple of its listing: the listing, the columns, and the text.
const COPIES: usize = 3;
/// At least so many of the largest answers fit into the memory for answers.
const ANSWERS_AT_ONCE: usize = 2;

/// A question for points. A dashboard asks it again and again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct PointsQuestion {
    pub(super) selected: Selection,
    pub(super) max: usize,
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
    /// What the answer takes.
    pub(super) memory: Permit,
}

/// What has changed since a position.
#[derive(Clone)]
pub(super) enum Changes<T> {
    Known(T),
    /// The change feed does not reach back to the position: all points have to be asked for.
    TooOld,
}

impl<T> Changes<T> {
    pub(super) fn map<U>(self, map: impl FnOnce(T) -> U) -> Changes<U> {
        match self {
            Self::Known(changes) => Changes::Known(map(changes)),
            Self::TooOld => Changes::TooOld,
        }
    }
}

/// The points of an answer, before they are written.
struct FoundPoints {
    points: Points,
    position: u64,
    /// These are all points: what the client has from before is void.
    is_reset: bool,
    has_more: bool,
    totals: Totals,
    cutoff: Timestamp,
    segments_left_out: usize,
}

/// Traces that are selected, whether they are in the answer or not.
#[derive(Clone, Copy)]
struct Totals {
    /// Those with a root.
    listed: u64,
    rootless: u64,
}

pub(super) async fn points(
    State(api): State<Arc<ApiV1State>>,
    parameters: QueryParameters,
) -> Result<Response, Refusal> {
    let pairs = query_parameters(parameters)?;
    let asked = parse_points(Pairs(&pairs))?;
    let since = asked.cursor.and_then(|text| cursor::read(text, &api.epoch));
    let question = PointsQuestion { selected: selection(asked.selected), max: asked.max };
    if let Some(since) = since {
        let (shared, memory) = (Arc::clone(&api), api.app.answer_memory());
        let changes = api.app.read(move |store, now| question.changes(&shared, (store, now), since, memory));
        if let Changes::Known(found) = changes.await?.map_err(Refusal::no_answer_memory)? {
            return Ok(answer::held_json((found.body, found.memory)));
        }
    }
    let found = question.all(&api).await?.map_err(Refusal::no_answer_memory)?;
    Ok(answer::held_json((found.body, found.memory)))
}

impl PointsQuestion {
    /// The newest of the selected traces.
    pub(super) async fn all(
        self,
        api: &Arc<ApiV1State>,
    ) -> Result<Result<PointsAnswer, Shortage>, ScanError> {
        let (shared, memory) = (Arc::clone(api), api.app.answer_memory());
        let rootless_memory = api.app.answer_memory();
        let scan = move |store: &Store, now: Now, pace: &Pace| {
            let found = self.find_all((store, now), pace, (&memory, &rootless_memory))?;
            drop(rootless_memory);
            Ok(found.write(&shared, (store, now), memory))
        };
        api.app.scan(scan).await
    }

    /// What has changed since a position. `memory` grows with the answer.
    ///
    /// # Errors
    /// If other answers take the memory.
    pub(super) fn changes(
        self,
        api: &ApiV1State,
        (store, now): (&Store, Now),
        since: u64,
        memory: Permit,
    ) -> Result<Changes<PointsAnswer>, Shortage> {
        let Some(changed) = store.changes(since, self.max, now) else { return Ok(Changes::TooOld) };
        let count = |snapshot: &Snapshot| Totals {
            listed: snapshot.count_selected(self.selected) as u64,
            rootless: api.app.rootless(snapshot, self.selected),
        };
        let found = self.find_changed((&changed, &store.snapshot(now)), count, &memory)?;
        Ok(Changes::Known(found.write(api, (store, now), memory)))
    }

    /// What has changed between two positions, for the streams with this question. The total may be that of an earlier
    /// event.
    ///
    /// # Errors
    /// If other answers take the memory.
    pub(super) fn changes_of_stream(
        self,
        api: &ApiV1State,
        (store, now, pace): (&Store, Now, &Pace),
        positions: (u64, u64),
        memory: Permit,
    ) -> Result<Changes<PointsAnswer>, Shortage> {
        let Some(changed) = store.changes_between(positions, self.max, now) else {
            return Ok(Changes::TooOld);
        };
        let count = |snapshot: &Snapshot| Totals {
            listed: api.recent_totals.get(self.selected, || snapshot.count_selected(self.selected) as u64),
            rootless: api.app.rootless(snapshot, self.selected),
        };
        let pace = pace.clone();
        let snapshot = store.snapshot(now).with_pace(move || pace.goes_on());
        let found = self.find_changed((&changed, &snapshot), count, &memory)?;
        Ok(Changes::Known(found.write(api, (store, now), memory)))
    }

    /// How many traces are listed at once. A large answer is bounded by its part of the memory, and says how many more
    /// traces there are, as if the client had asked for fewer.
    fn limit(self, memory: &Permit) -> ListLimit<'_> {
        let bytes = memory.max() / (COPIES * ANSWERS_AT_ONCE);
        ListLimit { traces: self.max, bytes, memory: Some(memory) }
    }

    /// How many traces of two listings are in the answer: so many that they take no more than one of them may.
    fn traces_at_most(self, (one, other): (&Listing, &Listing), limit: ListLimit<'_>) -> usize {
        let (traces, bytes) = (one.summaries().len() + other.summaries().len(), one.bytes() + other.bytes());
        let fitting = if bytes <= limit.bytes { traces } else { traces * limit.bytes / bytes };
        fitting.min(self.max)
    }

    fn find_all(
        self,
        (store, now): (&Store, Now),
        pace: &Pace,
        (memory, rootless_memory): (&Permit, &Permit),
    ) -> Result<FoundPoints, Shortage> {
        // Order: the position is taken before the snapshot, so that a trace that comes in between is in both, not in
        // neither.
        let position = store.subscribe(now);
        let pace = pace.clone();
        let snapshot = store.snapshot(now).with_pace(move || pace.goes_on());
        let listing = snapshot.list_within(self.selected, self.limit(memory))?;
        let rootless = snapshot.rootless_within(self.selected, self.limit(rootless_memory))?;
        let traces = self.traces_at_most((&listing, &rootless), self.limit(memory));
        memory.grow_to(self.limit(memory).bytes.min(listing.bytes() + rootless.bytes()) * COPIES)?;
        let mut points = Points::new(snapshot.cutoff());
        latest_of(&listing, &rootless).take(traces).for_each(|summary| points.push(&summary));
        Ok(FoundPoints {
            points,
            position,
            is_reset: true,
            has_more: false,
            totals: Totals { listed: listing.total as u64, rootless: rootless.total as u64 },
            cutoff: snapshot.cutoff(),
            segments_left_out: snapshot.left_out(),
        })
    }

    fn find_changed(
        self,
        (changed, snapshot): (&Changed, &Snapshot),
        count: impl FnOnce(&Snapshot) -> Totals,
        memory: &Permit,
    ) -> Result<FoundPoints, Shortage> {
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
        Ok(FoundPoints {
            points,
            position: changed.next,
            is_reset: false,
            has_more: changed.has_more,
            totals: count(snapshot),
            cutoff: snapshot.cutoff(),
            segments_left_out: snapshot.left_out(),
        })
    }
}

/// The traces of both listings, the latest first.
fn latest_of<'a>(one: &'a Listing, other: &'a Listing) -> impl Iterator<Item = TraceSummary<'a>> {
    let (mut one, mut other) = (one.summaries().peekable(), other.summaries().peekable());
    iter::from_fn(move || match (one.peek(), other.peek()) {
        (Some(first), Some(second)) if first.start < second.start => other.next(),
        (Some(_), _) => one.next(),
        (None, _) => other.next(),
    })
}

impl FoundPoints {
    fn write(self, api: &ApiV1State, (store, now): (&Store, Now), memory: Permit) -> PointsAnswer {
        let cursor = cursor::write(&api.epoch, self.position);
        let head = PointsHead {
            head: api.head(now, self.segments_left_out),
            cursor: &cursor,
            reset: self.is_reset,
            more: self.has_more,
            total: self.totals.listed,
            rootless: self.totals.rootless,
            evict_before: self.cutoff,
        };
        let is_empty = !self.is_reset && self.points.is_empty() && self.segments_left_out == 0;
        let numbers = self.points.service_numbers(&mut api.numbering(store, now));
        let body = self.points.write(head, &numbers);
        memory.shrink_to(body.len());
        PointsAnswer { body, cursor, position: self.position, has_more: self.has_more, is_empty, memory }
    }
}
