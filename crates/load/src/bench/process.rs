//! A server process. The benchmark starts it, reads its address from the first line that it prints, and kills it when
//! the value is dropped.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
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
/// How long to wait before a condition is checked again.
const POLL: Duration = Duration::from_millis(5);
/// The server is at rest when its memory has not shrunk for this long.
const REST_POLL: Duration = Duration::from_secs(2);
/// Limit: how long sealing may take after the last write, and how long to wait until memory shrinks no more.
const SETTLE_MAX: Duration = Duration::from_mins(1);
/// Limit: how long a server may take until it is ready.
const READY_MAX: Duration = Duration::from_mins(5);

pub(super) struct ServerProcess {
    program: PathBuf,
    args: Vec<String>,
    child: Child,
    pub(super) client: Client,
    // Order: the last field, because fields are dropped in order and the folder must be removed after the process
    // ended.
    folder: Option<TempDir>,
}

impl ServerProcess {
    /// Starts the measured server with its data in a temporary folder. `more` are further arguments.
    pub(super) fn serve(
        program: &Path,
        args: &BenchArgs,
        window: Duration,
        more: &[&str],
    ) -> Result<Self, LoadError> {
        let folder = TempDir::with_prefix("traced-bench-").map_err(|error| LoadError::Program {
            program: program.to_owned(),
            reason: format!("cannot create a temporary folder for its data: {error}"),
        })?;
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

    /// Starts `program` with these arguments and waits until it prints its address.
    pub(super) fn start(program: &Path, args: Vec<String>) -> Result<Self, LoadError> {
        let (child, client) = spawn(program, &args)?;
        Ok(Self { program: program.to_owned(), args, child, client, folder: None })
    }

    /// Kills the server and starts it again with the same data. Returns how long it took from the start of the
    /// process until it was ready.
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
        Err(self.lost("/health", format!("it was not ready within {} s", READY_MAX.as_secs())))
    }

    pub(super) async fn get(&self, path: &str) -> Result<Answer, LoadError> {
        self.client.get(path).await.map_err(|error| self.lost(path, error.to_string()))
    }

    pub(super) async fn metrics(&self) -> Result<Metrics, LoadError> {
        let answer = self.get("/metrics").await?;
        Ok(Metrics::parse(&String::from_utf8_lossy(&answer.body)))
    }

    /// Returns the seconds of processor time that the server has used since its start.
    pub(super) async fn cpu_seconds(&self) -> Result<f64, LoadError> {
        let seconds = self.metrics().await?.cpu_seconds();
        seconds.ok_or_else(|| {
            self.lost("/metrics", "the metric traced_process_cpu_seconds is missing".to_owned())
        })
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
                let reason = format!("generations are still not sealed after {} s", SETTLE_MAX.as_secs());
                return Err(self.lost("/metrics", reason));
            }
            sleep(POLL).await;
        }
    }

    /// Returns the resident memory that is not mapped from files, in bytes. Only Linux reports it.
    pub(super) fn anonymous_bytes(&self) -> Option<f64> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = String::from_utf8(file::read_whole(path.as_ref(), STATUS_BYTES_MAX).ok()?).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
        let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kilobytes * 1024.0)
    }

    /// Waits until the allocator of the idle server has returned what it can, and returns the anonymous memory in
    /// bytes.
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

/// Returns the first line that `program --version` prints.
pub(super) fn version(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("--version").stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines().next().map(str::to_owned)
}

fn spawn(program: &Path, args: &[String]) -> Result<(Child, Client), LoadError> {
    let failed = |reason: String| LoadError::Program { program: program.to_owned(), reason };
    let mut command = Command::new(program);
    // The server is measured with its default settings, so variables of this environment must not change them.
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
    let stdout = child.stdout.take().expect("the output of the child is piped");
    let mut line = String::new();
    let read = BufReader::new(stdout).read_line(&mut line);
    let address = line.split_whitespace().find(|word| word.starts_with("http://"));
    let target = address.and_then(|address| address.parse::<TargetUrl>().ok());
    let Some(target) = target.filter(|_| read.is_ok()) else {
        let ended = stop(&mut child);
        let reason = match (read, ended) {
            (Err(error), _) => format!("its output cannot be read: {error}"),
            (Ok(0), Some(status)) => {
                format!("it ended ({status}) before it printed its address; see its output above")
            }
            (Ok(0), None) => "it ended before it printed its address; see its output above".to_owned(),
            (Ok(_), _) => {
                format!("the first line of its output must contain an http:// address, but is {line:?}")
            }
        };
        // The program of `--floor` has no command `serve`.
        let is_serve = args.first().is_some_and(|command| command == "serve");
        let hint = if is_serve { "; run it by hand with `serve`" } else { "" };
        return Err(failed(format!("{reason}{hint}")));
    };
    Ok((child, Client::new(&target)))
}

/// Kills the process if it still runs, and returns its exit status.
fn stop(child: &mut Child) -> Option<ExitStatus> {
    // An error means that it has ended already.
    drop(child.kill());
    child.wait().ok()
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}
