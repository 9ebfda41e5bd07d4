//! `traced inspect`: describes a file of the store.

use std::error::Error;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use platform::file;

/// Limit: bytes of a file that is read; the store never makes a larger one.
const FILE_BYTES_MAX: u64 = 8 << 30;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// A segment file or a file of the log; a running server may be using it
    file: PathBuf,
    /// How many of its spans to print, too
    #[arg(long, default_value_t = 0)]
    spans: usize,
}

pub(crate) fn run(args: &Args) -> ExitCode {
    match describe(&args.file, args.spans) {
        Ok(text) => match io::stdout().write_all(text.as_bytes()) {
            Ok(()) => ExitCode::SUCCESS,
            // The reader of the pipe has gone, so nobody would see a message either.
            Err(_) => ExitCode::FAILURE,
        },
        Err(error) => fail(&format!("{}: {error}", args.file.display())),
    }
}

fn describe(path: &Path, spans: usize) -> Result<String, Box<dyn Error>> {
    let bytes = file::read_whole(path, FILE_BYTES_MAX)?;
    let mut text = String::new();
    store::inspect(&bytes.into(), spans, &mut text)?;
    Ok(text)
}

#[expect(clippy::print_stderr, reason = "the command's answer to a person")]
fn fail(sentence: &str) -> ExitCode {
    eprintln!("{sentence}");
    ExitCode::FAILURE
}
