//! `kill -9` under full load, again and again on the same folder: nothing acknowledged is lost, nothing is there
//! twice.
//!
//! The emitter goes on over the crash: what was not answered is sent again to the server that comes after, which
//! may have it already. `make crash ROUNDS=200` is the long form of the same.

use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::Duration;

use platform::{Clock as _, SystemClock};
use tempfile::TempDir;
use tokio::time::Instant;

use crate::process::{Server, eventually, folder, output, text, traced};

const ROUNDS: u64 = 8;
/// How long after its first span a server lives at most. It seals about once a second in this time.
const LIFE_MILLIS_MAX: u64 = 1500;
/// One start in so many is itself cut short, within this time.
const SECOND_KILL_PARTS: u64 = 3;
const START_MILLIS_MAX: u64 = 40;
const PATIENCE: Duration = Duration::from_mins(1);
/// Short enough that generations are sealed, merged and evicted, long enough to verify what is in it.
const WINDOW_MINUTES: &str = "1";
/// Batches of earlier rounds that are repeated after each crash.
const PROBES_KEPT: usize = 5;
const PROBE_SPANS: f64 = 3.0;
const PROBE_NANOS_MAX: i64 = 50_000_000_000;

/// `SplitMix64`: the moments of a run can be had again from its seed, as far as a machine repeats itself.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn millis(&mut self, bound: u64) -> Duration {
        Duration::from_millis(self.below(bound))
    }
}

/// A batch whose answer is known, to be sent again after a crash.
struct Probe {
    path: String,
    body: String,
    start_nanos: i64,
}

struct Crash {
    dice: Dice,
    folder: TempDir,
    address: String,
    probes: Vec<Probe>,
    /// The ledger of the round before, whose spans must still be there.
    last_ledger: Option<PathBuf>,
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().filter(|value| !value.is_empty()).map(|value| value.parse().expect(variable))
}

#[test]
fn nothing_acknowledged_is_lost_when_it_is_killed_again_and_again() {
    let rounds = number("CRASH_ROUNDS").unwrap_or(ROUNDS);
    let seed = number("CRASH_SEED").unwrap_or_else(|| SystemClock.now().0.cast_unsigned() % 1_000_000_000);
    println!("crash: {rounds} rounds, seed {seed}");
    let mut crash = Crash {
        dice: Dice(seed),
        folder: folder(),
        address: "127.0.0.1:0".to_owned(),
        probes: Vec::new(),
        last_ledger: None,
    };
    let mut server = crash.start();
    // The next ones take its place, so that the emitter finds them.
    server.address().clone_into(&mut crash.address);
    for round in 0..rounds {
        let (next, report) = crash.round(round, server);
        println!("{report}");
        server = next;
    }
}

impl Crash {
    fn command(&self) -> std::process::Command {
        let folder = self.folder.path().join("data");
        let folder = folder.to_str().expect("a path of text");
        let place = ["serve", "--listen", &self.address, "--data-dir", folder, "--durability", "os"];
        traced(&[&place[..], &["--window-minutes", WINDOW_MINUTES, "--log", "warn"]].concat(), &[])
    }

    fn start(&self) -> Server {
        let server = Server::spawn(self.command());
        assert!(eventually(PATIENCE, || server.is_ready()), "it is ready");
        server
    }

    /// The server that comes after the crash, and what is to be told of it.
    fn round(&mut self, round: u64, server: Server) -> (Server, String) {
        self.probe(round, &server);
        let ledger = self.folder.path().join(format!("{}.ledger", round % 2));
        let seed = self.dice.below(u64::MAX);
        let stored = server.metric("traced_spans_stored_total");
        let emitter = emit(&server.url, &ledger, seed);
        let has_begun = || server.metric("traced_spans_stored_total") > stored;
        assert!(eventually(PATIENCE, has_begun), "spans arrive");
        let life = self.dice.millis(LIFE_MILLIS_MAX);
        std::thread::sleep(life);
        server.kill();

        let (server, starts, ready) = self.start_again();
        let emitted = emitter.wait_with_output().expect("it ends");
        let said = text(&emitted.stdout);
        assert_eq!(emitted.status.code(), Some(0), "{said}{}", text(&emitted.stderr));
        let counts = said.lines().find(|line| line.contains("acked=")).expect("a line of counts");
        let report = format!(
            "round {round}: killed after {} ms, ready in {:.1} ms at start {starts}, {} segments; {counts}",
            life.as_millis(),
            ready.as_secs_f64() * 1e3,
            server.metric("traced_segments"),
        );
        self.repeat_probes(&server);
        verify(&server.url, &ledger);
        if let Some(last) = self.last_ledger.replace(ledger) {
            verify(&server.url, &last);
        }
        assert!(server.metric("traced_damaged_files_total") < 1.0, "no file is damaged");
        (server, report)
    }

    /// Some starts are killed, too. Which start was the last, and how long it took until it was ready.
    fn start_again(&mut self) -> (Server, u32, Duration) {
        let mut starts = 1;
        while self.dice.below(SECOND_KILL_PARTS) == 0 {
            let mut command = self.command();
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
            std::thread::sleep(self.dice.millis(START_MILLIS_MAX));
            child.kill().expect("it runs");
            child.wait().expect("it ends");
            starts += 1;
        }
        let began = Instant::now();
        let server = self.start();
        (server, starts, began.elapsed())
    }

    /// Sends a trace that the test itself knows.
    fn probe(&mut self, round: u64, server: &Server) {
        let trace = uuid((u128::from(self.dice.below(u64::MAX)) << 64) | u128::from(round + 1));
        let now = SystemClock.now().0;
        let span = |place: u128| {
            let parent =
                if place > 0 { format!("\"parent_span_id\":\"{}\",", uuid(1)) } else { String::new() };
            format!(
                "{{\"trace_id\":\"{trace}\",\"span_id\":\"{}\",{parent}\"service\":\"probe\",\"operation\":\"o\",\"start_time\":{now},\"end_time\":{now},\"status\":\"ok\"}}",
                uuid(place + 1)
            )
        };
        let body = format!("{{\"spans\":[{},{},{}]}}", span(0), span(1), span(2));
        let (status, said) = server.ask("POST", "/spans", &body);
        assert_eq!(status, 202, "{said}");
        self.probes.push(Probe { path: format!("/traces/{trace}"), body, start_nanos: now });
        if self.probes.len() > PROBES_KEPT {
            self.probes.remove(0);
        }
    }

    /// What is sent again is known, and changes nothing.
    fn repeat_probes(&self, server: &Server) {
        // What is about to leave the window may leave it in between.
        let is_inside = |probe: &&Probe| SystemClock.now().0 - probe.start_nanos < PROBE_NANOS_MAX;
        for probe in self.probes.iter().filter(is_inside) {
            let (status, before) = server.ask("GET", &probe.path, "");
            assert_eq!((status, before.matches("\"span_id\"").count()), (200, 3), "{before}");
            let repeated = server.metric("traced_spans_repeated_total");
            assert_eq!(server.ask("POST", "/spans", &probe.body).0, 202);
            let counted = server.metric("traced_spans_repeated_total") - repeated;
            assert!((counted - PROBE_SPANS).abs() < 0.5, "{counted} spans of {} are repeated", probe.path);
            assert_eq!(server.ask("GET", &probe.path, "").1, before);
        }
    }
}

fn uuid(number: u128) -> String {
    let text = format!("{number:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| text.get(part).expect("it is that long"));
    parts.join("-")
}

/// As much as the machine can do, beyond the crash and a little longer.
fn emit(url: &str, ledger: &std::path::Path, seed: u64) -> Child {
    let ledger = ledger.to_str().expect("a path of text");
    let seed = seed.to_string();
    let how = ["--workers", "8", "--rate", "1000", "--batch-size", "100", "--repeat-prob", "0.05"];
    let what = ["--duration", "2s", "--seed", &seed, "--ledger", ledger, "--verify", "false"];
    let mut command = traced(&[&["emit", "--target-url", url][..], &how, &what].concat(), &[]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
}

fn verify(url: &str, ledger: &std::path::Path) {
    let ledger = ledger.to_str().expect("a path of text");
    let window = ["--window-minutes", WINDOW_MINUTES, "--details", "1000"];
    let verified = output(&[&["verify", "--target-url", url, "--ledger", ledger][..], &window].concat(), &[]);
    assert_eq!(verified.status.code(), Some(0), "{}{}", text(&verified.stdout), text(&verified.stderr));
}
