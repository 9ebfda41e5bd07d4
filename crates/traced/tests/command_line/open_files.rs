//! The limit of open files, and connections that use it up.

use std::io::Read as _;
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use platform::{Clock as _, SystemClock};

use crate::process::{Server, eventually, folder, program, text};

const PATIENCE: Duration = Duration::from_secs(20);
/// Limit: the kernel's page about the limits of a process is some two kilobytes.
const PAGE_BYTES_MAX: u64 = 64 * 1024;
/// What the server of these tests may have open.
const OPEN_FILES_MAX: usize = 200;
/// Connections that only wait, of every peer that there is.
const IDLE: usize = 400;

/// A server that starts under `ulimit`.
fn start(ulimit: &str, data: &str) -> Server {
    let mut command = Command::new("sh");
    command
        .env_clear()
        .args(["-c", &format!("ulimit {ulimit} && exec \"$@\""), "sh"])
        .arg(program())
        .args(["serve", "--listen", "127.0.0.1:0", "--otlp-grpc", "off", "--otlp-http", "off"])
        // The log goes to its next file, and generations are sealed, all the time.
        .args(["--data-dir", data, "--memory", "32MiB", "--window", "10s"])
        // More than the files allow, and more than is usual with so little memory.
        .args(["--connections-max", "4096"])
        .stdin(Stdio::null());
    Server::spawn(command)
}

/// A batch of about so many kilobytes; its traces are new ones.
fn batch(number: usize, kilobytes: usize) -> String {
    let now = SystemClock.now().0;
    let spans: Vec<_> = (0..kilobytes)
        .map(|place| {
            let tag = "x".repeat(1000);
            let id = format!("00000000-0000-4000-8000-{:012x}", number * 1000 + place + 1);
            format!(
                "{{\"trace_id\":\"{id}\",\"span_id\":\"{id}\",\"service\":\"s\",\"operation\":\"o\",\"start_time\":{now},\"end_time\":{now},\"status\":\"ok\",\"tags\":{{\"a\":\"{tag}\"}}}}"
            )
        })
        .collect();
    format!("{{\"spans\":[{}]}}", spans.join(","))
}

#[test]
fn writes_go_on_while_idle_connections_fill_the_limit_of_open_files() {
    let folder = folder();
    let server = start(&format!("-n {OPEN_FILES_MAX}"), folder.path().to_str().expect("text"));
    let mut idle = Vec::new();
    for number in 0..100 {
        // They come all the time, so the limit is reached again and again.
        for _ in 0..IDLE / 100 {
            let stream = TcpStream::connect(server.address()).expect("a connection");
            stream.set_nonblocking(true).expect("it is open");
            idle.push(stream);
        }
        let (status, said) = server.ask("POST", "/spans", &batch(number, 200));
        assert_eq!(status, 202, "{number}: {said}");
    }
    let is_closed = |mut stream: &TcpStream| !matches!(stream.read(&mut [0]), Err(error) if error.kind() == std::io::ErrorKind::WouldBlock);
    let open = idle.iter().filter(|stream| !is_closed(stream)).count();
    assert!((10..OPEN_FILES_MAX).contains(&open), "{open} are still open");
    assert!(eventually(PATIENCE, || server.metric("traced_segments") > 0.0), "segments are made");
    drop(idle);
    server.signal("TERM");
    let (code, log) = server.wait();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("connections_max=") && log.contains("ulimit -n"), "{log}");
    assert!(log.lines().count() < 10, "{log}");
}

#[test]
fn the_soft_limit_of_open_files_is_raised() {
    let folder = folder();
    let server = start("-S -n 64", folder.path().to_str().expect("text"));
    let path = format!("/proc/{}/limits", server.child.id());
    let limits = text(&platform::file::read_whole(path.as_ref(), PAGE_BYTES_MAX).expect("it runs"));
    let line = limits.lines().find(|line| line.starts_with("Max open files")).expect("a line");
    let values: Vec<_> = line.split_whitespace().skip(3).collect();
    assert_eq!(values[0], values[1], "{line}");
}
