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

use super::api_v1_state::ApiV1State;
use super::cursor;
use super::points::{PointsAnswer, PointsQuestion};
use super::selection::selection;
use crate::clients::client::Client;
use crate::clients::shares::Share;
use crate::http::parameters::{QueryParameters, query_parameters};
use crate::http::refusal::Refusal;

/// How often a subscriber's changes are looked for. Twice a second puts a trace on the screen within a second; a wake
/// for each batch would ask the store as often as batches come.
const INTERVAL: Duration = Duration::from_millis(500);
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
    api: Arc<ApiV1State>,
    question: PointsQuestion,
    /// The last answer said that more changes can be had at once.
    has_more: bool,
    ticks: Interval,
    last_event_at: Option<Instant>,
    /// The memory of the last event, which is held until the client has taken it.
    memory: Arc<Permit>,
    _share: Share,
}

pub(super) async fn stream(
    State(api): State<Arc<ApiV1State>>,
    client: Client,
    headers: HeaderMap,
    parameters: QueryParameters,
) -> Result<Response, Refusal> {
    api.app.check_is_ready()?;
    let pairs = query_parameters(parameters)?;
    let asked = parse_points(Pairs(&pairs))?;
    let share = api.app.budgets.streams.try_take(&client).ok_or_else(|| {
        Refusal::overload("too many streams are open; ask for /api/v1/traces/points instead")
    })?;
    // A browser that connects again sends the id of the last event that it got; it is newer than the cursor in the URL.
    let last_event_id = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok());
    let since = last_event_id.or(asked.cursor).and_then(|text| cursor::read(text, &api.epoch));
    let mut ticks = interval(INTERVAL);
    // After a slow answer the next one comes an interval later: to catch up would only make more of them slow.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let memory = Arc::new(api.app.answer_memory());
    let subscriber = Subscriber {
        api,
        memory,
        question: PointsQuestion { selected: selection(asked.selected), max: asked.max, since },
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
        loop {
            if !self.has_more {
                self.ticks.tick().await;
            }
            if !self.api.app.is_ready() {
                return None;
            }
            let Some(answer) = self.ask().await else {
                self.has_more = false;
                continue;
            };
            self.question.since = Some(answer.position);
            self.has_more = answer.has_more;
            let is_silent = self.last_event_at.is_some_and(|at| at.elapsed() < SILENCE_MAX);
            if !(answer.is_empty && is_silent) {
                self.last_event_at = Some(Instant::now());
                return Some(event(answer));
            }
        }
    }

    /// Asks for an event. `None` where other answers take the memory for it: then the next tick asks again.
    async fn ask(&self) -> Option<PointsAnswer> {
        let (api, question, memory) = (Arc::clone(&self.api), self.question, Arc::clone(&self.memory));
        memory.shrink_to(0);
        let asked = self.api.app.resume_read(move |store, now| {
            let answer = question.answer(&api, (store, now), &memory).ok()?;
            // The text is copied into the form of an event.
            memory.shrink_to(answer.body.len() * 2);
            Some(answer)
        });
        asked.await
    }
}

fn event(answer: PointsAnswer) -> Event {
    let data = String::from_utf8(answer.body).expect("JSON of texts is text");
    Event::default().event("points").id(answer.cursor).data(data)
}
