//! Shows the progress of a run: a bar if stderr is a terminal, else a line every few seconds.

use std::convert::Infallible;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tokio::time::{Instant, interval};

const BAR_PERIOD: Duration = Duration::from_millis(200);
const LINE_PERIOD: Duration = Duration::from_secs(5);

#[derive(Debug, Default)]
pub(crate) struct Progress {
    requests: AtomicU64,
    acked_spans: AtomicU64,
    troubles: AtomicU64,
}

impl Progress {
    pub(crate) fn add_request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn add_acked(&self, spans: u64) {
        self.acked_spans.fetch_add(spans, Ordering::Relaxed);
    }

    pub(crate) fn add_trouble(&self) {
        self.troubles.fetch_add(1, Ordering::Relaxed);
    }

    fn line(&self) -> String {
        format!(
            "{} requests, {} spans acknowledged, {} attempts failed",
            self.requests.load(Ordering::Relaxed),
            self.acked_spans.load(Ordering::Relaxed),
            self.troubles.load(Ordering::Relaxed),
        )
    }

    /// Shows the progress until the future is dropped. `duration` is how long the run is planned to take.
    pub(crate) async fn show(&self, duration: Duration) -> Infallible {
        if io::stderr().is_terminal() {
            self.show_bar(duration).await
        } else {
            self.print_lines(duration).await
        }
    }

    async fn show_bar(&self, duration: Duration) -> Infallible {
        let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  {msg}")
            .expect("the template is a valid constant");
        let bar = ProgressBar::new(millis(duration)).with_style(style);
        let bar = ClearOnDrop(bar);
        let started = Instant::now();
        let mut ticks = interval(BAR_PERIOD);
        loop {
            ticks.tick().await;
            bar.0.set_position(millis(started.elapsed().min(duration)));
            bar.0.set_message(self.line());
        }
    }

    async fn print_lines(&self, duration: Duration) -> Infallible {
        let started = Instant::now();
        let mut ticks = interval(LINE_PERIOD);
        ticks.tick().await;
        loop {
            ticks.tick().await;
            let (passed, whole) = (started.elapsed().as_secs(), duration.as_secs_f64());
            if writeln!(io::stderr(), "emit: {passed} s of {whole} s, {}", self.line()).is_err() {
                // Stderr is closed, so no more lines are printed. This future must stay pending: only the end of the
                // workers ends the run.
                std::future::pending::<Infallible>().await;
            }
        }
    }
}

/// Clears the bar however the run ends, so that the summary begins on an empty line.
struct ClearOnDrop(ProgressBar);

impl Drop for ClearOnDrop {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
