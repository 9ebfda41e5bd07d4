//! Checks which crate uses which.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{check_none, ends_with, read, run, tracked};

type Graph = BTreeMap<String, BTreeSet<String>>;

/// The crates of the engine, which have neither a runtime nor HTTP.
const SYNCHRONOUS: [&str; 4] = ["crates/hot/", "crates/wal/", "crates/segment/", "crates/store/"];
const ASYNCHRONOUS: [&str; 6] = ["tokio", "hyper", "hyper_util", "axum", "tower", "futures_util"];

#[test]
fn crates_use_each_other_as_the_architecture_says() {
    assert_eq!(built_graph(), printed_graph(), "left: cargo metadata, right: ARCHITECTURE.md");
}

#[test]
fn the_engine_knows_neither_http_nor_the_runtime() {
    let paths = tracked();
    let engine = paths.iter().filter(|path| SYNCHRONOUS.iter().any(|crate_| path.starts_with(crate_)));
    let mut offenders = Vec::new();
    for path in engine.filter(|path| ends_with(path, &["rs", "toml"])) {
        let text = read(path);
        let words: BTreeSet<&str> =
            text.split(|char: char| !(char.is_alphanumeric() || char == '_')).collect();
        offenders.extend(
            ASYNCHRONOUS.iter().filter(|name| words.contains(**name)).map(|name| format!("{path}: {name}")),
        );
    }
    check_none("crates of the engine are synchronous", &offenders);
}

/// The workspace's own normal dependencies, as cargo sees them.
fn built_graph() -> Graph {
    let arguments = ["metadata", "--no-deps", "--format-version=1", "--offline"];
    let metadata: Value = serde_json::from_str(&run(env!("CARGO"), &arguments)).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("a workspace has packages");
    let name_of = |package: &Value| package["name"].as_str().expect("a package has a name").to_owned();
    let ours: BTreeSet<String> = packages.iter().map(name_of).collect();
    let uses = |package: &Value| {
        let all = package["dependencies"].as_array().expect("a package lists its dependencies");
        // A normal dependency has no kind.
        all.iter()
            .filter(|one| one["kind"].is_null())
            .map(name_of)
            .filter(|name| ours.contains(name))
            .collect()
    };
    packages.iter().map(|package| (name_of(package), uses(package))).collect()
}

/// The lines `a -> b c` of the document.
fn printed_graph() -> Graph {
    let text = read("ARCHITECTURE.md");
    let lines = text.lines().filter_map(|line| line.split_once("->"));
    let graph: Graph = lines
        .map(|(user, used)| (user.trim().to_owned(), used.split_whitespace().map(str::to_owned).collect()))
        .collect();
    assert!(!graph.is_empty(), "ARCHITECTURE.md prints no graph");
    graph
}
