//! The command line of traced.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use load::{BenchArgs, EmitArgs, VerifyArgs};
use platform::{Clock, SystemClock};

mod client;
mod inspect;
mod serve;

/// Returns freed memory to the system by threads of its own. Other allocators wait until the thread that took the
/// memory asks for more, which after an eviction may never come (`docs/decisions/0006-an-allocator-that-gives-back-in-silence.md`).
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// The flight recorder for distributed traces: keeps every span of the last minutes and answers at once.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::Args,
}

#[derive(Subcommand)]
enum Command {
    /// Accept spans and answer questions about them; plain `traced` does this, too
    Serve(Box<serve::Args>),
    /// Send spans as services would, then check every promise of the contract
    Emit(EmitArgs),
    /// Check again that a server has the spans that an earlier `traced emit --ledger FILE` sent
    Verify(VerifyArgs),
    /// Describe a segment file or a file of the log
    Inspect(inspect::Args),
    /// Start a server and measure what a span costs it
    Bench(BenchArgs),
}

fn main() -> ExitCode {
    platform::process::keep_pages_small();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let mut out = io::stdout();
    let cli = Cli::parse();
    match cli.command {
        None => serve::run(cli.serve),
        Some(Command::Serve(args)) => serve::run(*args),
        Some(Command::Emit(args)) => client::run(load::emit(&args, &clock, &mut out)),
        Some(Command::Verify(args)) => client::run(load::verify(&args, &clock, &mut out)),
        Some(Command::Inspect(args)) => inspect::run(&args),
        Some(Command::Bench(args)) => client::run(load::bench(&args, &clock, &mut out)),
    }
}
