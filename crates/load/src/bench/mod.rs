//! What a span costs a server: processor time, since wall time on a shared machine says little.

mod args;
mod fill;
mod metrics;
mod otlp;
mod process;
mod rounds;
mod samples;
mod table;
mod traffic;
mod upkeep;

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use platform::Clock;

use self::process::ServerProcess;
pub use args::BenchArgs;

use crate::error::{LoadError, Verdict};

/// Nothing is sealed by age in a window so long, and nothing leaves it.
const LONG_WINDOW: Duration = Duration::from_hours(24);
const READERS_HZ: f64 = 2.0;
/// Where latencies are what is asked for.
const READERS_HZ_OF_LATENCIES: f64 = 20.0;

/// What every bench begins with.
#[derive(Clone, Copy)]
struct Bench<'a> {
    program: &'a Path,
    args: &'a BenchArgs,
    clock: &'a Arc<dyn Clock>,
}

impl Bench<'_> {
    /// Starts the server that is measured.
    fn serve(&self, window: Duration, more: &[&str]) -> Result<ServerProcess, LoadError> {
        ServerProcess::serve(self.program, self.args, window, more)
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
    let bench = Bench { program: &program, args, clock };
    print_head(bench, out)?;
    if !args.otlp.is_empty() {
        otlp::run(bench, out).await?;
    } else if args.upkeep {
        upkeep::run(bench, out).await?;
    } else if args.fill.is_empty() {
        table::run(bench, out).await?;
    } else {
        fill::run(bench, out).await?;
    }
    Ok(Verdict::Pass)
}

/// What the run is: a number without it says nothing.
fn print_head(Bench { program, args, .. }: Bench<'_>, out: &mut dyn Write) -> io::Result<()> {
    let version = process::version(program).unwrap_or_else(|| "a program without a version".to_owned());
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let kind = if cfg!(debug_assertions) { ", a build for debugging" } else { "" };
    let window = humantime::format_duration(args.window);
    write!(out, "bench: {version} measured by {}{kind}, {cores} cores, ", env!("CARGO_PKG_VERSION"))?;
    write!(out, "durability {}, ", args.durability)?;
    if args.fill.is_empty() {
        write!(out, "window {window}, ")?;
    }
    writeln!(out, "seed {}, server arguments {:?}\n", args.seed, args.server_arg)
}

/// The head of a table.
fn print_columns(names: &str, out: &mut dyn Write) -> io::Result<()> {
    let count = names.split(" | ").count();
    writeln!(out, "| {names} |\n|{}", " --- |".repeat(count))
}

fn readers_hz(args: &BenchArgs) -> f64 {
    let is_about_latencies = args.upkeep || !args.fill.is_empty();
    let default = if is_about_latencies { READERS_HZ_OF_LATENCIES } else { READERS_HZ };
    args.readers_hz.unwrap_or(default)
}

fn optional(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"))
}

/// The middle of at least one value.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn millions(count: f64) -> String {
    format!("{:.2} M", count / 1e6)
}

#[expect(clippy::cast_precision_loss, reason = "fewer than 2^53 spans")]
fn float(count: u64) -> f64 {
    count as f64
}
