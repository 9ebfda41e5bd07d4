//! A worker: waits for its next arrival, sends a request, and notes in the ledger what became of the spans.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use platform::Clock;
use serde::Deserialize;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

use super::batch::{Batch, Batcher};
use super::progress::Progress;
use super::report::Report;
use super::schedule::Schedule;
use crate::client::{Answer, Client, TransportError};
use crate::random::Random;
use crate::retry;

/// Limit: a worker that is late by at most this much sends faster until it has caught up. After a longer delay it
/// moves its schedule instead, because a flood of requests would follow.
const CATCH_UP_MAX: Duration = Duration::from_secs(5);

pub(crate) struct Worker<'a> {
    pub(crate) client: Client,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) batcher: Batcher<'a>,
    pub(crate) schedule: Schedule,
    pub(crate) random: Random,
    pub(crate) batch_spans_max: usize,
    pub(crate) repeat_probability: f64,
    pub(crate) progress: &'a Progress,
    pub(crate) report: Report,
    pub(crate) stop: watch::Receiver<bool>,
}

/// What became of a request after all its attempts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Delivery {
    Acked,
    Refused,
    Rejected,
    Uncertain,
}

/// The outcome of one attempt.
enum Attempt {
    Settled(Delivery),
    /// The request must be sent again after `wait`. `may_be_stored` says whether the server may have stored the
    /// spans.
    Again {
        wait: Duration,
        may_be_stored: bool,
    },
}

impl Worker<'_> {
    /// Sends new traces until `until`, and then their remaining spans, so that every trace is complete.
    pub(crate) async fn run(mut self, started: Instant, until: Instant) -> Self {
        let mut shift = Duration::ZERO;
        loop {
            let due = started + self.schedule.next_arrival() + shift;
            if due >= until || !self.wait_until(due).await {
                break;
            }
            let now = Instant::now();
            if now >= until {
                break;
            }
            let behind = now - due;
            self.report.behind_max = self.report.behind_max.max(behind);
            if behind > CATCH_UP_MAX {
                shift += behind;
            }
            let Some(batch) = self.batcher.next_batch(self.batch_spans_max, self.clock.now()) else {
                break;
            };
            self.send(&batch).await;
        }
        while let Some(batch) = self.batcher.last_batch(self.batch_spans_max) {
            self.send(&batch).await;
        }
        self
    }

    /// Waits until `due`. Returns false if the run is stopped before.
    async fn wait_until(&mut self, due: Instant) -> bool {
        tokio::select! {
            biased;
            _ = self.stop.wait_for(|stop| *stop) => false,
            () = sleep_until(due) => true,
        }
    }

    async fn send(&mut self, batch: &Batch) {
        let spans = batch.spans.len() as u64;
        match self.deliver(&batch.body).await {
            Delivery::Acked => {
                self.batcher.acknowledge(batch);
                self.report.acked_spans += spans;
                self.progress.add_acked(spans);
                if self.random.chance(self.repeat_probability) {
                    self.repeat(batch).await;
                }
            }
            Delivery::Refused => self.report.refused_spans += spans,
            Delivery::Rejected => self.report.rejected_spans += spans,
            Delivery::Uncertain => {
                self.batcher.doubt(batch);
                self.report.uncertain_spans += spans;
            }
        }
    }

    /// Sends an acknowledged request again, in half of the cases with other content. The ledger does not change,
    /// because the server keeps the first copy.
    async fn repeat(&mut self, batch: &Batch) {
        let body =
            if self.random.chance(0.5) { batch.body.clone() } else { self.batcher.altered_body(batch) };
        self.report.repeats += 1;
        self.deliver(&body).await;
    }

    async fn deliver(&mut self, body: &Bytes) -> Delivery {
        let mut may_be_stored = false;
        for attempt in 0..retry::ATTEMPTS_MAX {
            match self.attempt(attempt, body).await {
                Attempt::Settled(Delivery::Rejected | Delivery::Refused) if may_be_stored => break,
                Attempt::Settled(delivery) => return delivery,
                Attempt::Again { wait, may_be_stored: doubt } => {
                    may_be_stored |= doubt;
                    self.progress.add_trouble();
                    if *self.stop.borrow() {
                        break;
                    }
                    sleep(wait).await;
                }
            }
        }
        if may_be_stored { Delivery::Uncertain } else { Delivery::Refused }
    }

    async fn attempt(&mut self, attempt: u32, body: &Bytes) -> Attempt {
        let sent_at = Instant::now();
        let outcome = self.client.post_spans(body.clone()).await;
        self.report.requests += 1;
        self.progress.add_request();
        match outcome {
            Ok(answer) => {
                self.report.latencies.record(sent_at.elapsed());
                self.judge(attempt, &answer)
            }
            Err(error) => {
                self.report.note_trouble(|| error.to_string());
                let may_be_stored = matches!(error, TransportError::Broken(_));
                Attempt::Again { wait: retry::wait(attempt, None), may_be_stored }
            }
        }
    }

    fn judge(&mut self, attempt: u32, answer: &Answer) -> Attempt {
        if is_acknowledged(answer) {
            return Attempt::Settled(Delivery::Acked);
        }
        self.report.note_trouble(|| describe(answer));
        let status = answer.status;
        if retry::is_refusal(status) {
            Attempt::Again { wait: retry::wait(attempt, Some(&answer.headers)), may_be_stored: false }
        } else if status.is_client_error() {
            Attempt::Settled(Delivery::Rejected)
        } else if status.is_server_error() {
            Attempt::Again { wait: retry::wait(attempt, None), may_be_stored: true }
        } else {
            self.report.odd_answers += 1;
            Attempt::Settled(Delivery::Uncertain)
        }
    }
}

/// Whether the answer is 202 with `{"status":"ok"}`; the contract allows more fields.
fn is_acknowledged(answer: &Answer) -> bool {
    #[derive(Deserialize)]
    struct Acknowledgement<'a> {
        status: &'a str,
    }
    answer.status == StatusCode::ACCEPTED
        && serde_json::from_slice::<Acknowledgement<'_>>(&answer.body).is_ok_and(|body| body.status == "ok")
}

fn describe(answer: &Answer) -> String {
    const TEXT_CHARS_MAX: usize = 300;
    let text: String = String::from_utf8_lossy(&answer.body).chars().take(TEXT_CHARS_MAX).collect();
    format!("POST /spans was answered {}: {text}", answer.status)
}
