//! Checks what Markdown files say about the repository: paths exist, and documents keep their limits.

use std::path::{Component, Path, PathBuf};
use std::process::Command;

use crate::{check_none, ends_with, read, root, tracked};

/// Limit: trade-offs are read in one sitting.
const TRADEOFFS_WORDS_MAX: usize = 1000;
/// Limit: nobody reads a map that is too long.
const ARCHITECTURE_LINES_MAX: usize = 300;

/// Endings of files that a document may name without a folder.
const ENDINGS: [&str; 13] =
    ["rs", "md", "toml", "yaml", "yml", "js", "css", "html", "sh", "py", "lock", "txt", "json"];

#[test]
fn paths_in_documents_exist() {
    let paths = tracked();
    let mut offenders = Vec::new();
    for document in paths.iter().filter(|path| ends_with(path, &["md"])) {
        let text = read(document);
        let missing = mentioned(&text).into_iter().filter(|path| !exists(document, path, &paths));
        offenders.extend(missing.map(|path| format!("{document}: {path}")));
    }
    check_none("a path in a document exists", &offenders);
}

#[test]
fn tradeoffs_are_short() {
    let Some(path) = tracked().into_iter().find(|path| path.ends_with("TRADEOFFS.md")) else {
        return;
    };
    let words = read(&path).split_whitespace().count();
    assert!(words <= TRADEOFFS_WORDS_MAX, "{path} has {words} words");
}

#[test]
fn the_architecture_is_short_and_names_every_crate() {
    let text = read("ARCHITECTURE.md");
    let lines = text.lines().count();
    assert!(lines <= ARCHITECTURE_LINES_MAX, "ARCHITECTURE.md has {lines} lines");
    let paths = tracked();
    let manifests = paths.iter().filter_map(|path| path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml"));
    let offenders: Vec<String> =
        manifests.filter(|name| !text.contains(&format!("`crates/{name}`"))).map(str::to_owned).collect();
    check_none("the map in ARCHITECTURE.md has every crate", &offenders);
}

#[test]
fn no_document_names_a_place_outside_the_repository() {
    // Written in two parts, so that this file does not name them itself.
    let absolute = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
    let mut offenders = Vec::new();
    for path in tracked() {
        let text = read(&path);
        offenders.extend(
            absolute.iter().filter(|place| text.contains(**place)).map(|place| format!("{path}: {place}")),
        );
    }
    check_none("no file names a folder of one machine", &offenders);
}

/// The paths of the repository that a text mentions, in backticks or as targets of links. Fenced blocks have commands
/// and pictures, so they do not count.
pub(crate) fn mentioned(text: &str) -> Vec<String> {
    let mut prose = String::new();
    let mut is_fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
        } else if !is_fenced {
            prose.push_str(line);
            prose.push('\n');
        }
    }
    let quoted = prose.split('`').skip(1).step_by(2).filter(|text| is_path(text)).map(str::to_owned);
    let targets = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let links = targets.filter(|target| !target.contains("://") && !target.starts_with(['#', '/']));
    let links = links.map(|target| target.split('#').next().unwrap_or_default().to_owned());
    quoted.chain(links.filter(|link| !link.is_empty())).collect()
}

/// Whether it is a path from the root, such as `crates/span` or `deny.toml`, and not a route, a command or a pattern.
fn is_path(text: &str) -> bool {
    let is_plain = text.chars().all(|char| char.is_ascii_alphanumeric() || "._-/".contains(char));
    let starts_inside =
        text.split_once('/').is_some_and(|(first, _)| root().join(first).is_dir() && !first.is_empty());
    is_plain && (starts_inside || (!text.contains('/') && ends_with(text, &ENDINGS)))
}

/// Whether git has the path, from the root or from the document's folder; a bare name may be anywhere. Files of this
/// checkout that git does not have would be missing in the next one. Ignored files count, because a command makes them.
fn exists(document: &str, path: &str, tracked: &[String]) -> bool {
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_named = !path.contains('/') && tracked.iter().any(|file| file.ends_with(&format!("/{path}")));
    let places = [normal(Path::new(path)), normal(&Path::new(folder).join(path))];
    is_named || places.iter().any(|place| is_tracked(place, tracked) || is_ignored(place))
}

/// Whether git has the file, or a file in the folder.
fn is_tracked(place: &Path, tracked: &[String]) -> bool {
    tracked.iter().any(|file| Path::new(file).starts_with(place))
}

fn is_ignored(place: &Path) -> bool {
    let status =
        Command::new("git").args(["check-ignore", "--quiet", "--"]).arg(place).current_dir(root()).status();
    status.expect("git runs").success()
}

/// The path without `.` and `..`, which git's names do not have.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(normal.pop()),
            Component::Normal(name) => normal.push(name),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    normal
}

#[test]
fn a_path_exists_by_what_git_knows_and_not_by_what_lies_here() {
    let tracked = ["docs/wal-format.md".to_owned(), "dashboard/README.md".to_owned()];
    for path in ["docs/wal-format.md", "docs", "wal-format.md", "../docs/wal-format.md", "target/debug"] {
        assert!(exists("dashboard/README.md", path, &tracked), "{path}");
    }
    for path in ["Cargo.toml", "docs/none.md", "none.md", "dashboard/none/README.md"] {
        assert!(!exists("dashboard/README.md", path, &tracked), "{path}");
    }
}

#[test]
fn paths_are_told_from_routes_and_commands() {
    let text = "See `crates/span`, `deny.toml`, [x](docs/y.md#z), `/traces`, `GET /spans`, `make test`, `a.b`, \
                [w](https://example.org/q.md)\n```\n`crates/none`\n```\n";
    assert_eq!(mentioned(text), ["crates/span", "deny.toml", "docs/y.md"]);
}
