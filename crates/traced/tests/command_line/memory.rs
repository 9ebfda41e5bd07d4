//! Memory goes back to the system although no request comes.

use std::time::Duration;

use crate::process::{Server, eventually, output, text};

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
    let is_returned = || server.resident_kib() < before + added / 4;
    let returned = eventually(Duration::from_mins(1), is_returned);
    println!("resident: {before} KiB before, {full} full, {} after the window", server.resident_kib());
    assert!(returned, "three quarters of what the load added have gone back");
}
