//! The parent process: starts a process for each store and phase, kills it to measure recovery, and prints the table.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};

type Findings = BTreeMap<String, f64>;

/// Title, key, decimals.
const COLUMNS: [(&str, &str, usize); 12] = [
    ("ingest, CPU µs/span", "ingest_us", 2),
    ("of it before the ack", "ack_us", 2),
    ("disk B/span", "bytes", 1),
    ("peak RSS MiB", "rss_mib", 0),
    ("expiry, CPU µs/expired span", "expire_us", 3),
    ("disk B/kept span after", "bytes_after", 1),
    ("reopen ms", "reopen_ms", 0),
    ("reopen CPU ms", "reopen_cpu_ms", 0),
    ("list p50 µs", "list_p50_us", 0),
    ("list p99 µs", "list_p99_us", 0),
    ("detail p50 µs", "detail_p50_us", 1),
    ("detail p99 µs", "detail_p99_us", 1),
];

pub(crate) fn all(names: &[&str], spans: u64) -> ExitCode {
    let table = names.iter().map(|name| ((*name).to_owned(), measure(name, spans)));
    let table: Vec<(String, Findings)> = table.collect();
    let titles: Vec<&str> = table.iter().map(|(name, _)| name.as_str()).collect();
    say(&format!("\n{spans} spans\n\n| | {} |\n|{}", titles.join(" | "), " --- |".repeat(table.len() + 1)));
    for (title, key, decimals) in COLUMNS {
        let cell = |findings: &Findings| {
            findings.get(key).map_or_else(|| "–".to_owned(), |value| format!("{value:.decimals$}"))
        };
        let cells: Vec<String> = table.iter().map(|(_, findings)| cell(findings)).collect();
        say(&format!("| {title} | {} |", cells.join(" | ")));
    }
    let failed = table.iter().any(|(_, findings)| findings.is_empty());
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

pub(crate) fn say(line: &str) {
    writeln!(std::io::stdout(), "{line}").expect("somebody reads");
}

/// Runs the phases of a store; `layout` keeps nothing, so it has only one.
fn measure(name: &str, spans: u64) -> Findings {
    let folder = std::env::temp_dir().join(format!("traced-baseline-{}-{name}", std::process::id()));
    let run = |phase| in_fresh_folder(&folder, || finish(start(phase, name, &folder, spans)));
    let findings = match name {
        "layout" => run("bare"),
        _ => {
            let mut findings = run("full");
            findings.extend(in_fresh_folder(&folder, || {
                kill_when_acknowledged(start("crash", name, &folder, spans));
                finish(start("reopen", name, &folder, spans))
            }));
            findings
        }
    };
    say(&format!("{name}: {findings:.3?}"));
    findings
}

fn in_fresh_folder<T>(folder: &Path, work: impl FnOnce() -> T) -> T {
    fs::create_dir_all(folder).expect("the temporary folder takes one more");
    let result = work();
    fs::remove_dir_all(folder).expect("what was made can be removed");
    result
}

fn start(phase: &str, name: &str, folder: &Path, spans: u64) -> Child {
    let program = std::env::current_exe().expect("this program has a path");
    let arguments = ["child", phase, name];
    let mut command = Command::new(program);
    command.args(arguments).arg(folder).arg(spans.to_string()).stdout(Stdio::piped());
    command.spawn().expect("this program starts again")
}

fn lines(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    let out = child.stdout.take().expect("it was asked for");
    BufReader::new(out).lines().map_while(Result::ok)
}

fn finish(mut child: Child) -> Findings {
    let lines = lines(&mut child);
    let findings = lines.filter_map(|line| {
        let (key, value) = line.split_once('=')?;
        Some((key.to_owned(), value.parse().ok()?))
    });
    let findings = findings.collect();
    let status = child.wait().expect("a child ends");
    assert!(status.success(), "the store did not keep its promise: {status}");
    findings
}

/// Kills with SIGKILL, after which the process does nothing more.
fn kill_when_acknowledged(mut child: Child) {
    let acknowledged = lines(&mut child).any(|line| line.starts_with("acknowledged"));
    assert!(acknowledged, "the store took all batches");
    child.kill().expect("it waits for this");
    child.wait().expect("a killed child ends");
}
