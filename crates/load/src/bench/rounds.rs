//! Measures rounds of one workload. In each round the measured server and the program of `--floor` take turns.

use tokio::time::Instant;

use super::context::Bench;
use super::format::{float, median, millions};
use super::metrics::Metrics;
use super::process::ServerProcess;
use crate::error::LoadError;

/// Limit: after this many windows the rounds begin, even if nothing was evicted yet.
const WARM_UP_WINDOWS: u32 = 3;

/// The columns of [`Rounds::counts`].
pub(super) const COUNTS: &str = "held | sealed | evicted | segments";

/// A source of spans that were never sent before.
pub(super) trait SpanSource: Clone {
    /// Sends at least `spans` spans, rounded up to full requests. Returns how many were sent.
    async fn send(&mut self, server: &ServerProcess, spans: u64) -> Result<u64, LoadError>;
}

/// A program that is measured, and the results of its rounds.
struct Contender<S> {
    server: ServerProcess,
    source: S,
    rounds: Vec<Round>,
}

struct Round {
    /// Processor time of the server for each span.
    cpu_micros: f64,
    spans_per_second: f64,
}

/// A round whose spans were sent. The server may still be sealing them.
struct Turn {
    cpu_before: f64,
    sent: f64,
    spans_per_second: f64,
}

/// The results of all rounds, and the server as they left it.
pub(super) struct Rounds<S> {
    measured: Contender<S>,
    floor: Option<Contender<S>>,
    before: Metrics,
    after: Metrics,
    memory_per_span: Option<f64>,
}

impl<S: SpanSource> Contender<S> {
    fn new(server: ServerProcess, source: S) -> Self {
        Self { server, source, rounds: Vec::new() }
    }

    fn cpu_micros(&self) -> f64 {
        median(self.rounds.iter().map(|round| round.cpu_micros))
    }

    async fn send(&mut self, spans: u64) -> Result<Turn, LoadError> {
        let cpu_before = self.server.cpu_seconds().await?;
        let began = Instant::now();
        let sent = float(self.source.send(&self.server, spans).await?);
        Ok(Turn { cpu_before, sent, spans_per_second: sent / began.elapsed().as_secs_f64() })
    }

    async fn note(&mut self, Turn { cpu_before, sent, spans_per_second }: Turn) -> Result<(), LoadError> {
        let cpu = self.server.cpu_seconds().await? - cpu_before;
        self.rounds.push(Round { cpu_micros: cpu * 1e6 / sent, spans_per_second });
        Ok(())
    }
}

impl<S: SpanSource> Rounds<S> {
    pub(super) async fn run(bench: Bench<'_>, source: S) -> Result<Self, LoadError> {
        let args = bench.args;
        let server = bench.serve(args.window, &[])?;
        let floor = args.floor.as_deref().map(|floor| ServerProcess::start(floor, Vec::new())).transpose()?;
        let idle = server.anonymous_bytes();
        let mut floor = floor.map(|floor| Contender::new(floor, source.clone()));
        let mut measured = Contender::new(server, source);

        // Rounds to warm up, until the server begins to evict spans.
        let began = Instant::now();
        while began.elapsed() < args.window * WARM_UP_WINDOWS
            && measured.server.metrics().await?.evicted_spans() < 1.0
        {
            round(&mut measured, floor.as_mut(), args.spans).await?;
        }
        [&mut measured].into_iter().chain(&mut floor).for_each(|contender| contender.rounds.clear());
        let before = measured.server.metrics().await?;
        for _ in 0..args.rounds {
            round(&mut measured, floor.as_mut(), args.spans).await?;
        }
        let after = measured.server.metrics().await?;
        let grown = idle.zip(measured.server.anonymous_bytes()).map(|(idle, now)| now - idle);
        let memory_per_span = grown.map(|bytes| bytes / after.spans());
        Ok(Self { measured, floor, before, after, memory_per_span })
    }

    /// Returns the measured server and the source of its next spans.
    pub(super) fn server(&self) -> (&ServerProcess, &S) {
        (&self.measured.server, &self.measured.source)
    }

    pub(super) fn spans_per_second(&self) -> f64 {
        median(self.measured.rounds.iter().map(|round| round.spans_per_second))
    }

    pub(super) fn cpu_micros(&self) -> f64 {
        self.measured.cpu_micros()
    }

    pub(super) fn floor_cpu_micros(&self) -> Option<f64> {
        self.floor.as_ref().map(Contender::cpu_micros)
    }

    /// Returns the median of the ratios of the rounds, each of them the server's processor time divided by that of
    /// the program of `--floor`. A ratio of medians would compare different rounds.
    pub(super) fn ratio(&self) -> Option<f64> {
        self.floor.as_ref().map(|floor| {
            let pairs = self.measured.rounds.iter().zip(&floor.rounds);
            median(pairs.map(|(server, floor)| server.cpu_micros / floor.cpu_micros))
        })
    }

    /// Returns the anonymous memory in bytes, divided by the number of spans in the store.
    pub(super) fn memory_per_span(&self) -> Option<f64> {
        self.memory_per_span
    }

    pub(super) fn disk_bytes_per_span(&self) -> f64 {
        self.after.disk_bytes_per_span()
    }

    /// Returns the cells of the columns [`COUNTS`].
    pub(super) fn counts(&self) -> String {
        let Self { before, after, .. } = self;
        format!(
            "{} | {} | {} | {:.0}",
            millions(after.spans()),
            millions(after.sealed_spans() - before.sealed_spans()),
            millions(after.evicted_spans() - before.evicted_spans()),
            after.segments(),
        )
    }
}

/// Runs one round. The programs take turns, so that a busy machine slows both down. The server's round also counts
/// the processor time that it uses during the other program's turn, for example for sealing.
async fn round<S: SpanSource>(
    measured: &mut Contender<S>,
    floor: Option<&mut Contender<S>>,
    spans: u64,
) -> Result<(), LoadError> {
    let turn = measured.send(spans).await?;
    if let Some(floor) = floor {
        let turn = floor.send(spans).await?;
        floor.note(turn).await?;
    }
    measured.server.settle().await?;
    measured.note(turn).await
}
