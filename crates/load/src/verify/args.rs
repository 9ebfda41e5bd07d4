//! The options of `verify`.

use std::path::PathBuf;

use clap::Args;

use crate::options::{CheckArgs, TargetArgs};

/// Compares what the server answers now with what it acknowledged to a run of `emit`.
#[derive(Args, Clone, Debug)]
pub struct VerifyArgs {
    #[command(flatten)]
    pub target: TargetArgs,
    /// The file that `emit --ledger` wrote.
    #[arg(long, env = "LEDGER", value_name = "FILE")]
    pub ledger: PathBuf,
    #[command(flatten)]
    pub check: CheckArgs,
}
