//! The command `bench`: measures how much a span costs a server. The cost is processor time, because wall time on a
//! shared machine says little.

mod args;
mod batch_sizes;
mod context;
mod fill;
mod format;
mod metrics;
mod otlp;
mod process;
mod rounds;
mod samples;
mod traffic;
mod upkeep;

use std::io::{self, Write};
use std::sync::Arc;

use platform::Clock;

pub use args::BenchArgs;

use self::context::Bench;
use crate::error::{LoadError, Verdict};

/// Measures a server and prints a table to `out`.
///
/// # Errors
/// If a program does not start as a server, a request fails, or the table cannot be printed.
pub async fn bench(
    args: &BenchArgs,
    clock: &Arc<dyn Clock>,
    out: &mut (dyn Write + Send),
) -> Result<Verdict, LoadError> {
    let program = match &args.server {
        Some(program) => program.clone(),
        None => std::env::current_exe().map_err(|error| LoadError::Program {
            program: "this program".into(),
            reason: format!("the path of its file is unknown ({error}); give the path with --server"),
        })?,
    };
    let bench = Bench { program: &program, args, clock };
    print_head(bench, out)?;
    if !args.otlp.is_empty() {
        otlp::run(bench, out).await?;
    } else if args.upkeep {
        upkeep::run(bench, out).await?;
    } else if args.fill.is_empty() {
        batch_sizes::run(bench, out).await?;
    } else {
        fill::run(bench, out).await?;
    }
    Ok(Verdict::Pass)
}

/// Prints which program is measured and how, because the numbers mean nothing without that.
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
