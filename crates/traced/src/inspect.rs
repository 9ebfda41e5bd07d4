//! `traced inspect`: describes a file of the store.

use std::error::Error;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use platform::file;

/// Limit: bytes of the file to describe. The store never makes a larger one.
const FILE_BYTES_MAX: u64 = 8 << 30;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// A segment file or a file of the log; a running server may be using it
    file: PathBuf,
    /// How many of the file's spans to print, from its first on
    #[arg(long, default_value_t = 0)]
    spans: usize,
}

pub(crate) fn run(args: &Args) -> ExitCode {
    match describe(&args.file, args.spans) {
        Ok(text) => match io::stdout().write_all(text.as_bytes()) {
            Ok(()) => ExitCode::SUCCESS,
            // Stdout is closed, so the reader of the pipe has ended and needs no message.
            Err(_) => ExitCode::FAILURE,
        },
        Err(error) => fail(&format!("traced: cannot describe {}: {error}", args.file.display())),
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
