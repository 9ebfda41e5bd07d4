//! The command line of traced.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;

use clap::error::ErrorKind;
use clap::{Arg, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use load::{BenchArgs, EmitArgs, VerifyArgs};
use platform::{Clock, SystemClock};

mod client;
mod inspect;
mod logs;
mod serve;

/// jemalloc, because its own threads return freed memory to the system. Other allocators return it only when the
/// thread that allocated it allocates again, which after an eviction may never happen
/// (`docs/decisions/0006-an-allocator-that-gives-back-in-silence.md`).
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Freed memory goes back to the system after a second. By default it would after ten: at 200 MB a second of large
/// spans the process then held twice what it used.
#[expect(unsafe_code, reason = "jemalloc reads its settings from this symbol before main begins")]
// SAFETY: jemalloc declares the symbol as `const char *`. The first word of a slice is its pointer, the text ends with
// a zero byte, and no other part of this program has the name.
#[unsafe(export_name = "_rjem_malloc_conf")]
static ALLOCATOR_SETTINGS: &[u8] = b"dirty_decay_ms:1000,muzzy_decay_ms:0\0";

/// A flight recorder for distributed traces: keeps every span of the last minutes, without sampling.
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
    /// Accept spans and serve the API and the dashboard; `traced` without a command does this, too
    Serve(Box<serve::Args>),
    /// Send generated spans to a server, then check that its answers are complete and correct
    Emit(EmitArgs),
    /// Check that a server still has the spans that an earlier `traced emit --ledger FILE` sent
    Verify(VerifyArgs),
    /// Describe a segment file or a file of the log
    Inspect(inspect::Args),
    /// Start a server, send spans to it, and measure its processor time, memory and disk per span
    Bench(BenchArgs),
}

impl Cli {
    fn command_or_serve(self) -> Command {
        self.command.unwrap_or_else(|| Command::Serve(Box::new(self.serve)))
    }
}

/// Takes a variable that is set to nothing for one that is not set: Compose passes `${NAME:-}` so, and a shell `NAME=`.
fn without_empty_variable(arg: Arg) -> Arg {
    let is_empty =
        arg.get_env().is_some_and(|name| std::env::var_os(name).is_some_and(|value| value.is_empty()));
    if is_empty { arg.env(None) } else { arg }
}

/// The command line with its variables, as they are now.
fn command() -> clap::Command {
    let command = Cli::command().mut_args(without_empty_variable);
    command.mut_subcommands(|command| command.mut_args(without_empty_variable))
}

/// Parses the command line, or ends the process with a message.
fn parse() -> Cli {
    let matches = command().get_matches();
    let mut cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let settled = match (&mut cli.command, matches.subcommand_matches("serve")) {
        (Some(Command::Serve(args)), Some(matches)) => args.settle_place(matches),
        (None, _) => cli.serve.settle_place(&matches),
        _ => Ok(()),
    };
    if let Err(flag) = settled {
        let sentence = format!("the argument '--in-memory' cannot be used with '{flag}'");
        Cli::command().error(ErrorKind::ArgumentConflict, sentence).exit();
    }
    cli
}

fn main() -> ExitCode {
    platform::process::keep_pages_small();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let mut out = io::stdout();
    match parse().command_or_serve() {
        Command::Serve(args) => serve::run(*args),
        Command::Emit(args) => client::run(load::emit(&args, &clock, &mut out)),
        Command::Verify(args) => client::run(load::verify(&args, &clock, &mut out)),
        Command::Inspect(args) => inspect::run(&args),
        Command::Bench(args) => client::run(load::bench(&args, &clock, &mut out)),
    }
}
