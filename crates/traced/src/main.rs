//! The command line.

use std::future::Future;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use load::{EmitArgs, LoadError, Verdict, VerifyArgs};
use platform::{Clock, SystemClock};

/// The flight recorder for distributed traces.
#[derive(Parser)]
#[command(version)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Emit(EmitArgs),
    Verify(VerifyArgs),
}

fn main() -> ExitCode {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let mut out = io::stdout();
    match Line::parse().command {
        Command::Emit(args) => run_client(load::emit(&args, &clock, &mut out)),
        Command::Verify(args) => run_client(load::verify(&args, &clock, &mut out)),
    }
}

/// One thread is enough for a client, and leaves the others to the server beside it.
fn run_client(work: impl Future<Output = Result<Verdict, LoadError>>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime
        .map_err(LoadError::from)
        .and_then(|runtime| runtime.block_on(work))
    {
        Ok(verdict) => verdict.into(),
        Err(error) => {
            // Nothing is left to do if nobody can be told.
            drop(writeln!(io::stderr(), "traced: {error}"));
            error.exit_code()
        }
    }
}
