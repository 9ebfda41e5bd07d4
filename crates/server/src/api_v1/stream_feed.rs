//! The events that all streams share which ask the same.
//!
//! Time is cut into ticks, and each tick has a position in the change feed. A stream that is at the position of the last
//! tick gets the event between the two, and so do all others with its filter: it is made once.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::Shared;
use parking_lot::Mutex;
use tokio::time::Instant;

use super::api_v1_state::ApiV1State;
use super::points::{Changes, PointsAnswer, PointsQuestion};

/// How often a stream gets what has changed. Twice a second puts a trace on the screen within a second; an event for
/// each batch would ask the store as often as batches come.
pub(super) const TICK: Duration = Duration::from_millis(500);

/// What an event is about: one question, from a position on.
type Asked = (PointsQuestion, u64);
/// `None` where other answers take the memory for it.
type Event = Option<Changes<Arc<PointsAnswer>>>;
type MadeEvent = Shared<Pin<Box<dyn Future<Output = Event> + Send>>>;

pub(super) struct StreamFeed {
    pub(super) api: Arc<ApiV1State>,
    tick: Mutex<Tick>,
}

#[derive(Default)]
struct Tick {
    began: Option<Instant>,
    position: u64,
    /// The events of this tick. They are freed with it, unless a client still takes them.
    events: HashMap<Asked, MadeEvent>,
}

impl StreamFeed {
    pub(super) fn new(api: &Arc<ApiV1State>) -> Self {
        Self { api: Arc::clone(api), tick: Mutex::default() }
    }

    /// Returns the position of the current tick.
    pub(super) fn position(&self) -> u64 {
        let mut tick = self.tick.lock();
        if tick.began.is_none_or(|began| began.elapsed() >= TICK) {
            let position = self.api.app.subscribe();
            *tick = Tick { began: Some(Instant::now()), position, events: HashMap::new() };
        }
        tick.position
    }

    /// Returns what has changed between two positions.
    pub(super) async fn event(&self, question: PointsQuestion, positions: (u64, u64)) -> Event {
        self.made(question, positions).await
    }

    fn made(&self, question: PointsQuestion, (since, until): (u64, u64)) -> MadeEvent {
        let mut tick = self.tick.lock();
        // In the meantime another tick may have begun: then the event is made for this stream alone.
        let is_shared = tick.position == until;
        if let Some(known) = tick.events.get(&(question, since)).filter(|_| is_shared) {
            return known.clone();
        }
        let api = Arc::clone(&self.api);
        let making: Pin<Box<dyn Future<Output = Event> + Send>> = Box::pin(async move {
            let app = Arc::clone(&api.app);
            let made = app.stream_event(move |store, now, pace| {
                let memory = api.app.answer_memory();
                let changes = question.changes_of_stream(&api, (store, now, pace), (since, until), memory);
                changes.ok().map(|changes| changes.map(Arc::new))
            });
            made.await.ok().flatten()
        });
        let event = making.shared();
        if is_shared {
            tick.events.insert((question, since), event.clone());
        }
        event
    }
}
