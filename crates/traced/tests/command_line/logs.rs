//! A log that cannot be written stops nothing.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::process::{Server, eventually, folder, program};

/// A server with its streams set up by a shell, which says where it listens in a file.
fn with_shell(script: &str) -> (Server, tempfile::TempDir) {
    let folder = folder();
    let mut command = Command::new("bash");
    command
        .env("TRACED", program())
        .env("TRACED_OTLP_GRPC", "off")
        // It is named in the log when the server starts.
        .env("TRACED_OTLP_HTTP", "127.0.0.1:0")
        .env("TRACED_DATA_DIR", folder.path())
        .args(["-c", script])
        .stdin(Stdio::null());
    (Server::spawn(command), folder)
}

/// Broken connections each leave a line in a log of this level.
const LOUD: &str = "exec \"$TRACED\" serve --listen 127.0.0.1:0 --log debug";
/// More lines than a pipe holds: 64 KiB.
const LINES: usize = 1500;

fn check_serves(server: &Server) {
    for number in 0..LINES {
        let mut broken = TcpStream::connect(server.address()).expect("a connection");
        broken.set_read_timeout(Some(Duration::from_secs(20))).expect("a time");
        broken.write_all(b"nonsense\r\n\r\n").expect("it is read");
        let mut answer = Vec::new();
        broken
            .read_to_end(&mut answer)
            .unwrap_or_else(|error| panic!("no answer to number {number}: {error}"));
    }
    assert!(server.is_ready());
}

#[test]
fn a_full_disk_under_the_log_ends_nothing() {
    let (server, _folder) = with_shell(&format!("{LOUD} 2>/dev/full"));
    check_serves(&server);
}

#[test]
fn a_pipe_without_a_reader_ends_nothing() {
    let (server, _folder) = with_shell(&format!("{LOUD} 2> >(exec true)"));
    check_serves(&server);
}

#[test]
fn a_pipe_whose_reader_is_stuck_holds_up_nothing() {
    // The reader never reads, and ends with the server.
    let (server, _folder) = with_shell(&format!("{LOUD} 2> >(exec tail -f /dev/null --pid=$$)"));
    check_serves(&server);
    server.signal("TERM");
    let mut server = server;
    let has_ended = eventually(Duration::from_secs(20), || {
        !std::path::Path::new(&format!("/proc/{}/exe", server.child.id())).exists()
    });
    drop(server.child.kill());
    assert!(has_ended, "a stop does not wait for the reader");
}

#[test]
fn nobody_has_to_read_where_it_listens() {
    let folder = folder();
    let script = format!("{LOUD} --data-dir \"$0\" >/dev/full 2>\"$0/log\"");
    let mut child = Command::new("bash")
        .env("TRACED", program())
        .env("TRACED_OTLP_GRPC", "off")
        .env("TRACED_OTLP_HTTP", "off")
        .args(["-c", &script])
        .arg(folder.path())
        .stdin(Stdio::null())
        .spawn()
        .expect("bash starts");
    let log = folder.path().join("log");
    let stops = || {
        let sent = Command::new("kill").args(["-s", "TERM", &child.id().to_string()]).status();
        sent.expect("kill starts").success()
    };
    let is_up = || platform::file::read_whole(&log, 1 << 20).is_ok_and(|log| !log.is_empty());
    assert!(eventually(Duration::from_secs(20), is_up), "it logs");
    assert!(stops());
    let status = child.wait().expect("it ends");
    assert!(status.code().is_some_and(|code| code == 0 || code == 143), "{status}");
}
