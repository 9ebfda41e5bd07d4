//! `traced emit` and `traced verify`: the runtime, and the exit code.

use std::io::{self, Write as _};
use std::process::ExitCode;

use load::{LoadError, Verdict};

/// Runs a client command on one thread. That is enough for a client, and leaves the other cores to a server on the
/// same machine.
pub(crate) fn run(work: impl Future<Output = Result<Verdict, LoadError>>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.map_err(LoadError::from).and_then(|runtime| runtime.block_on(work)) {
        Ok(verdict) => verdict.into(),
        Err(error) => {
            // If stderr is closed, there is no place to print the error.
            drop(writeln!(io::stderr(), "traced: {error}"));
            error.exit_code()
        }
    }
}
