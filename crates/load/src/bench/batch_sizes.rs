//! Measures how much a span costs for each size of batch, in turns with the program of `--floor`.

use std::io::{self, Write};
use std::sync::Arc;

use platform::Clock;

use super::context::Bench;
use super::format::{optional, print_columns};
use super::process::ServerProcess;
use super::rounds::{COUNTS, Rounds, SpanSource};
use super::samples::Samples;
use super::traffic::{Reads, Traffic, Workload};
use crate::emit::TraceNumbers;
use crate::error::LoadError;

/// Sends batches in the JSON of the contract, with new traces for each round.
#[derive(Clone)]
struct ContractSource<'a> {
    workload: Workload,
    clock: &'a Arc<dyn Clock>,
}

impl SpanSource for ContractSource<'_> {
    async fn send(&mut self, server: &ServerProcess, spans: u64) -> Result<u64, LoadError> {
        let numbers = TraceNumbers::default();
        let traffic = Traffic::new(server, self.workload, (self.clock, &numbers), spans);
        self.workload.seed += 1;
        traffic.write().await?;
        Ok(traffic.sent())
    }
}

struct BatchSizeRow<'a> {
    batch: u16,
    rounds: Rounds<ContractSource<'a>>,
    writes: Samples,
    reads: Reads,
}

pub(super) async fn run(bench: Bench<'_>, out: &mut (dyn Write + Send)) -> Result<(), LoadError> {
    print_head(bench, out)?;
    for &batch in &bench.args.batches {
        measure(bench, batch).await?.print(out)?;
        out.flush()?;
    }
    Ok(())
}

async fn measure(bench: Bench<'_>, batch: u16) -> Result<BatchSizeRow<'_>, LoadError> {
    let Bench { args, clock, .. } = bench;
    let workload = Workload {
        seed: args.seed + 1,
        batch: batch.into(),
        connections: args.connections,
        with_tags: args.tags,
        period: None,
    };
    let rounds = Rounds::run(bench, ContractSource { workload, clock }).await?;
    let (server, &ContractSource { workload, .. }) = rounds.server();
    let numbers = TraceNumbers::default();
    let traffic = Traffic::new(server, workload, (clock, &numbers), u64::MAX);
    let (writes, reads) = traffic.write_and_read(args.latency, bench.readers_hz()).await?;
    Ok(BatchSizeRow { batch, rounds, writes, reads })
}

fn print_head(bench: Bench<'_>, out: &mut dyn Write) -> io::Result<()> {
    let args = bench.args;
    let tags = if args.tags { "with tags" } else { "without tags" };
    writeln!(
        out,
        "{} rounds of {} spans {tags} over {} connections, closed loop, without readers: medians of the processor time of the whole server, sealing and eviction included. Then {} s of latencies under this load, with {} lists of 1000 and as many details a second. Memory: resident memory without files, divided by the spans held. Sealed and evicted: million spans during the rounds.\n",
        args.rounds,
        args.spans,
        args.connections,
        args.latency.as_secs_f64(),
        bench.readers_hz(),
    )?;
    print_columns(
        &format!(
            "batch | spans/s | CPU µs/span | floor µs/span | ratio | memory B/span | disk B/span | write p50 / p99 ms | list p50 / p99 ms | detail p50 / p99 ms | {COUNTS}"
        ),
        out,
    )
}

impl BatchSizeRow<'_> {
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
