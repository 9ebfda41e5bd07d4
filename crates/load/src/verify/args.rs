//! The options of `verify`.

use std::path::PathBuf;

use clap::Args;

use crate::options::{CheckArgs, TargetArgs};

/// Compares what a run of `emit` saw acknowledged with what the server answers now.
#[derive(Args, Clone, Debug)]
pub struct VerifyArgs {
    #[command(flatten)]
    pub target: TargetArgs,
    /// File that `emit --ledger` wrote.
    #[arg(long, env = "LEDGER", value_name = "FILE")]
    pub ledger: PathBuf,
    #[command(flatten)]
    pub check: CheckArgs,
}
