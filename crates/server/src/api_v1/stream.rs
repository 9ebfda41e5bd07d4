//! `GET /api/v1/stream`: the points and what changes, as server-sent events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use budget::Permit;
use futures_util::stream;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};
use wire::api_v1::{Pairs, parse_points};

use super::cursor;
use super::points::{Changes, PointsAnswer, PointsQuestion};
use super::selection::selection;
use super::stream_feed::{StreamFeed, TICK};
use crate::clients::client::Client;
use crate::clients::shares::Share;
use crate::http::parameters::{QueryParameters, query_parameters};
use crate::http::refusal::Refusal;

/// How long a subscriber hears nothing where nothing has changed. Then it gets an empty event: its cutoff tells which
/// traces have left the window.
const SILENCE_MAX: Duration = Duration::from_secs(3);
/// How often a comment is sent where no event is: proxies close connections that look dead.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Tells nginx to hand events on as they come.
const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// One client of the stream.
struct Subscriber {
    feed: Arc<StreamFeed>,
    question: PointsQuestion,
    /// A position in the change feed; `None` asks for all points.
    since: Option<u64>,
    /// The last answer said that more changes can be had at once.
    has_more: bool,
    ticks: Interval,
    last_event_at: Option<Instant>,
    /// The memory of the last event, which is held until the client has taken it.
    memory: Permit,
    _share: Share,
}

pub(super) async fn stream(
    State(feed): State<Arc<StreamFeed>>,
    client: Client,
    headers: HeaderMap,
    parameters: QueryParameters,
) -> Result<Response, Refusal> {
    let api = &feed.api;
    api.app.check_is_ready()?;
    let pairs = query_parameters(parameters)?;
    let asked = parse_points(Pairs(&pairs))?;
    let share = api.app.budgets.streams.try_take(&client).ok_or_else(|| {
        Refusal::overload("too many streams are open; ask for /api/v1/traces/points instead")
    })?;
    // A browser that connects again sends the id of the last event that it got; it is newer than the cursor in the URL.
    let last_event_id = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok());
    let since = last_event_id.or(asked.cursor).and_then(|text| cursor::read(text, &api.epoch));
    let mut ticks = interval(TICK);
    // After a slow answer the next one comes an interval later: to catch up would only make more of them slow.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let memory = api.app.answer_memory();
    let subscriber = Subscriber {
        feed,
        memory,
        question: PointsQuestion { selected: selection(asked.selected), max: asked.max },
        since,
        has_more: false,
        ticks,
        last_event_at: None,
        _share: share,
    };
    let events = stream::unfold(subscriber, async |mut subscriber| {
        let event = subscriber.next_event().await?;
        Some((Ok::<_, Infallible>(event), subscriber))
    });
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE).text("beat"));
    Ok(([(ACCEL_BUFFERING, HeaderValue::from_static("no"))], events).into_response())
}

impl Subscriber {
    /// The next event. `None` when the server stops, which ends the stream: otherwise the stream would delay the stop
    /// forever.
    async fn next_event(&mut self) -> Option<Event> {
        self.memory.shrink_to(0);
        loop {
            if !self.has_more {
                self.ticks.tick().await;
            }
            if !self.feed.api.app.is_ready() {
                return None;
            }
            let Some(answer) = self.ask().await else {
                self.has_more = false;
                continue;
            };
            // The text is copied into the form of an event. Without memory for that, the next tick asks again.
            if self.memory.grow(answer.body.len()).is_err() {
                self.has_more = false;
                continue;
            }
            self.since = Some(answer.position);
            self.has_more = answer.has_more;
            if !(answer.is_empty && self.is_silent()) {
                self.last_event_at = Some(Instant::now());
                return Some(event(&answer));
            }
            self.memory.shrink_to(0);
        }
    }

    fn is_silent(&self) -> bool {
        self.last_event_at.is_some_and(|at| at.elapsed() < SILENCE_MAX)
    }

    /// Asks for an event. `None` where there is none yet, or other answers take the memory for it.
    async fn ask(&mut self) -> Option<Arc<PointsAnswer>> {
        if let Some(since) = self.since {
            // The first event has everything up to now: whoever asks after an acknowledgement sees what it is about.
            let is_first = self.last_event_at.is_none();
            let until = if is_first { self.feed.api.app.subscribe() } else { self.feed.position() };
            // An answer with all points may be ahead of the tick.
            if since >= until && self.is_silent() {
                return None;
            }
            match self.feed.event(self.question, (since, until.max(since))).await? {
                Changes::Known(answer) => return Some(answer),
                Changes::TooOld => self.since = None,
            }
        }
        let all = self.question.all(&self.feed.api).await.ok()?;
        all.ok().map(Arc::new)
    }
}

fn event(answer: &PointsAnswer) -> Event {
    let data = str::from_utf8(&answer.body).expect("JSON of texts is text");
    Event::default().event("points").id(&answer.cursor).data(data)
}
