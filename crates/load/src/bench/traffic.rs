//! Writers and readers that use one server at the same time.

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
use crate::emit::{Batcher, TraceNumbers};
use crate::error::LoadError;
use crate::generate;
use crate::random::Random;

/// Limit: spans that one batcher makes, because it keeps an entry for every trace. Then a new one replaces it, and
/// the rest of its last trace is not sent.
const BATCHER_SPANS: usize = 100_000;
const LIST: &str = "/traces?limit=1000";
/// The number of the random stream that chooses the traces to read. It is far above the numbers of the streams that
/// draw traces.
const CHOICE_STREAM: u64 = 1 << 42;

/// What to send to a server, and how fast.
#[derive(Clone, Copy)]
pub(super) struct Workload {
    pub(super) seed: u64,
    pub(super) batch: usize,
    pub(super) connections: u16,
    pub(super) with_tags: bool,
    /// The time from one request of a connection to the next. `None` sends each request as soon as the one before it
    /// is answered.
    pub(super) period: Option<Duration>,
}

/// Sends a workload to a server.
pub(super) struct Traffic<'a> {
    server: &'a ServerProcess,
    workload: Workload,
    clock: &'a Arc<dyn Clock>,
    numbers: &'a TraceNumbers,
    spans_max: u64,
    sent: AtomicU64,
    is_over: AtomicBool,
}

/// The latencies of read requests.
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
    /// Makes a sender that sends at most `spans_max` spans, rounded up to full batches.
    pub(super) fn new(
        server: &'a ServerProcess,
        workload: Workload,
        (clock, numbers): (&'a Arc<dyn Clock>, &'a TraceNumbers),
        spans_max: u64,
    ) -> Self {
        let (sent, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
        Self { server, workload, clock, numbers, spans_max, sent, is_over }
    }

    pub(super) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    pub(super) async fn write(&self) -> Result<Samples, LoadError> {
        let mut all = Samples::default();
        for samples in try_join_all((0..self.workload.connections).map(|_| self.connection())).await? {
            all.add(samples);
        }
        Ok(all)
    }

    /// Sends spans for `duration`, while one reader requests lists and another single traces, each `hz` times a
    /// second. Returns the latencies of both.
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
        let mut random = Random::new(self.workload.seed, CHOICE_STREAM);
        let period = Some(Duration::from_secs_f64(1.0 / hz));
        let lists = read(self.server, period, || self.is_reading().then(|| LIST.to_owned()));
        let details = read(self.server, period, || {
            self.is_reading().then(|| self.known_trace(&mut random).unwrap_or_else(|| LIST.to_owned()))
        });
        let (writes, lists, details, ()) = tokio::try_join!(self.write(), lists, details, timer)?;
        Ok((writes, Reads { lists, details }))
    }

    fn is_reading(&self) -> bool {
        !self.is_over.load(Ordering::Relaxed)
    }

    /// Returns the path of a random trace that was sent, if there is one.
    pub(super) fn known_trace(&self, random: &mut Random) -> Option<String> {
        // The latest traces may not have arrived yet.
        let in_flight = u64::from(self.workload.connections) * self.workload.batch as u64;
        let known = u64::from(self.numbers.taken()).checked_sub(in_flight).filter(|&known| known > 0)?;
        let number = u32::try_from(random.below(known)).expect("the number is below a u32");
        Some(format!("/traces/{}", generate::trace_id(self.workload.seed, number)))
    }

    async fn connection(&self) -> Result<Samples, LoadError> {
        let mut pacer = Pacer::new(self.workload.period);
        let mut samples = Samples::default();
        loop {
            let mut batcher = Batcher::new(self.workload.seed, 0.0, self.numbers, Timestamp(0));
            if !self.workload.with_tags {
                batcher = batcher.without_tags();
            }
            for _ in 0..BATCHER_SPANS.div_ceil(self.workload.batch) {
                if !self.claim() {
                    return Ok(samples);
                }
                let began = pacer.turn().await;
                let Some(batch) = batcher.next_batch(self.workload.batch, self.clock.now()) else {
                    return Ok(samples);
                };
                let began = began.unwrap_or_else(Instant::now);
                self.send(batch.body).await?;
                samples.record(began);
            }
        }
    }

    /// Returns true if one more batch may be sent, and counts its spans. Returns false if enough spans were sent or
    /// the time is over.
    fn claim(&self) -> bool {
        let step = |sent: u64| (sent < self.spans_max).then_some(sent + self.workload.batch as u64);
        self.is_reading() && self.sent.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).is_ok()
    }

    async fn send(&self, body: bytes::Bytes) -> Result<(), LoadError> {
        let lost = |reason| self.server.lost("/spans", reason);
        let answer = self.server.client.post_spans(body).await.map_err(|error| lost(error.to_string()))?;
        if answer.status == StatusCode::ACCEPTED {
            return Ok(());
        }
        Err(lost(format!("the status of the answer must be 202, but is {}", answer.status)))
    }
}

/// Requests the paths that `next` returns, one every `period`, until it returns `None`. A 404 is accepted, because
/// traces leave the window. Returns the latencies.
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
            return Err(
                server.lost(&path, format!("the status of the answer must be 200 or 404, but is {status}"))
            );
        }
    }
}

/// Waits so that requests are sent at a constant rate.
struct Pacer {
    period: Option<Duration>,
    due: Instant,
}

impl Pacer {
    fn new(period: Option<Duration>) -> Self {
        Self { period, due: Instant::now() }
    }

    /// Waits until the next request is due. If it is late, because the answer before took too long, returns the time
    /// at which it was due: its latency begins then.
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
