//! Measures how much a span that comes by OpenTelemetry's protocol costs, by the number of its attributes.

mod attributes;
mod export;
mod protobuf;
mod services;
mod sizes;
mod source;

use std::io::{self, Write};

use self::export::RequestSize;
use self::sizes::Sizes;
use self::source::OtlpSource;
use super::args::BenchArgs;
use super::context::{Bench, LONG_WINDOW};
use super::format::{float, optional, print_columns};
use super::rounds::{COUNTS, Rounds, SpanSource as _};
use crate::error::LoadError;

/// Limit: far fewer spans than a generation has space for, so that all of them stay in the log.
const LOG_SPANS: u64 = 5000;

struct OtlpRow<'a> {
    size: RequestSize,
    sizes: Sizes,
    log_bytes_per_span: f64,
    rounds: Rounds<OtlpSource<'a>>,
}

pub(super) async fn run(bench: Bench<'_>, out: &mut (dyn Write + Send)) -> Result<(), LoadError> {
    let Bench { args, .. } = bench;
    print_head(args, out)?;
    for &attributes in &args.otlp {
        for &batch in &args.batches {
            let size = RequestSize { batch, attributes };
            measure(bench, size).await?.print(out)?;
            out.flush()?;
        }
    }
    Ok(())
}

async fn measure(bench: Bench<'_>, size: RequestSize) -> Result<OtlpRow<'_>, LoadError> {
    let Bench { args, clock, .. } = bench;
    let sizes = Sizes::of(size, args.seed, clock.now())?;
    let mut source = OtlpSource { clock, size, connections: args.connections, seed: args.seed };
    let log_bytes_per_span = log_bytes_per_span(bench, &mut source).await?;
    let rounds = Rounds::run(bench, source).await?;
    Ok(OtlpRow { size, sizes, log_bytes_per_span, rounds })
}

/// Returns how many bytes a span takes in the log, measured with a server that has not sealed any.
async fn log_bytes_per_span(bench: Bench<'_>, source: &mut OtlpSource<'_>) -> Result<f64, LoadError> {
    let server = bench.serve(LONG_WINDOW, &[])?;
    let empty = server.metrics().await?.log_bytes();
    let sent = source.send(&server, LOG_SPANS).await?;
    Ok((server.metrics().await?.log_bytes() - empty) / float(sent))
}

fn print_head(args: &BenchArgs, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "OTLP/HTTP, protobuf, not compressed, spans of five services in each request. {} rounds of {} spans over {} connections, closed loop, without readers: medians of the processor time of the whole server, sealing and eviction included. The client uses the same cores, so spans/s is a lower bound. Bytes for each span: request bodies as sent, with zstd -3 one by one and all in one; the log; segments with their indexes. Memory: resident memory without files, divided by the spans held. Sealed and evicted: million spans during the rounds.\n",
        args.rounds, args.spans, args.connections,
    )?;
    print_columns(
        &format!(
            "attributes | batch | spans/s | CPU µs/span | body B/span | zstd -3 | zstd -3 in one | log B/span | segments B/span | memory B/span | {COUNTS}"
        ),
        out,
    )
}

impl OtlpRow<'_> {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { size: RequestSize { attributes, batch }, sizes, log_bytes_per_span, rounds } = self;
        writeln!(
            out,
            "| {attributes} | {batch} | {:.0} | {:.2} | {:.1} | {:.1} | {:.1} | {log_bytes_per_span:.1} | {:.1} | {} | {} |",
            rounds.spans_per_second(),
            rounds.cpu_micros(),
            sizes.raw,
            sizes.compressed,
            sizes.compressed_together,
            rounds.disk_bytes_per_span(),
            optional(rounds.memory_per_span(), 0),
            rounds.counts(),
        )
    }
}
