//! The summary of a run: each worker counts, and the counts are added up at the end.

use std::io::{self, Write};
use std::time::Duration;

use crate::error::Verdict;
use crate::latency::Latencies;

/// A larger delay than this is reported, because the server has then slowed down the run.
const BEHIND_WORTH_SAYING: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(crate) struct Report {
    /// How many requests were sent, including retries and repeats.
    pub(crate) requests: u64,
    pub(crate) repeats: u64,
    pub(crate) acked_spans: u64,
    /// Spans whose request was refused with 503 or 429 at every attempt. They are not stored.
    pub(crate) refused_spans: u64,
    /// Spans whose request was answered with another 4xx although it keeps every rule. They are not stored.
    pub(crate) rejected_spans: u64,
    pub(crate) uncertain_spans: u64,
    /// Answers to `POST /spans` with a status that the contract does not allow.
    pub(crate) odd_answers: u64,
    pub(crate) first_trouble: Option<String>,
    /// The longest time that a worker was behind its schedule.
    pub(crate) behind_max: Duration,
    pub(crate) latencies: Latencies,
}

/// What the options asked for, and how long the run took.
pub(crate) struct Run {
    pub(crate) seed: u64,
    pub(crate) requests_per_sec: f64,
    pub(crate) took: Duration,
}

impl Report {
    pub(crate) fn new() -> Self {
        Self {
            requests: 0,
            repeats: 0,
            acked_spans: 0,
            refused_spans: 0,
            rejected_spans: 0,
            uncertain_spans: 0,
            odd_answers: 0,
            first_trouble: None,
            behind_max: Duration::ZERO,
            latencies: Latencies::new(),
        }
    }

    pub(crate) fn note_trouble(&mut self, trouble: impl FnOnce() -> String) {
        self.first_trouble.get_or_insert_with(trouble);
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.repeats += other.repeats;
        self.acked_spans += other.acked_spans;
        self.refused_spans += other.refused_spans;
        self.rejected_spans += other.rejected_spans;
        self.uncertain_spans += other.uncertain_spans;
        self.odd_answers += other.odd_answers;
        self.first_trouble = self.first_trouble.take().or(other.first_trouble);
        self.behind_max = self.behind_max.max(other.behind_max);
        self.latencies.add(&other.latencies);
    }

    /// Returns `Pass` if the server acknowledged some spans and rejected none. Refusals with 503 or 429 are allowed.
    pub(crate) const fn verdict(&self) -> Verdict {
        if self.rejected_spans == 0 && self.odd_answers == 0 && self.acked_spans > 0 {
            Verdict::Pass
        } else {
            Verdict::Fail
        }
    }

    pub(crate) fn print(&self, run: &Run, out: &mut dyn Write) -> io::Result<()> {
        let seconds = run.took.as_secs_f64().max(f64::EPSILON);
        let sent = self.acked_spans + self.refused_spans + self.rejected_spans + self.uncertain_spans;
        writeln!(
            out,
            "emit: spans={sent} acked={} refused={} rejected={} uncertain={} requests={} repeats={} odd_answers={}",
            self.acked_spans,
            self.refused_spans,
            self.rejected_spans,
            self.uncertain_spans,
            self.requests,
            self.repeats,
            self.odd_answers,
        )?;
        writeln!(
            out,
            "emit: {:.1} s, {:.1} requests/s of {:.1} asked, {:.1} spans/s acknowledged, seed={}",
            seconds,
            float(self.requests) / seconds,
            run.requests_per_sec,
            float(self.acked_spans) / seconds,
            run.seed,
        )?;
        writeln!(
            out,
            "emit: latency ms p50={:.2} p90={:.2} p99={:.2} max={:.2}",
            self.latencies.millis(0.5),
            self.latencies.millis(0.9),
            self.latencies.millis(0.99),
            self.latencies.millis(1.0),
        )?;
        if self.behind_max > BEHIND_WORTH_SAYING {
            let behind = self.behind_max.as_secs_f64();
            writeln!(
                out,
                "emit: requests were up to {behind:.1} s late, because answers took too long; try a lower --rate or fewer --workers"
            )?;
        }
        if let Some(trouble) = &self.first_trouble {
            writeln!(out, "emit: first failed attempt: {trouble}")?;
        }
        Ok(())
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown with one or two digits")]
const fn float(count: u64) -> f64 {
    count as f64
}
