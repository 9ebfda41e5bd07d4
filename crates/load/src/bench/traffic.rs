//! Writers and readers beside each other against one server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::try_join_all;
use http::StatusCode;
use platform::Clock;
use span::Timestamp;
use tokio::time::{Instant, sleep_until};

use super::process::ServerProcess;
use super::samples::Samples;
use crate::dice::Dice;
use crate::emit::{Batcher, TraceNumbers};
use crate::error::LoadError;
use crate::generate;

/// Limit: what a batcher knows of its traces is forgotten then; the rest of its last trace is never sent.
const BATCHER_SPANS: usize = 100_000;
const LIST: &str = "/traces?limit=1000";
/// Dice for the choice of traces, far from those that make them.
const CHOICE_STREAM: u64 = 1 << 42;

/// What is sent, and how.
#[derive(Clone, Copy)]
pub(super) struct Load {
    pub(super) seed: u64,
    pub(super) batch: usize,
    pub(super) connections: u16,
    pub(super) with_tags: bool,
    /// Between two requests of one connection; none where each follows the answer to the one before it.
    pub(super) period: Option<Duration>,
}

/// A load on its way into a server.
pub(super) struct Traffic<'a> {
    server: &'a ServerProcess,
    load: Load,
    clock: &'a Arc<dyn Clock>,
    numbers: &'a TraceNumbers,
    spans_max: u64,
    sent: AtomicU64,
    is_over: AtomicBool,
}

/// What the readers have seen.
#[derive(Default)]
pub(super) struct Reads {
    pub(super) lists: Samples,
    pub(super) details: Samples,
}

impl Reads {
    pub(super) fn add(&mut self, other: Self) {
        self.lists.add(other.lists);
        self.details.add(other.details);
    }
}

impl<'a> Traffic<'a> {
    /// Sends no more than `spans_max`.
    pub(super) fn new(
        server: &'a ServerProcess,
        load: Load,
        (clock, numbers): (&'a Arc<dyn Clock>, &'a TraceNumbers),
        spans_max: u64,
    ) -> Self {
        let (sent, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
        Self { server, load, clock, numbers, spans_max, sent, is_over }
    }

    pub(super) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    pub(super) async fn write(&self) -> Result<Samples, LoadError> {
        let mut all = Samples::default();
        for samples in try_join_all((0..self.load.connections).map(|_| self.connection())).await? {
            all.add(samples);
        }
        Ok(all)
    }

    /// Writes for so long, with readers beside; each kind of them asks `hz` times a second.
    pub(super) async fn write_and_read(
        &self,
        duration: Duration,
        hz: f64,
    ) -> Result<(Samples, Reads), LoadError> {
        let timer = async {
            sleep_until(Instant::now() + duration).await;
            self.is_over.store(true, Ordering::Relaxed);
            Ok(())
        };
        let mut dice = Dice::new(self.load.seed, CHOICE_STREAM);
        let period = Some(Duration::from_secs_f64(1.0 / hz));
        let lists = read(self.server, period, || self.is_reading().then(|| LIST.to_owned()));
        let details = read(self.server, period, || {
            self.is_reading().then(|| self.known_trace(&mut dice).unwrap_or_else(|| LIST.to_owned()))
        });
        let (writes, lists, details, ()) = tokio::try_join!(self.write(), lists, details, timer)?;
        Ok((writes, Reads { lists, details }))
    }

    fn is_reading(&self) -> bool {
        !self.is_over.load(Ordering::Relaxed)
    }

    /// The path of a trace that was sent, if there is one.
    pub(super) fn known_trace(&self, dice: &mut Dice) -> Option<String> {
        // Those of the last requests may be on their way.
        let in_flight = u64::from(self.load.connections) * self.load.batch as u64;
        let known = u64::from(self.numbers.taken()).checked_sub(in_flight).filter(|&known| known > 0)?;
        let number = u32::try_from(dice.below(known)).expect("it is below a number of that size");
        Some(format!("/traces/{}", generate::trace_id(self.load.seed, number)))
    }

    async fn connection(&self) -> Result<Samples, LoadError> {
        let mut pacer = Pacer::new(self.load.period);
        let mut samples = Samples::default();
        loop {
            let mut batcher = Batcher::new(self.load.seed, 0.0, self.numbers, Timestamp(0));
            if !self.load.with_tags {
                batcher = batcher.without_tags();
            }
            for _ in 0..BATCHER_SPANS.div_ceil(self.load.batch) {
                if !self.claim() {
                    return Ok(samples);
                }
                let began = pacer.turn().await;
                let Some(batch) = batcher.next_batch(self.load.batch, self.clock.now()) else {
                    return Ok(samples);
                };
                let began = began.unwrap_or_else(Instant::now);
                self.send(batch.body).await?;
                samples.record(began);
            }
        }
    }

    /// Whether one more batch is to be sent.
    fn claim(&self) -> bool {
        let step = |sent: u64| (sent < self.spans_max).then_some(sent + self.load.batch as u64);
        self.is_reading() && self.sent.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).is_ok()
    }

    async fn send(&self, body: bytes::Bytes) -> Result<(), LoadError> {
        let lost = |reason| self.server.lost("/spans", reason);
        let answer = self.server.client.post_spans(body).await.map_err(|error| lost(error.to_string()))?;
        if answer.status == StatusCode::ACCEPTED {
            return Ok(());
        }
        Err(lost(format!("a batch was answered {}", answer.status)))
    }
}

/// Asks for one path after another until there is none. What has left the window is an answer, too.
pub(super) async fn read(
    server: &ServerProcess,
    period: Option<Duration>,
    mut next: impl FnMut() -> Option<String>,
) -> Result<Samples, LoadError> {
    let mut pacer = Pacer::new(period);
    let mut samples = Samples::default();
    loop {
        let began = pacer.turn().await;
        let Some(path) = next() else { return Ok(samples) };
        let began = began.unwrap_or_else(Instant::now);
        let status = server.get(&path).await?.status;
        samples.record(began);
        if status != StatusCode::OK && status != StatusCode::NOT_FOUND {
            return Err(server.lost(&path, format!("it was answered {status}")));
        }
    }
}

/// Gives turns at a steady rate.
struct Pacer {
    period: Option<Duration>,
    due: Instant,
}

impl Pacer {
    fn new(period: Option<Duration>) -> Self {
        Self { period, due: Instant::now() }
    }

    /// Waits for the next turn. Where it is late, it says since when: the answer before took too long, and who
    /// waits for this one has waited since then.
    async fn turn(&mut self) -> Option<Instant> {
        let due = self.due;
        self.due += self.period?;
        if Instant::now() > due {
            return Some(due);
        }
        sleep_until(due).await;
        None
    }
}
