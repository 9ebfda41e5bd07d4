//! What all benchmarks share: the program to measure, the options and the clock.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use platform::Clock;

use super::args::BenchArgs;
use super::process::ServerProcess;
use crate::error::LoadError;

/// A window so long that no generation is sealed and no span is evicted because of its age.
pub(super) const LONG_WINDOW: Duration = Duration::from_hours(24);
const READERS_HZ: f64 = 2.0;
/// The default of `--readers-hz` for `--upkeep` and `--fill`, which measure mainly latencies.
const READERS_HZ_OF_LATENCIES: f64 = 20.0;

#[derive(Clone, Copy)]
pub(super) struct Bench<'a> {
    pub(super) program: &'a Path,
    pub(super) args: &'a BenchArgs,
    pub(super) clock: &'a Arc<dyn Clock>,
}

impl Bench<'_> {
    /// Starts the server to measure with this window. `more` are further arguments.
    pub(super) fn serve(&self, window: Duration, more: &[&str]) -> Result<ServerProcess, LoadError> {
        ServerProcess::serve(self.program, self.args, window, more)
    }

    /// Returns how many lists, and as many single traces, readers request a second.
    pub(super) fn readers_hz(&self) -> f64 {
        let is_about_latencies = self.args.upkeep || !self.args.fill.is_empty();
        let default = if is_about_latencies { READERS_HZ_OF_LATENCIES } else { READERS_HZ };
        self.args.readers_hz.unwrap_or(default)
    }
}
