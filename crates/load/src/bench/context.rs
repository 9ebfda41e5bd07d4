//! What every benchmark begins with: the program, the options, the clock.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use platform::Clock;

use super::args::BenchArgs;
use super::process::ServerProcess;
use crate::error::LoadError;

/// A window in which nothing is sealed by age, and which nothing leaves.
pub(super) const LONG_WINDOW: Duration = Duration::from_hours(24);
const READERS_HZ: f64 = 2.0;
/// The rate where latencies are the question.
const READERS_HZ_OF_LATENCIES: f64 = 20.0;

#[derive(Clone, Copy)]
pub(super) struct Bench<'a> {
    pub(super) program: &'a Path,
    pub(super) args: &'a BenchArgs,
    pub(super) clock: &'a Arc<dyn Clock>,
}

impl Bench<'_> {
    /// Starts the server that is measured.
    pub(super) fn serve(&self, window: Duration, more: &[&str]) -> Result<ServerProcess, LoadError> {
        ServerProcess::serve(self.program, self.args, window, more)
    }

    /// How many lists, and as many details, readers ask for a second.
    pub(super) fn readers_hz(&self) -> f64 {
        let is_about_latencies = self.args.upkeep || !self.args.fill.is_empty();
        let default = if is_about_latencies { READERS_HZ_OF_LATENCIES } else { READERS_HZ };
        self.args.readers_hz.unwrap_or(default)
    }
}
