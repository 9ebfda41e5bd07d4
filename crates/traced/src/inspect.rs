//! `traced inspect`: a file of the store in words.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use platform::file;

/// Limit: larger files are none of ours.
const FILE_BYTES_MAX: u64 = 8 << 30;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// A segment or a file of the log; a server may be using it
    file: PathBuf,
    /// How many of its spans are printed, too
    #[arg(long, default_value_t = 0)]
    spans: usize,
}

pub(crate) fn run(args: &Args) -> ExitCode {
    match describe(&args.file, args.spans) {
        Ok(text) => match io::stdout().write_all(text.as_bytes()) {
            Ok(()) => ExitCode::SUCCESS,
            // Nobody reads any more.
            Err(_) => ExitCode::FAILURE,
        },
        Err(reason) => fail(&format!("{}: {reason}", args.file.display())),
    }
}

fn describe(path: &Path, spans: usize) -> Result<String, String> {
    let bytes = file::read_whole(path, FILE_BYTES_MAX).map_err(|error| error.to_string())?;
    let mut text = String::new();
    store::inspect(&bytes.into(), spans, &mut text).map_err(|error| error.to_string())?;
    Ok(text)
}

#[expect(clippy::print_stderr, reason = "the command's answer to a person")]
fn fail(sentence: &str) -> ExitCode {
    eprintln!("{sentence}");
    ExitCode::FAILURE
}
