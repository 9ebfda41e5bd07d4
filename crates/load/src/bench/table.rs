//! What a span costs at each size of batch, beside the floor.

use std::io::{self, Write};
use std::sync::Arc;

use platform::Clock;

use super::args::BenchArgs;
use super::process::ServerProcess;
use super::rounds::{COUNTS, Rounds, Source};
use super::samples::Samples;
use super::traffic::{Load, Reads, Traffic};
use super::{Bench, optional};
use crate::emit::TraceNumbers;
use crate::error::LoadError;

/// The contract's JSON, each time with traces of its own.
#[derive(Clone)]
struct Batches<'a> {
    load: Load,
    clock: &'a Arc<dyn Clock>,
}

impl Source for Batches<'_> {
    async fn send(&mut self, server: &ServerProcess, spans: u64) -> Result<u64, LoadError> {
        let numbers = TraceNumbers::default();
        let traffic = Traffic::new(server, self.load, (self.clock, &numbers), spans);
        self.load.seed += 1;
        traffic.write().await?;
        Ok(traffic.sent())
    }
}

struct Row<'a> {
    batch: u16,
    rounds: Rounds<Batches<'a>>,
    writes: Samples,
    reads: Reads,
}

pub(super) async fn run(bench: Bench<'_>, out: &mut (dyn Write + Send)) -> Result<(), LoadError> {
    let Bench { args, .. } = bench;
    print_head(args, out)?;
    for &batch in &args.batches {
        measure(bench, batch).await?.print(out)?;
        out.flush()?;
    }
    Ok(())
}

async fn measure(bench: Bench<'_>, batch: u16) -> Result<Row<'_>, LoadError> {
    let Bench { args, clock, .. } = bench;
    let load = Load {
        seed: args.seed + 1,
        batch: batch.into(),
        connections: args.connections,
        with_tags: args.tags,
        period: None,
    };
    let rounds = Rounds::run(bench, Batches { load, clock }).await?;
    let (server, &Batches { load, .. }) = rounds.server();
    let numbers = TraceNumbers::default();
    let traffic = Traffic::new(server, load, (clock, &numbers), u64::MAX);
    let (writes, reads) = traffic.write_and_read(args.latency, super::readers_hz(args)).await?;
    Ok(Row { batch, rounds, writes, reads })
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
    super::print_columns(
        &format!(
            "batch | spans/s | CPU µs/span | floor µs/span | ratio | memory B/span | disk B/span | write p50 / p99 ms | list p50 / p99 ms | detail p50 / p99 ms | {COUNTS}"
        ),
        out,
    )
}

impl Row<'_> {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { batch, rounds, writes, reads } = self;
        writeln!(
            out,
            "| {batch} | {:.0} | {:.2} | {} | {} | {} | {:.1} | {} | {} | {} | {} |",
            rounds.spans_per_second(),
            rounds.cpu_micros(),
            optional(rounds.floor_cpu_micros(), 2),
            optional(rounds.ratio(), 2),
            optional(rounds.memory_per_span(), 0),
            rounds.disk_bytes_per_span(),
            writes.cell(),
            reads.lists.cell(),
            reads.details.cell(),
            rounds.counts(),
        )
    }
}
