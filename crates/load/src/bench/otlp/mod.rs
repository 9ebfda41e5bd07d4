//! What a span costs that comes by OpenTelemetry's protocol, by the number of its attributes.

mod attributes;
mod export;
mod protobuf;
mod sender;
mod shop;
mod sizes;

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use platform::Clock;
use tokio::time::Instant;

use self::export::Shape;
use self::sender::Sender;
use self::sizes::Sizes;
use super::args::BenchArgs;
use super::metrics::Metrics;
use super::process::ServerProcess;
use super::{WARM_UP_WINDOWS, median, millions, optional};
use crate::error::LoadError;

pub(super) use self::attributes::ATTRIBUTES_MAX;

/// Nothing is sealed by age in a window so long.
const LONG_WINDOW: Duration = Duration::from_hours(24);
/// Limit: far fewer than fill a generation, so that all of them are in the log.
const LOG_SPANS: u64 = 5000;

struct Row {
    shape: Shape,
    sizes: Sizes,
    log_bytes_per_span: f64,
    rounds: Vec<Round>,
    memory_per_span: Option<f64>,
    before: Metrics,
    after: Metrics,
}

struct Round {
    /// Processor time of the server for each span.
    cpu_micros: f64,
    spans_per_second: f64,
}

pub(super) async fn run(
    program: &Path,
    args: &BenchArgs,
    clock: &Arc<dyn Clock>,
    out: &mut (dyn Write + Send),
) -> Result<(), LoadError> {
    print_head(args, out)?;
    for &attributes in &args.otlp {
        for &batch in &args.batches {
            let shape = Shape { batch, attributes };
            measure(program, args, shape, clock).await?.print(out)?;
            out.flush()?;
        }
    }
    Ok(())
}

async fn measure(
    program: &Path,
    args: &BenchArgs,
    shape: Shape,
    clock: &Arc<dyn Clock>,
) -> Result<Row, LoadError> {
    let sizes = Sizes::of(shape, args.seed, clock.now())?;
    let log_bytes_per_span = log_bytes_per_span(program, args, shape, clock).await?;
    let server = ServerProcess::serve(program, args, args.window, &[])?;
    let sender = Sender { server: &server, clock, shape, connections: args.connections };
    let idle = server.anonymous_bytes();
    let mut seeds = args.seed + 1..;
    let mut seed = || seeds.next().expect("there are more numbers than rounds");

    // The same rounds as those that count, until spans leave as fast as they come.
    let began = Instant::now();
    while began.elapsed() < args.window * WARM_UP_WINDOWS && server.metrics().await?.evicted_spans() < 1.0 {
        round(&sender, args.spans, seed()).await?;
    }
    let before = server.metrics().await?;
    let mut rounds = Vec::new();
    for _ in 0..args.rounds {
        rounds.push(round(&sender, args.spans, seed()).await?);
    }
    let after = server.metrics().await?;
    let grown = idle.zip(server.anonymous_bytes()).map(|(idle, now)| now - idle);
    let memory_per_span = grown.map(|bytes| bytes / after.spans());
    Ok(Row { shape, sizes, log_bytes_per_span, rounds, memory_per_span, before, after })
}

/// Sealing of what came last belongs to the round.
async fn round(sender: &Sender<'_>, spans: u64, seed: u64) -> Result<Round, LoadError> {
    let server = sender.server;
    let cpu_before = server.cpu_seconds().await?;
    let sent = sender.send(spans, seed).await?;
    server.settle().await?;
    let cpu = server.cpu_seconds().await? - cpu_before;
    Ok(Round { cpu_micros: cpu * 1e6 / super::float(sent.spans), spans_per_second: sent.spans_per_second() })
}

/// By a server of its own that seals nothing yet.
async fn log_bytes_per_span(
    program: &Path,
    args: &BenchArgs,
    shape: Shape,
    clock: &Arc<dyn Clock>,
) -> Result<f64, LoadError> {
    let server = ServerProcess::serve(program, args, LONG_WINDOW, &[])?;
    let empty = server.metrics().await?.log_bytes();
    let sender = Sender { server: &server, clock, shape, connections: args.connections };
    let sent = sender.send(LOG_SPANS, args.seed).await?;
    Ok((server.metrics().await?.log_bytes() - empty) / super::float(sent.spans))
}

fn print_head(args: &BenchArgs, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "OTLP/HTTP, protobuf, not compressed, spans of five services in each request. {} rounds of {} spans over {} connections, closed loop, without readers: medians of the processor time of the whole server, upkeep included; the client makes its requests on the same cores, so spans/s is a lower bound. Body, and body with zstd -3, each by itself and all in one; log; segments, indexes included: bytes for each span. Memory is what no file stands behind, divided by the spans held. Sealed and evicted: million spans during the rounds.\n",
        args.rounds, args.spans, args.connections,
    )?;
    writeln!(
        out,
        "| attributes | batch | spans/s | CPU µs/span | body B/span | zstd -3 | zstd -3 in one | log B/span | segments B/span | memory B/span | held | sealed | evicted | segments |"
    )?;
    writeln!(out, "|{}", " --- |".repeat(14))
}

impl Row {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { shape: Shape { attributes, batch }, sizes, before, after, .. } = self;
        writeln!(
            out,
            "| {attributes} | {batch} | {:.0} | {:.2} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} | {} | {} | {} | {} | {:.0} |",
            median(self.rounds.iter().map(|round| round.spans_per_second)),
            median(self.rounds.iter().map(|round| round.cpu_micros)),
            sizes.raw,
            sizes.packed,
            sizes.packed_together,
            self.log_bytes_per_span,
            after.disk_bytes_per_span(),
            optional(self.memory_per_span, 0),
            millions(after.spans()),
            millions(after.sealed_spans() - before.sealed_spans()),
            millions(after.evicted_spans() - before.evicted_spans()),
            after.segments(),
        )
    }
}
