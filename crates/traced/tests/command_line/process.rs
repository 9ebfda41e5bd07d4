//! A server process that ends with its test.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::time::Instant;

/// Limit: the kernel's page about a process is some two kilobytes.
const STATUS_BYTES_MAX: u64 = 64 * 1024;

pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) first_line: String,
    pub(crate) url: String,
    // Fields are dropped in their order: the folder goes after the process.
    folder: Option<TempDir>,
}

/// A folder that goes with the test.
pub(crate) fn folder() -> TempDir {
    TempDir::with_prefix_in("traced-", env!("CARGO_TARGET_TMPDIR")).expect("a folder")
}

/// The program of this build, or the one that `TRACED_BINARY` names: a long test wants a fast one.
pub(crate) fn program() -> OsString {
    std::env::var_os("TRACED_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_traced").into())
}

/// The program with no settings but those of the test.
pub(crate) fn traced(args: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(program());
    // Tests run beside one another, and these have ports that the system does not pick.
    let off = [("TRACED_OTLP_GRPC", "off"), ("TRACED_OTLP_HTTP", "off")];
    command.env_clear().envs(off).args(args).envs(environment.iter().copied()).stdin(Stdio::null());
    command
}

pub(crate) fn output(args: &[&str], environment: &[(&str, &str)]) -> Output {
    traced(args, environment).output().expect("the program starts")
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

impl Server {
    /// Starts on a port that the system picks, and waits for the line that says so. Where the test names no
    /// place for its data, they go into a folder of their own.
    pub(crate) fn start(args: &[&str], environment: &[(&str, &str)]) -> Self {
        let names_place = args.iter().any(|arg| ["--in-memory", "--data-dir"].contains(arg));
        let folder = (!names_place).then(folder);
        let mut command = traced(args, environment);
        if let Some(folder) = &folder {
            command.env("TRACED_DATA_DIR", folder.path());
        }
        let mut server = Self::spawn(command);
        server.folder = folder;
        server
    }

    /// Starts a command that becomes a server.
    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let mut first_line = String::new();
        let stdout = child.stdout.as_mut().expect("it was asked for");
        BufReader::with_capacity(1, stdout).read_line(&mut first_line).expect("a line");
        let url = first_line.split_whitespace().find(|word| word.starts_with("http://"));
        let url = url.unwrap_or_else(|| panic!("an address is in {first_line:?}")).to_owned();
        Self { child, first_line, url, folder: None }
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status().expect("kill starts");
        assert!(sent.success());
    }

    /// Kills the process, without a chance to clean up.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    pub(crate) fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// The status and the body of an answer.
    pub(crate) fn ask(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let length = body.len();
        let (head, body) = self.exchange(&format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        ));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.expect("a status"), body)
    }

    /// The head of the answer to a request with one more header.
    pub(crate) fn head(&self, path: &str, header: &str) -> String {
        self.exchange(&format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{header}\r\n\r\n")).0
    }

    /// Sends a request. Returns the head and the body of its answer.
    fn exchange(&self, request: &str) -> (String, String) {
        let mut stream = TcpStream::connect(self.address()).expect("a connection");
        stream.write_all(request.as_bytes()).expect("it is read");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("text");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        (head.to_owned(), body.to_owned())
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.ask("GET", "/health", "").0 == 200
    }

    /// The sum of what has this name on `/metrics`.
    pub(crate) fn metric(&self, name: &str) -> f64 {
        let (_, metrics) = self.ask("GET", "/metrics", "");
        let is_it = |line: &&str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '{']));
        let value = |line: &str| line.rsplit(' ').next()?.parse::<f64>().ok();
        metrics.lines().filter(is_it).filter_map(value).sum()
    }

    /// Waits until the process ends. Returns its exit code and what it wrote to stderr.
    pub(crate) fn wait(mut self) -> (Option<i32>, String) {
        let status = self.child.wait().expect("it ends");
        let mut stderr = String::new();
        self.child.stderr.take().expect("it was asked for").read_to_string(&mut stderr).expect("text");
        (status.code(), stderr)
    }

    /// Resident memory in KiB.
    pub(crate) fn resident_kib(&self) -> u64 {
        self.status_kib("VmRSS:")
    }

    /// The most resident memory so far, in KiB.
    pub(crate) fn peak_kib(&self) -> u64 {
        self.status_kib("VmHWM:")
    }

    fn status_kib(&self, field: &str) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = platform::file::read_whole(path.as_ref(), STATUS_BYTES_MAX).expect("it runs");
        let status = text(&status);
        let line = status.lines().find_map(|line| line.strip_prefix(field)).expect("a line of memory");
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
