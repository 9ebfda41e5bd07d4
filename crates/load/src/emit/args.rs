//! The options of `emit`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args};

use crate::options::{self, CheckArgs, TargetArgs};

const WORKERS_MAX: i64 = 1000;

/// Sends generated traces at a steady mean rate, and checks that the server answers with all it acknowledged.
#[derive(Args, Clone, Debug)]
pub struct EmitArgs {
    #[command(flatten)]
    pub target: TargetArgs,
    /// How many workers send at the same time, each with one request in flight.
    #[arg(long, env = "WORKERS", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=WORKERS_MAX))]
    pub workers: u16,
    /// How long to send, with a unit, such as `90s` or `2m`.
    #[arg(long, env = "DURATION", default_value = "60s", value_parser = options::parse_duration)]
    pub duration: Duration,
    /// Probability, from 0 to 1, that the spans of a trace are sent in random order, some children before their root.
    #[arg(long, visible_alias = "disorder", env = "OUT_OF_ORDER_PROB", default_value_t = 0.3, value_parser = options::parse_probability)]
    pub out_of_order_prob: f64,
    /// How many spans a full request has, from 1 to 500.
    #[arg(long, visible_alias = "batch", env = "BATCH_SIZE", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=options::BATCH_SPANS_MAX))]
    pub batch_size: u16,
    /// Mean number of requests a second for each worker; arrivals are a Poisson process with surges.
    #[arg(long = "rate", env = "RATE_PER_WORKER", default_value_t = 5.0, value_parser = options::parse_rate)]
    pub rate_per_worker: f64,
    /// Probability, from 0 to 1, that an acknowledged request is sent again, to check that duplicates are not stored.
    #[arg(long, env = "REPEAT_PROB", default_value_t = 0.01, value_parser = options::parse_probability)]
    pub repeat_prob: f64,
    /// After the last request, compare what was acknowledged with what the server answers.
    #[arg(long, env = "VERIFY", default_value_t = true, action = ArgAction::Set)]
    pub verify: bool,
    /// Seed of ids and content, which repeats a run; the default is random and printed.
    #[arg(long, env = "SEED")]
    pub seed: Option<u64>,
    /// File for the list of what was acknowledged, which `verify --ledger` reads.
    #[arg(long, env = "LEDGER", value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    #[command(flatten)]
    pub check: CheckArgs,
}
