//! What a span costs a server: processor time, since wall time on a shared machine says little.

mod args;
mod process;
mod round;

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use platform::Clock;

pub use args::BenchArgs;

use crate::error::{LoadError, Verdict};
use process::ServerProcess;
use round::{Load, Round};

const SERVE: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];
/// The part of a round that is sent before anything is counted.
const WARM_UP_PART: u64 = 10;

/// One program under one size of batch.
struct Measured {
    process: ServerProcess,
    rounds: Vec<Round>,
    resident_before: Option<f64>,
}

impl Measured {
    async fn start(
        program: &Path,
        args: &[&str],
        load: Load,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, LoadError> {
        let process = ServerProcess::start(program, args)?;
        round::run(&process, Load { spans: load.spans / WARM_UP_PART, ..load }, clock).await?;
        let resident_before = process.resident_bytes().await?;
        Ok(Self { process, rounds: Vec::new(), resident_before })
    }

    /// Sends the `number`th round; each has traces of its own.
    async fn round(&mut self, load: Load, number: u8, clock: &Arc<dyn Clock>) -> Result<(), LoadError> {
        let load = Load { seed: load.seed + 1 + u64::from(number), ..load };
        self.rounds.push(round::run(&self.process, load, clock).await?);
        Ok(())
    }

    fn cpu_micros(&self) -> f64 {
        median(self.rounds.iter().map(|round| round.cpu_micros))
    }

    /// How much the process has grown for each span that the rounds sent.
    async fn resident_per_span(&self, spans: u64) -> Result<Option<f64>, LoadError> {
        let after = self.process.resident_bytes().await?;
        let sent = float(spans) * float(self.rounds.len() as u64);
        Ok(self.resident_before.zip(after).map(|(before, after)| (after - before) / sent))
    }
}

/// Measures, and prints one table to `out`.
///
/// # Errors
/// Where a program does not start or stops answering.
pub async fn bench(
    args: &BenchArgs,
    clock: &Arc<dyn Clock>,
    out: &mut (dyn Write + Send),
) -> Result<Verdict, LoadError> {
    let program = match &args.server {
        Some(program) => program.clone(),
        None => std::env::current_exe()?,
    };
    print_head(args, out)?;
    for &batch in &args.batches {
        let load = Load {
            seed: args.seed,
            batch: usize::from(batch),
            spans: args.spans,
            connections: args.connections,
            with_tags: args.tags,
        };
        let mut server = Measured::start(&program, &SERVE, load, clock).await?;
        let mut floor = match &args.floor {
            Some(floor) => Some(Measured::start(floor, &[], load, clock).await?),
            None => None,
        };
        // The two take turns, so that a machine that is busy for a while slows both down.
        for number in 0..args.rounds {
            server.round(load, number, clock).await?;
            if let Some(floor) = &mut floor {
                floor.round(load, number, clock).await?;
            }
        }
        let resident = server.resident_per_span(load.spans).await?;
        print_row(batch, &server, floor.as_ref(), resident, out)?;
    }
    Ok(Verdict::Pass)
}

fn print_head(args: &BenchArgs, out: &mut dyn Write) -> io::Result<()> {
    let tags = if args.tags { "with tags" } else { "without tags" };
    writeln!(
        out,
        "bench: {} rounds of {} spans {tags}, {} connections, closed loop; medians\n",
        args.rounds, args.spans, args.connections
    )?;
    writeln!(
        out,
        "| batch | CPU µs/span | floor µs/span | ratio | spans/s | write p50 / p99 ms | memory B/span |"
    )?;
    writeln!(out, "| --- | --- | --- | --- | --- | --- | --- |")
}

fn print_row(
    batch: u16,
    server: &Measured,
    floor: Option<&Measured>,
    resident: Option<f64>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let cpu = server.cpu_micros();
    let (floor_cpu, ratio) = match floor {
        Some(floor) => {
            // Round by round: a ratio of neighbours says more than a ratio of medians.
            let pairs = server.rounds.iter().zip(&floor.rounds);
            let ratio = median(pairs.map(|(server, floor)| server.cpu_micros / floor.cpu_micros));
            (format!("{:.2}", floor.cpu_micros()), format!("{ratio:.2}"))
        }
        None => ("–".to_owned(), "–".to_owned()),
    };
    let rate = median(server.rounds.iter().map(|round| round.spans_per_second));
    let latency = |quantile| median(server.rounds.iter().map(|round| round.latencies.millis(quantile)));
    let resident = resident.map_or_else(|| "–".to_owned(), |bytes| format!("{bytes:.0}"));
    writeln!(
        out,
        "| {batch} | {cpu:.2} | {floor_cpu} | {ratio} | {rate:.0} | {:.2} / {:.2} | {resident} |",
        latency(0.5),
        latency(0.99)
    )
}

/// The middle of at least one value.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[expect(clippy::cast_precision_loss, reason = "fewer than 2^53 spans")]
fn float(count: u64) -> f64 {
    count as f64
}
