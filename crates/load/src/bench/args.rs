//! The options of `bench`.

use std::path::PathBuf;

use clap::Args;

/// Starts servers of its own on this machine, drives them closed-loop and prints what a span costs them.
#[derive(Args, Clone, Debug)]
pub struct BenchArgs {
    /// The program that is measured, started as `PROGRAM serve --listen 127.0.0.1:0`; this one if absent.
    #[arg(long, value_name = "PROGRAM")]
    pub server: Option<PathBuf>,
    /// A program to hold it against in the same run, such as the floor that parses and stores nothing.
    #[arg(long, value_name = "PROGRAM")]
    pub floor: Option<PathBuf>,
    /// Spans in a request, one row for each.
    #[arg(long, value_delimiter = ',', default_value = "10,100,500", value_parser = clap::value_parser!(u16).range(1..=500))]
    pub batches: Vec<u16>,
    /// Spans sent in a round, for each row.
    #[arg(long, default_value_t = 300_000)]
    pub spans: u64,
    /// Rounds; the two programs take turns in each, and the median is printed.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..))]
    pub rounds: u8,
    /// Connections, each with one request at once.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub connections: u16,
    /// Send the tags that the emitter sends too; without them a span is about 280 bytes.
    #[arg(long)]
    pub tags: bool,
    /// Seed of ids and content.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}
