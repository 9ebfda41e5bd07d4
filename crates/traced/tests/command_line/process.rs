//! A server process that ends with its test.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use tokio::time::Instant;

/// Limit: the kernel's page about a process is some two kilobytes.
const STATUS_BYTES_MAX: u64 = 64 * 1024;

pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) first_line: String,
    pub(crate) url: String,
}

/// The program with no settings but those of the test.
pub(crate) fn traced(args: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_traced"));
    command.env_clear().args(args).envs(environment.iter().copied()).stdin(Stdio::null());
    command
}

pub(crate) fn output(args: &[&str], environment: &[(&str, &str)]) -> Output {
    traced(args, environment).output().expect("the program starts")
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

impl Server {
    /// Starts on a port that the system picks, and waits for the line that says so.
    pub(crate) fn start(args: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = traced(args, environment);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let mut first_line = String::new();
        let stdout = child.stdout.as_mut().expect("it was asked for");
        BufReader::with_capacity(1, stdout).read_line(&mut first_line).expect("a line");
        let url = first_line.split_whitespace().find(|word| word.starts_with("http://"));
        let url = url.unwrap_or_else(|| panic!("an address is in {first_line:?}")).to_owned();
        Self { child, first_line, url }
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status().expect("kill starts");
        assert!(sent.success());
    }

    /// Waits for its end; what it wrote to stderr.
    pub(crate) fn wait(mut self) -> (Option<i32>, String) {
        let status = self.child.wait().expect("it ends");
        let mut stderr = String::new();
        self.child.stderr.take().expect("it was asked for").read_to_string(&mut stderr).expect("text");
        (status.code(), stderr)
    }

    /// Resident memory in KiB.
    pub(crate) fn resident_kib(&self) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = platform::file::read_whole(path.as_ref(), STATUS_BYTES_MAX).expect("it runs");
        let status = text(&status);
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line of memory");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Waits until a condition holds; false after a time that no healthy machine needs.
pub(crate) fn eventually(limit: Duration, condition: impl Fn() -> bool) -> bool {
    let began = Instant::now();
    while !condition() {
        if began.elapsed() > limit {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    true
}
