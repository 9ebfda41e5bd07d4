//! A window larger than memory: the system gives the server no more anonymous memory than a part of its data.
//!
//! The limit is `RLIMIT_DATA`: private writable memory by address space, whether touched or not, files left out. It
//! asks more of the server than a limit on resident memory would, and needs no rights. Here only a moment's load
//! is sent; `make larger-than-memory` goes on until the data are four times the limit.

use std::process::{Command, Stdio};

use crate::process::{Server, folder, output, program, text};

const LIMIT_MIB: u64 = 384;
const MIB: u64 = 1024 * 1024;
/// The data are so many times the limit in the long form.
const TIMES: u64 = 4;
/// Limit: a run that does not get there is told so.
const FILLS_MAX: u32 = 200;

#[test]
fn what_it_holds_may_be_larger_than_its_memory() {
    let number = |name: &str| std::env::var(name).ok().map(|value| value.parse::<u64>().expect("a number"));
    let long = number("LARGER_LIMIT_MIB");
    let times = number("LARGER_TIMES").unwrap_or(TIMES);
    let limit_mib = long.unwrap_or(LIMIT_MIB);
    let folder = folder();
    let data = folder.path().join("data");
    let data = data.to_str().expect("a path of text");
    // The directory of four times the data takes most of it: ten bytes for each trace, of a hundred on the disk. What
    // is left of the limit is for sealing, requests, and what the allocator cannot give back.
    let memory = format!("{}MiB", limit_mib * 9 / 16);
    let mut command = Command::new("sh");
    command
        .env_clear()
        // The limit counts addresses, and jemalloc keeps those of memory that it has given back.
        .env("_RJEM_MALLOC_CONF", "retain:false")
        .args(["-c", "ulimit -d \"$0\" && exec \"$@\"", &(limit_mib * 1024).to_string()])
        .arg(program())
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir", data])
        .args(["--window", "24h", "--memory", &memory, "--log", "warn"])
        .stdin(Stdio::null());
    let server = Server::spawn(command);

    let wanted = if long.is_some() { times * limit_mib * MIB } else { 0 };
    let mut ledgers = Vec::new();
    for fill in 0..FILLS_MAX {
        let ledger = folder.path().join(format!("{fill}.ledger")).display().to_string();
        // Short, so that it ends near what is wanted: the directory takes memory for each trace that is there.
        let duration = if long.is_some() { "5s" } else { "3s" };
        let how = ["--workers", "8", "--rate", "1000", "--batch-size", "500", "--verify", "false"];
        let emit = ["emit", "--target-url", &server.url, "--duration", duration, "--ledger", &ledger];
        let emitted = output(&[&emit[..], &how].concat(), &[]);
        let said = text(&emitted.stdout);
        assert_eq!(emitted.status.code(), Some(0), "{said}{}", text(&emitted.stderr));
        if !said.contains("refused=0 rejected=0 uncertain=0") {
            server.signal("KILL");
            panic!("{said}{}", server.wait().1);
        }
        ledgers.push(ledger);
        if data_bytes(&server) >= wanted {
            break;
        }
    }
    let held = data_bytes(&server);
    println!(
        "larger: {} MiB of data and {:.0} spans, {} MiB resident, of {limit_mib} MiB that are allowed",
        held / MIB,
        server.metric("traced_spans"),
        server.resident_kib() / 1024,
    );
    assert!(held >= wanted, "{held} bytes are there, {wanted} were wanted");
    for ledger in &ledgers {
        let verify = ["verify", "--target-url", &server.url, "--ledger", ledger, "--window-minutes", "1440"];
        let verified = output(&verify, &[]);
        assert_eq!(verified.status.code(), Some(0), "{}{}", text(&verified.stdout), text(&verified.stderr));
    }
    assert!(server.metric("traced_spans_evicted_total") < 1.0, "nothing has left");
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bytes of a disk")]
fn data_bytes(server: &Server) -> u64 {
    server.metric("traced_disk_bytes") as u64
}
