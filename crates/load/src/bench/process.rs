//! A server of our own: started, found by the address that it prints, stopped when we are done.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::client::{Client, TargetUrl};
use crate::error::LoadError;

const CPU_METRIC: &str = "traced_process_cpu_seconds ";
const RESIDENT_METRIC: &str = "traced_process_resident_memory_bytes ";

pub(super) struct ServerProcess {
    child: Child,
    pub(super) client: Client,
}

impl ServerProcess {
    /// Starts `program` and waits for the line that says where it listens.
    pub(super) fn start(program: &Path, args: &[&str]) -> Result<Self, LoadError> {
        let failed = |reason: String| LoadError::Program { program: program.to_owned(), reason };
        let mut child = Command::new(program)
            .args(args)
            // What is measured is the defaults, whatever this shell has set.
            .env_remove("TRACED_LISTEN")
            .env_remove(OsStr::new("WINDOW_MINUTES"))
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
            return Err(failed(format!("it printed no address, but {line:?}")));
        };
        Ok(Self { child, client: Client::new(&target) })
    }

    /// Processor time since its start, in seconds.
    pub(super) async fn cpu_seconds(&self) -> Result<f64, LoadError> {
        self.metric(CPU_METRIC).await?.ok_or_else(|| self.lost("it names no processor time".to_owned()))
    }

    /// Resident memory in bytes, where it says so.
    pub(super) async fn resident_bytes(&self) -> Result<Option<f64>, LoadError> {
        self.metric(RESIDENT_METRIC).await
    }

    async fn metric(&self, name: &str) -> Result<Option<f64>, LoadError> {
        let answer = self.client.get("/metrics").await.map_err(|error| self.lost(error.to_string()))?;
        let text = String::from_utf8_lossy(&answer.body);
        Ok(text.lines().find_map(|line| line.strip_prefix(name)?.parse().ok()))
    }

    pub(super) fn lost(&self, reason: String) -> LoadError {
        LoadError::Lost { target: self.client.target().clone(), path: "/metrics".to_owned(), reason }
    }
}

fn stop(child: &mut Child) {
    // It may have ended by itself; then there is nothing to stop.
    drop(child.kill());
    drop(child.wait());
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}
