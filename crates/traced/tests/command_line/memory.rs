//! Memory stays within what was allowed, and goes back to the system although no request comes.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use crate::process::{Server, eventually, output, text};

/// What a server keeps after any load: the stacks of the threads that it has started, and the caches of the allocator.
const KEPT_KIB: u64 = 4 * 1024;

#[test]
fn the_memory_of_expired_spans_is_returned_in_silence() {
    // A window that outlasts the load, so that all of it is held at once.
    let server = Server::start(&["--listen", "127.0.0.1:0", "--window", "20s"], &[]);
    let before = server.resident_kib();
    let load = ["emit", "--target-url", &server.url, "--duration", "5s", "--workers", "8", "--rate", "100"];
    let load = output(&[&load[..], &["--batch-size", "100", "--verify", "false"]].concat(), &[]);
    assert_eq!(load.status.code(), Some(0), "{}", text(&load.stdout));
    let full = server.resident_kib();
    // From here on nobody asks the server anything: its memory is read from the system.
    let added = full - before;
    assert!(added > 8_000, "{added} KiB were added by\n{}", text(&load.stdout));
    let is_returned = || server.resident_kib() < before + KEPT_KIB + added / 4;
    let returned = eventually(Duration::from_mins(1), is_returned);
    println!("resident: {before} KiB before, {full} full, {} after the window", server.resident_kib());
    assert!(returned, "three quarters of what the load added have gone back");
}

/// A request of four kilobytes. Its one span has two million empty events, which take more than a hundred megabytes when
/// they are decoded.
const BOMB: &[u8] = include_bytes!("two-million-empty-events.pb.gz");
const MEMORY_KIB: u64 = 64 * 1024;
/// The program itself, its threads, and what the allocator has not given back yet.
const ON_TOP_KIB: u64 = 64 * 1024;

fn send_bomb(address: &str) -> String {
    let length = BOMB.len();
    let head = format!(
        "POST /v1/traces HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/x-protobuf\r\n\
         content-encoding: gzip\r\ncontent-length: {length}\r\n\r\n"
    );
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.write_all(&[head.as_bytes(), BOMB].concat()).expect("it is read");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("text");
    answer.get(9..12).expect("a status").to_owned()
}

#[test]
fn small_requests_that_become_large_stay_within_the_memory() {
    let server = Server::start(&["--listen", "127.0.0.1:0", "--memory", "64MiB"], &[]);
    let send = || (0..3).map(|_| send_bomb(server.address())).collect::<Vec<_>>();
    let answers: Vec<String> = thread::scope(|scope| {
        let senders: Vec<_> = (0..20).map(|_| scope.spawn(send)).collect();
        senders.into_iter().flat_map(|sender| sender.join().expect("no panic")).collect()
    });
    assert!(answers.iter().all(|status| ["413", "503"].contains(&&**status)), "{answers:?}");
    let peak = server.peak_kib();
    assert!(peak < MEMORY_KIB + ON_TOP_KIB, "the peak is {peak} KiB");
    assert!(server.is_ready());
}

#[test]
fn little_memory_is_for_few_connections() {
    let server = Server::start(&["--listen", "127.0.0.1:0", "--memory", "64MiB"], &[]);
    let idle: Vec<_> =
        (0..400).map(|_| TcpStream::connect(server.address()).expect("a connection")).collect();
    // One for each 512 KiB; those that only wait are closed for others.
    assert!(eventually(Duration::from_secs(20), || server.metric("traced_http_connections") >= 100.0));
    assert!(server.metric("traced_http_connections") <= 128.0);
    drop(idle);
}
