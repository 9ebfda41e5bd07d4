//! The log on stderr, as far as stderr takes it.
//!
//! A log must never stop what it reports: stderr may be a file on a full disk, a pipe without a reader, or one whose
//! reader is stuck. So another thread writes the lines, errors are ignored, and lines that come faster than they can be
//! written are dropped and counted.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use clap::ValueEnum;
use tracing::level_filters::LevelFilter;
use tracing::warn;
use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};

/// Limit: lines that wait to be written. Further ones are dropped.
const LINES_MAX: usize = 4096;
/// How often it is looked whether lines were dropped.
const DROPPED_INTERVAL: Duration = Duration::from_secs(10);

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

/// The running log. When it is dropped, the lines that wait are written, unless that takes longer than a second.
pub(crate) struct Logs {
    dropped: ErrorCounter,
    _guard: WorkerGuard,
}

impl Logs {
    pub(crate) fn start(level: LevelFilter, format: LogFormat) -> Self {
        let builder = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(LINES_MAX);
        let (writer, guard) = builder.thread_name("log").finish(io::stderr());
        let dropped = writer.error_counter();
        let logs = tracing_subscriber::fmt()
            .with_writer(writer)
            .with_ansi(io::stderr().is_terminal())
            .with_max_level(level)
            // It would print them to stderr, and panic if that fails.
            .log_internal_errors(false);
        match format {
            LogFormat::Text => logs.init(),
            LogFormat::Json => logs.json().init(),
        }
        Self { dropped, _guard: guard }
    }

    /// Says from time to time how many lines were dropped. This does not end.
    pub(crate) async fn report_dropped(&self) {
        let mut reported = 0;
        loop {
            tokio::time::sleep(DROPPED_INTERVAL).await;
            let dropped = self.dropped.dropped_lines();
            if dropped > reported {
                warn!(
                    lines = dropped - reported,
                    "lines of the log were dropped, because stderr takes them too slowly"
                );
                reported = dropped;
            }
        }
    }
}
