//! Variables that are set to nothing, as Compose passes `${NAME:-}`.

use std::collections::BTreeSet;

use crate::process::{Server, output, text, traced};

/// The variables that the help of a command names.
fn variables(command: &str) -> BTreeSet<String> {
    let help = text(&output(&[command, "--help"], &[]).stdout);
    let named = help.split("[env:").skip(1).filter_map(|rest| rest.trim_start().split_once('='));
    named.map(|(name, _)| name.to_owned()).collect()
}

fn empty(variables: &BTreeSet<String>) -> Vec<(&str, &str)> {
    variables.iter().map(|name| (name.as_str(), "")).collect()
}

#[test]
fn an_empty_variable_of_the_server_counts_as_unset() {
    let variables = variables("serve");
    assert!(variables.len() > 20, "{variables:?}");
    for first in [&[][..], &["serve"]] {
        let flags = ["--listen", "127.0.0.1:0", "--otlp-grpc", "off", "--otlp-http", "off", "--in-memory"];
        let server = Server::start(&[first, &flags].concat(), &empty(&variables));
        assert!(server.first_line.ends_with("keeps the last 30m\n"), "{}", server.first_line);
        let (_, health) = server.ask("GET", "/health", "");
        for default in ["\"requested_seconds\":1800.0", "\"memory_bytes_max\":2147483648"] {
            assert!(health.contains(default), "{default} in {health}");
        }
    }
}

#[test]
fn an_empty_variable_allows_every_origin_and_a_star_does_too() {
    for (flags, variables) in [
        (&[][..], &[("TRACED_CORS_ORIGIN", "")][..]),
        (&["--cors-origin", "*"], &[]),
        (&[], &[("TRACED_CORS_ORIGIN", "https://shop.example,*")]),
    ] {
        let flags = [&["--listen", "127.0.0.1:0", "--in-memory"], flags].concat();
        let server = Server::start(&flags, variables);
        let head = server.head("/health", "origin: https://page.example");
        assert!(head.contains("access-control-allow-origin: *"), "{flags:?} {variables:?}: {head}");
    }
}

#[test]
fn an_empty_variable_names_no_folder() {
    let folder = crate::process::folder();
    let mut command = traced(&["--listen", "127.0.0.1:0"], &[("TRACED_DATA_DIR", "")]);
    command.current_dir(folder.path());
    let server = Server::spawn(command);
    assert!(server.is_ready());
    assert!(folder.path().join("traced-data").is_dir(), "the default is taken");
}

#[test]
fn empty_variables_of_emit_and_verify_count_as_unset() {
    let folder = crate::process::folder();
    let ledger = folder.path().join("ledger");
    let ledger = ledger.to_str().expect("a path of text");
    let server = Server::start(&["--listen", "127.0.0.1:0", "--in-memory"], &[]);
    for (command, flags) in [
        ("emit", &["--duration", "1s", "--workers", "1", "--ledger", ledger][..]),
        ("verify", &["--ledger", ledger]),
    ] {
        let variables = variables(command);
        assert!(variables.contains("WINDOW_MINUTES") && variables.contains("ALLOW_OTHERS"), "{variables:?}");
        let flags = [&[command, "--target-url", &server.url], flags].concat();
        let output = output(&flags, &empty(&variables));
        assert!(output.status.success(), "{command}: {}", text(&output.stderr));
    }
    // Where no flag names it either, an empty variable names no file.
    let output = output(&["verify"], &[("LEDGER", "")]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("--ledger <FILE>"), "{}", text(&output.stderr));
}
