//! What a span costs at each size of batch, beside the floor.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use platform::Clock;
use tokio::time::Instant;

use super::args::BenchArgs;
use super::metrics::Metrics;
use super::process::ServerProcess;
use super::samples::Samples;
use super::traffic::{Load, Reads, Traffic};
use super::{WARM_UP_WINDOWS, float, median, millions, optional};
use crate::emit::TraceNumbers;
use crate::error::LoadError;

/// One program under one size of batch.
struct Contender {
    server: ServerProcess,
    load: Load,
    rounds: Vec<Round>,
}

struct Round {
    /// Processor time of the server for each span.
    cpu_micros: f64,
    spans_per_second: f64,
}

struct Row {
    batch: u16,
    server: Contender,
    floor: Option<Contender>,
    before: Metrics,
    after: Metrics,
    memory_per_span: Option<f64>,
    writes: Samples,
    reads: Reads,
}

impl Contender {
    fn new(server: ServerProcess, load: Load) -> Self {
        Self { server, load, rounds: Vec::new() }
    }

    /// Sends traces of its own; spans that were sent, and how many that is a second.
    async fn send(&mut self, spans: u64, clock: &Arc<dyn Clock>) -> Result<(u64, f64), LoadError> {
        self.load.seed += 1;
        let numbers = TraceNumbers::default();
        let traffic = Traffic::new(&self.server, self.load, (clock, &numbers), spans);
        let began = Instant::now();
        traffic.write().await?;
        Ok((traffic.sent(), float(traffic.sent()) / began.elapsed().as_secs_f64()))
    }

    fn cpu_micros(&self) -> f64 {
        median(self.rounds.iter().map(|round| round.cpu_micros))
    }
}

pub(super) async fn run(
    program: &Path,
    args: &BenchArgs,
    clock: &Arc<dyn Clock>,
    out: &mut (dyn Write + Send),
) -> Result<(), LoadError> {
    print_head(args, out)?;
    for &batch in &args.batches {
        measure(program, args, batch, clock).await?.print(out)?;
        out.flush()?;
    }
    Ok(())
}

async fn measure(
    program: &Path,
    args: &BenchArgs,
    batch: u16,
    clock: &Arc<dyn Clock>,
) -> Result<Row, LoadError> {
    let load = Load {
        seed: args.seed,
        batch: batch.into(),
        connections: args.connections,
        with_tags: args.tags,
        period: None,
    };
    let mut server = Contender::new(ServerProcess::serve(program, args, args.window, &[])?, load);
    let floor = args.floor.as_deref().map(|floor| ServerProcess::start(floor, Vec::new()));
    let mut floor = floor.transpose()?.map(|floor| Contender::new(floor, load));
    let idle = server.server.anonymous_bytes();

    // The same rounds as those that count, until spans leave as fast as they come.
    let began = Instant::now();
    while began.elapsed() < args.window * WARM_UP_WINDOWS {
        round(&mut server, floor.as_mut(), args.spans, clock).await?;
        if server.server.metrics().await?.evicted_spans() > 0.0 {
            break;
        }
    }
    server.rounds.clear();
    if let Some(floor) = &mut floor {
        floor.rounds.clear();
    }
    let before = server.server.metrics().await?;
    for _ in 0..args.rounds {
        round(&mut server, floor.as_mut(), args.spans, clock).await?;
    }
    let after = server.server.metrics().await?;
    let grown = idle.zip(server.server.anonymous_bytes()).map(|(idle, now)| now - idle);
    let memory_per_span = grown.map(|bytes| bytes / after.spans());

    server.load.seed += 1;
    let numbers = TraceNumbers::default();
    let traffic = Traffic::new(&server.server, server.load, (clock, &numbers), u64::MAX);
    let (writes, reads) = traffic.write_and_read(args.latency, super::readers_hz(args)).await?;
    Ok(Row { batch, server, floor, before, after, memory_per_span, writes, reads })
}

/// The two take turns, so that a machine that is busy for a while slows both down. What the server does while
/// the floor has its turn, such as sealing what came last, belongs to its round.
async fn round(
    server: &mut Contender,
    floor: Option<&mut Contender>,
    spans: u64,
    clock: &Arc<dyn Clock>,
) -> Result<(), LoadError> {
    let cpu_before = server.server.cpu_seconds().await?;
    let (sent, spans_per_second) = server.send(spans, clock).await?;
    if let Some(floor) = floor {
        let cpu_before = floor.server.cpu_seconds().await?;
        let (sent, spans_per_second) = floor.send(spans, clock).await?;
        let cpu = floor.server.cpu_seconds().await? - cpu_before;
        floor.rounds.push(Round { cpu_micros: cpu * 1e6 / float(sent), spans_per_second });
    }
    server.server.settle().await?;
    let cpu = server.server.cpu_seconds().await? - cpu_before;
    server.rounds.push(Round { cpu_micros: cpu * 1e6 / float(sent), spans_per_second });
    Ok(())
}

fn print_head(args: &BenchArgs, out: &mut dyn Write) -> io::Result<()> {
    let tags = if args.tags { "with tags" } else { "without tags" };
    writeln!(
        out,
        "{} rounds of {} spans {tags} over {} connections, closed loop, without readers: medians of the processor time of the whole server, upkeep included. Then {} s of latencies under the same load, with {} lists of 1000 and as many details a second beside. Memory is what no file stands behind, divided by the spans held. Sealed and evicted: million spans during the rounds.\n",
        args.rounds,
        args.spans,
        args.connections,
        args.latency.as_secs_f64(),
        super::readers_hz(args),
    )?;
    writeln!(
        out,
        "| batch | spans/s | CPU µs/span | floor µs/span | ratio | memory B/span | disk B/span | write p50 / p99 ms | list p50 / p99 ms | detail p50 / p99 ms | held | sealed | evicted | segments |"
    )?;
    writeln!(out, "|{}", " --- |".repeat(14))
}

impl Row {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let cpu = self.server.cpu_micros();
        let rate = median(self.server.rounds.iter().map(|round| round.spans_per_second));
        let floor = optional(self.floor.as_ref().map(Contender::cpu_micros), 2);
        // Round by round: a ratio of neighbours says more than a ratio of medians.
        let ratio = self.floor.as_ref().map(|floor| {
            let pairs = self.server.rounds.iter().zip(&floor.rounds);
            median(pairs.map(|(server, floor)| server.cpu_micros / floor.cpu_micros))
        });
        let Self { batch, before, after, writes, reads, .. } = self;
        writeln!(
            out,
            "| {batch} | {rate:.0} | {cpu:.2} | {floor} | {} | {} | {:.1} | {} | {} | {} | {} | {} | {} | {:.0} |",
            optional(ratio, 2),
            optional(self.memory_per_span, 0),
            after.disk_bytes_per_span(),
            writes.cell(),
            reads.lists.cell(),
            reads.details.cell(),
            millions(after.spans()),
            millions(after.sealed_spans() - before.sealed_spans()),
            millions(after.evicted_spans() - before.evicted_spans()),
            after.segments(),
        )
    }
}
