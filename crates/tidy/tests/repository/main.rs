//! Checks the repository against its own rules. A failure lists all offenders.
#![expect(clippy::disallowed_methods, reason = "these tests read the repository, not the product's data")]

mod circles;
mod documents;
mod files;
mod glossary;
mod graph;
mod prose;
mod sources;

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the workspace is two folders up")
}

/// Every file that git tracks and that is still there, by its path from the root.
fn tracked() -> Vec<String> {
    let listing = run("git", &["ls-files", "-z"]);
    let paths = listing.split('\0').filter(|path| !path.is_empty());
    let paths: Vec<String> = paths.filter(|path| root().join(path).is_file()).map(str::to_owned).collect();
    assert!(!paths.is_empty(), "git tracks no file here");
    paths
}

fn read(path: &str) -> String {
    let bytes = std::fs::read(root().join(path)).expect("a tracked file can be read");
    String::from_utf8_lossy(&bytes).into_owned()
}

fn read_if_there(path: &str) -> Option<String> {
    root().join(path).is_file().then(|| read(path))
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(root()).output();
    let output = output.unwrap_or_else(|error| panic!("{program} cannot run: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {errors}");
    String::from_utf8(output.stdout).expect("the output is UTF-8")
}

fn ends_with(path: &str, endings: &[&str]) -> bool {
    let ending = Path::new(path).extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| endings.contains(&ending))
}

/// Fails with all offenders, one a line.
fn check_none(rule: &str, offenders: &[String]) {
    assert!(offenders.is_empty(), "{rule}:\n  {}", offenders.join("\n  "));
}
