//! Limits of file sizes, and notes that no file may have.

use crate::{check_none, ends_with, read, root, tracked};

/// Limit: a file has one subject; in code that reads well, nine of ten files are shorter.
const LINES_MAX: usize = 400;
/// Limit: a larger file is data, which does not belong into the history.
const BLOB_BYTES_MAX: u64 = 256 * 1024;

/// Files that may be longer than `LINES_MAX`, each with its reason.
const LONG_FILES: [(&str, &str); 0] = [];

#[test]
fn source_files_are_short() {
    let paths = tracked();
    let sources =
        paths.iter().filter(|path| ends_with(path, &["rs", "js", "mjs", "css", "ts", "tsx", "py", "sh"]));
    let lengths = sources.map(|path| (path, read(path).lines().count()));
    let offenders: Vec<String> = lengths
        .filter(|(path, lines)| *lines > LINES_MAX && !LONG_FILES.iter().any(|(long, _)| long == path))
        .map(|(path, lines)| format!("{path}: {lines} lines"))
        .collect();
    check_none("a source file has at most 400 lines", &offenders);
}

#[test]
fn the_list_of_long_files_holds_no_file_without_need() {
    let offenders: Vec<String> = LONG_FILES
        .iter()
        .filter(|(path, _)| !root().join(path).exists() || read(path).lines().count() <= LINES_MAX)
        .map(|(path, _)| (*path).to_owned())
        .collect();
    check_none("these are short enough now", &offenders);
}

#[test]
fn no_large_blob_is_tracked() {
    let offenders: Vec<String> = tracked()
        .into_iter()
        .filter(|path| root().join(path).metadata().is_ok_and(|file| file.len() > BLOB_BYTES_MAX))
        .collect();
    check_none("a tracked file has at most 256 KiB", &offenders);
}

#[test]
fn notes_to_do_name_an_issue_and_no_test_is_skipped() {
    let mut offenders = Vec::new();
    for path in tracked().iter().filter(|path| is_checked_for_notes(path)) {
        for (number, line) in read(path).lines().enumerate() {
            if is_open_note(line) {
                offenders.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    check_none("FIXME never, a note to do only as TODO(#1), no ignored test", &offenders);
}

/// Every text file but this one, which has to name what it looks for.
fn is_checked_for_notes(path: &str) -> bool {
    let kinds = ["rs", "js", "mjs", "css", "ts", "tsx", "md", "toml", "yaml", "yml", "py", "sh", "html"];
    !path.ends_with("tidy/tests/repository/files.rs") && (ends_with(path, &kinds) || path == "Makefile")
}

fn is_open_note(line: &str) -> bool {
    let has_bare_todo = line.match_indices("TODO").any(|(at, word)| {
        let rest = line.get(at + word.len()..).unwrap_or_default();
        !rest.starts_with("(#")
    });
    has_bare_todo || line.contains("FIXME") || line.contains("#[ignore")
}

#[test]
fn open_notes_are_recognised() {
    assert!(is_open_note("// TODO: later") && is_open_note("FIXME") && is_open_note("#[ignore]"));
    assert!(!is_open_note("// TODO(#12): when the format changes") && !is_open_note("to do"));
}
