//! A server process: it is started, found by the address that it prints, and stopped when it is dropped.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use http::StatusCode;
use platform::file;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use super::args::BenchArgs;
use super::metrics::Metrics;
use crate::client::{Answer, Client, TargetUrl};
use crate::error::LoadError;

/// Limit: `/proc/PID/status` has about two kilobytes.
const STATUS_BYTES_MAX: u64 = 64 * 1024;
/// The time between two looks at a condition.
const POLL: Duration = Duration::from_millis(5);
/// The server is at rest when its memory has not shrunk for so long.
const REST_POLL: Duration = Duration::from_secs(2);
/// Limit: after the last write, sealing may take so long, and memory may shrink for so long.
const SETTLE_MAX: Duration = Duration::from_mins(1);
/// Limit: a server may take so long to start.
const READY_MAX: Duration = Duration::from_mins(5);

pub(super) struct ServerProcess {
    program: PathBuf,
    args: Vec<String>,
    child: Child,
    pub(super) client: Client,
    // Order: fields are dropped in order, so the folder goes when the process has ended.
    folder: Option<TempDir>,
}

impl ServerProcess {
    /// Starts the server that is measured, in a temporary folder.
    pub(super) fn serve(
        program: &Path,
        args: &BenchArgs,
        window: Duration,
        more: &[&str],
    ) -> Result<Self, LoadError> {
        let folder = TempDir::with_prefix("traced-bench-")?;
        let mut words: Vec<String> =
            ["serve", "--listen", "127.0.0.1:0", "--log", "warn"].map(str::to_owned).into();
        words.extend(["--otlp-grpc", "off", "--otlp-http", "off"].map(str::to_owned));
        let window = humantime::format_duration(window).to_string().replace(' ', "");
        words.extend(["--window".to_owned(), window]);
        words.extend(["--durability".to_owned(), args.durability.to_string()]);
        words.extend(["--data-dir".to_owned(), folder.path().display().to_string()]);
        words.extend(more.iter().map(|&word| word.to_owned()));
        words.extend(args.server_arg.iter().cloned());
        let mut process = Self::start(program, words)?;
        process.folder = Some(folder);
        Ok(process)
    }

    /// Starts `program` and waits for the line that says where it listens.
    pub(super) fn start(program: &Path, args: Vec<String>) -> Result<Self, LoadError> {
        let (child, client) = spawn(program, &args)?;
        Ok(Self { program: program.to_owned(), args, child, client, folder: None })
    }

    /// Kills the server and starts it again on its folder. Returns how long it took until it was ready.
    pub(super) async fn restart_after_kill(&mut self) -> Result<Duration, LoadError> {
        stop(&mut self.child);
        let spawned = Instant::now();
        (self.child, self.client) = spawn(&self.program, &self.args)?;
        while spawned.elapsed() < READY_MAX {
            if self.get("/health").await?.status == StatusCode::OK {
                return Ok(spawned.elapsed());
            }
            sleep(Duration::from_millis(1)).await;
        }
        Err(self.lost("/health", format!("not ready within {} s", READY_MAX.as_secs())))
    }

    pub(super) async fn get(&self, path: &str) -> Result<Answer, LoadError> {
        self.client.get(path).await.map_err(|error| self.lost(path, error.to_string()))
    }

    pub(super) async fn metrics(&self) -> Result<Metrics, LoadError> {
        let answer = self.get("/metrics").await?;
        Ok(Metrics::parse(&String::from_utf8_lossy(&answer.body)))
    }

    /// Processor time since the start of the server.
    pub(super) async fn cpu_seconds(&self) -> Result<f64, LoadError> {
        let seconds = self.metrics().await?.cpu_seconds();
        seconds.ok_or_else(|| self.lost("/metrics", "it has no traced_process_cpu_seconds".to_owned()))
    }

    /// Waits until all frozen generations are sealed.
    pub(super) async fn settle(&self) -> Result<Metrics, LoadError> {
        let began = Instant::now();
        loop {
            let metrics = self.metrics().await?;
            if metrics.frozen_generations() < 1.0 {
                return Ok(metrics);
            }
            if began.elapsed() > SETTLE_MAX {
                return Err(self.lost("/metrics", "generations are still frozen after a minute".to_owned()));
            }
            sleep(POLL).await;
        }
    }

    /// Resident memory that is not mapped from files; Linux alone tells it.
    pub(super) fn anonymous_bytes(&self) -> Option<f64> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = String::from_utf8(file::read_whole(path.as_ref(), STATUS_BYTES_MAX).ok()?).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
        let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kilobytes * 1024.0)
    }

    /// Anonymous memory of the idle server, measured after its allocator has given back what it can.
    pub(super) async fn anonymous_bytes_at_rest(&self) -> Option<f64> {
        let began = Instant::now();
        let mut least = self.anonymous_bytes()?;
        while began.elapsed() < SETTLE_MAX {
            sleep(REST_POLL).await;
            let now = self.anonymous_bytes()?;
            if now >= least {
                break;
            }
            least = now;
        }
        Some(least)
    }

    pub(super) fn lost(&self, path: &str, reason: String) -> LoadError {
        LoadError::Lost { target: self.client.target().clone(), path: path.to_owned(), reason }
    }
}

/// The first line of `program --version`.
pub(super) fn version(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("--version").stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines().next().map(str::to_owned)
}

fn spawn(program: &Path, args: &[String]) -> Result<(Child, Client), LoadError> {
    let failed = |reason: String| LoadError::Program { program: program.to_owned(), reason };
    let mut command = Command::new(program);
    // The server is measured with its defaults, whatever the environment has set.
    for (name, _) in std::env::vars_os() {
        if name == OsStr::new("WINDOW_MINUTES") || name.to_string_lossy().starts_with("TRACED_") {
            command.env_remove(name);
        }
    }
    let mut child = command
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    let stdout = child.stdout.take().expect("it was asked for");
    let mut line = String::new();
    let read = BufReader::new(stdout).read_line(&mut line);
    let address = line.split_whitespace().find(|word| word.starts_with("http://"));
    let target = address.and_then(|address| address.parse::<TargetUrl>().ok());
    let Some(target) = target.filter(|_| read.is_ok()) else {
        stop(&mut child);
        return Err(failed(format!("it printed {line:?} instead of its address")));
    };
    Ok((child, Client::new(&target)))
}

fn stop(child: &mut Child) {
    // Errors mean that it has ended already.
    drop(child.kill());
    drop(child.wait());
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}
