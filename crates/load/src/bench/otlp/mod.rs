//! What a span costs that comes by OpenTelemetry's protocol, by the number of its attributes.

mod attributes;
mod export;
mod protobuf;
mod sender;
mod shop;
mod sizes;

use std::io::{self, Write};

use self::export::Shape;
use self::sender::Sender;
use self::sizes::Sizes;
use super::args::BenchArgs;
use super::rounds::{COUNTS, Rounds, Source as _};
use super::{Bench, LONG_WINDOW, float, optional};
use crate::error::LoadError;

pub(super) use self::attributes::ATTRIBUTES_MAX;

/// Limit: far fewer than fill a generation, so that all of them are in the log.
const LOG_SPANS: u64 = 5000;

struct Row<'a> {
    shape: Shape,
    sizes: Sizes,
    log_bytes_per_span: f64,
    rounds: Rounds<Sender<'a>>,
}

pub(super) async fn run(bench: Bench<'_>, out: &mut (dyn Write + Send)) -> Result<(), LoadError> {
    let Bench { args, .. } = bench;
    print_head(args, out)?;
    for &attributes in &args.otlp {
        for &batch in &args.batches {
            let shape = Shape { batch, attributes };
            measure(bench, shape).await?.print(out)?;
            out.flush()?;
        }
    }
    Ok(())
}

async fn measure(bench: Bench<'_>, shape: Shape) -> Result<Row<'_>, LoadError> {
    let Bench { args, clock, .. } = bench;
    let sizes = Sizes::of(shape, args.seed, clock.now())?;
    let mut sender = Sender { clock, shape, connections: args.connections, seed: args.seed };
    let log_bytes_per_span = log_bytes_per_span(bench, &mut sender).await?;
    let rounds = Rounds::run(bench, sender).await?;
    Ok(Row { shape, sizes, log_bytes_per_span, rounds })
}

/// By a server of its own that seals nothing yet.
async fn log_bytes_per_span(bench: Bench<'_>, sender: &mut Sender<'_>) -> Result<f64, LoadError> {
    let server = bench.serve(LONG_WINDOW, &[])?;
    let empty = server.metrics().await?.log_bytes();
    let sent = sender.send(&server, LOG_SPANS).await?;
    Ok((server.metrics().await?.log_bytes() - empty) / float(sent))
}

fn print_head(args: &BenchArgs, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "OTLP/HTTP, protobuf, not compressed, spans of five services in each request. {} rounds of {} spans over {} connections, closed loop, without readers: medians of the processor time of the whole server, upkeep included; the client makes its requests on the same cores, so spans/s is a lower bound. Body, and body with zstd -3, each by itself and all in one; log; segments, indexes included: bytes for each span. Memory is what no file stands behind, divided by the spans held. Sealed and evicted: million spans during the rounds.\n",
        args.rounds, args.spans, args.connections,
    )?;
    super::print_columns(
        &format!(
            "attributes | batch | spans/s | CPU µs/span | body B/span | zstd -3 | zstd -3 in one | log B/span | segments B/span | memory B/span | {COUNTS}"
        ),
        out,
    )
}

impl Row<'_> {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { shape: Shape { attributes, batch }, sizes, log_bytes_per_span, rounds } = self;
        writeln!(
            out,
            "| {attributes} | {batch} | {:.0} | {:.2} | {:.1} | {:.1} | {:.1} | {log_bytes_per_span:.1} | {:.1} | {} | {} |",
            rounds.spans_per_second(),
            rounds.cpu_micros(),
            sizes.raw,
            sizes.packed,
            sizes.packed_together,
            rounds.disk_bytes_per_span(),
            optional(rounds.memory_per_span(), 0),
            rounds.counts(),
        )
    }
}
