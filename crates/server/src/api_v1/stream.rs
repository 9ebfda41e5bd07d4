//! `GET /api/v1/stream`: the points and what changes, without asking again.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State as Shared;
use axum::http::{HeaderMap, HeaderName};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use tokio::time::{Instant, MissedTickBehavior, interval};
use wire::api_v1::{Pairs, parse_points};

use super::points::{Answer, Question, ask};
use super::{Parameters, cursor, decoded, selection};
use crate::budget::Share;
use crate::heavy;
use crate::refusal::Refusal;
use crate::state::State;

/// How often it is looked for changes: a trace is on the screen of those who look on within a second.
const LOOK: Duration = Duration::from_millis(500);
/// How long nothing is said where nothing has come: what has left by time is said of along the way.
const SILENCE_MAX: Duration = Duration::from_secs(3);
/// A line without meaning in between, so that nothing on the way takes the connection for dead.
const BEAT: Duration = Duration::from_secs(15);
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// One client that looks on.
struct Follower {
    state: Arc<State>,
    question: Question,
    since: Option<u64>,
    has_more: bool,
    ticks: tokio::time::Interval,
    spoke_at: Option<Instant>,
    _share: Share,
}

pub(crate) async fn stream(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    let pairs = decoded(parameters)?;
    let asked = parse_points(Pairs(&pairs))?;
    let share = state.streams.one().ok_or_else(|| {
        Refusal::overload("too many streams are open; ask for /api/v1/traces/points instead")
    })?;
    let last = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok());
    let mut ticks = interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let follower = Follower {
        question: Question { selected: selection(asked.selected), max: asked.max },
        since: last.or(asked.cursor).and_then(|text| cursor::read(text, &state.api_v1.epoch)),
        state,
        has_more: false,
        ticks,
        spoke_at: None,
        _share: share,
    };
    let events = stream::unfold(follower, async |mut follower| {
        let event = follower.next().await?;
        Some((Ok::<_, Infallible>(event), follower))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(BEAT).text("beat")).into_response())
}

impl Follower {
    /// The next event; none when the server stops.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if !self.has_more {
                self.ticks.tick().await;
            }
            if !self.state.is_ready() {
                return None;
            }
            let answer = heavy::wait(|| ask(&self.state, self.question, self.since));
            self.since = Some(answer.place);
            self.has_more = answer.more;
            let is_silent = self.spoke_at.is_some_and(|at| at.elapsed() < SILENCE_MAX);
            if !(answer.is_empty && is_silent) {
                self.spoke_at = Some(Instant::now());
                return Some(event_of(answer));
            }
        }
    }
}

fn event_of(answer: Answer) -> Event {
    let data = String::from_utf8(answer.body).expect("JSON of texts is text");
    Event::default().event("points").id(answer.cursor).data(data)
}
