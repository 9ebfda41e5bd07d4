//! The options of `bench`.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::ArgPredicate;
use clap::{Args, ValueEnum};

use crate::options;

/// Limit: attributes of a span; `otlp/attributes.rs` can draw so many.
const ATTRIBUTES_MAX: u8 = 20;
/// Limit: spans to fill a server with. A server under full load takes fewer in a day.
const FILL_SPANS_MAX: u64 = 1 << 40;

/// Starts servers on this machine, each in a temporary folder, sends spans, and prints what a span costs.
#[derive(Args, Clone, Debug)]
pub struct BenchArgs {
    /// The program to measure, started as `PROGRAM serve`; the default is this program.
    #[arg(long, value_name = "PROGRAM")]
    pub server: Option<PathBuf>,
    /// Another server to measure in the same run for comparison, such as the example `floor`, which only parses
    /// requests.
    #[arg(long, value_name = "PROGRAM")]
    pub floor: Option<PathBuf>,
    /// One more argument for the server, such as `--server-arg=--memory=1GiB`; may be repeated.
    #[arg(long, value_name = "ARGUMENT", allow_hyphen_values = true)]
    pub server_arg: Vec<String>,
    /// The durability of the server.
    #[arg(long, value_name = "LEVEL", default_value = "os")]
    pub durability: DurabilityArg,
    /// The server's window; a short one makes it evict segments during the measurement.
    #[arg(long, value_name = "DURATION", default_value = "20s", value_parser = options::parse_duration)]
    pub window: Duration,
    /// Spans in a request; each number gets a row [default: 10,100,500; 100,500 with --otlp].
    #[arg(long, value_delimiter = ',', hide_default_value = true, default_value = "10,100,500", default_value_if("otlp", ArgPredicate::IsPresent, "100,500"), value_parser = clap::value_parser!(u16).range(1..=500))]
    pub batches: Vec<u16>,
    /// Spans to send in each round of a row [default: 300000; 1000000 with --otlp].
    #[arg(
        long,
        hide_default_value = true,
        default_value = "300000",
        default_value_if("otlp", ArgPredicate::IsPresent, "1000000")
    )]
    pub spans: u64,
    /// Rounds for each row; in each round the server and the one of --floor take turns. Medians are printed.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..))]
    pub rounds: u8,
    /// Connections that write, each with one request in flight.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub connections: u16,
    /// Send spans with tags, as `emit` does; without tags a span has about 280 bytes.
    #[arg(long)]
    pub tags: bool,
    /// How long to measure latencies, with writers and readers at the same time.
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = options::parse_duration)]
    pub latency: Duration,
    /// How many lists, and as many single traces, to request a second while latencies are measured [default: 2; 20
    /// with --upkeep or --fill].
    #[arg(long, value_parser = options::parse_rate)]
    pub readers_hz: Option<f64>,
    /// Compare latencies with and without sealing, merging and eviction, at a constant rate below saturation.
    #[arg(long, conflicts_with_all = ["fill", "floor"])]
    pub upkeep: bool,
    /// Spans to send a second with --upkeep, in batches of 100.
    #[arg(long, default_value = "20000", value_parser = options::parse_rate)]
    pub rate: f64,
    /// Fill one server to these numbers of spans, such as `1000000,10000000`, and measure at each.
    #[arg(long, value_name = "SPANS", value_delimiter = ',', value_parser = clap::value_parser!(u64).range(1..=FILL_SPANS_MAX), conflicts_with = "floor")]
    pub fill: Vec<u64>,
    /// Send OTLP/HTTP protobuf instead of the contract's JSON, with these numbers of attributes a span, such as
    /// `0,5,20`. Each pair of attributes and batch gets a row; the table also compares bytes in the log and in
    /// segments with those of the request bodies, uncompressed and with zstd.
    #[arg(long, value_name = "ATTRIBUTES", value_delimiter = ',', value_parser = clap::value_parser!(u8).range(0..=i64::from(ATTRIBUTES_MAX)), conflicts_with_all = ["fill", "floor", "upkeep", "tags"])]
    pub otlp: Vec<u8>,
    /// Seed of ids and content.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// The values of the server's `--durability`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DurabilityArg {
    Memory,
    Os,
    Fsync,
}

impl fmt::Display for DurabilityArg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memory => "memory",
            Self::Os => "os",
            Self::Fsync => "fsync",
        })
    }
}
