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

/// The example of the file that make and Compose read, with all its lines in effect.
fn example() -> String {
    include_str!("../../../../.env.example").replace("\n#", "\n")
}

fn settings(file: &str) -> Vec<(&str, &str)> {
    let settings = file.lines().filter_map(|line| line.split_once('='));
    settings.filter(|(name, _)| !name.contains(' ')).collect()
}

#[test]
fn the_example_of_the_file_shows_settings_that_work() {
    let example = example();
    let settings = settings(&example);
    let known = &variables("serve") | &variables("emit");
    for (name, _) in settings.iter().filter(|(name, _)| *name != "PORT") {
        assert!(known.contains(*name), "{name} is a setting");
    }
    let folder = crate::process::folder();
    let flags = ["--listen", "127.0.0.1:0", "--otlp-grpc", "off", "--otlp-http", "off"];
    let mut command = traced(&flags, &settings);
    command.current_dir(folder.path());
    let server = Server::spawn(command);
    assert!(server.is_ready());
    let flags = ["emit", "--target", &server.url, "--duration", "1s", "--workers", "1", "--disorder", "1"];
    let output = output(&[&flags[..], &["--batch", "3", "--window", "30m"]].concat(), &settings);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn compose_passes_what_the_example_has_for_containers() {
    let compose = include_str!("../../../../compose.yaml");
    let example = example();
    let known = settings(&example);
    let passed: Vec<_> = compose.split("${").skip(1).filter_map(|rest| rest.split_once(":-")).collect();
    assert!(passed.len() > 5, "{passed:?}");
    for (name, _) in passed {
        assert!(known.iter().any(|(known, _)| *known == name), "{name} is in the example");
    }
}

/// What a program of `make run` has in its environment.
fn environment_of_make_run(file: &str, environment: &[(&str, &str)]) -> String {
    let folder = crate::process::folder();
    let path = folder.path().join("settings");
    platform::file::write_whole(&path, file.as_bytes()).expect("room for a file");
    let mut make = std::process::Command::new("make");
    make.env_clear().env("PATH", std::env::var_os("PATH").expect("a path")).envs(environment.iter().copied());
    make.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    // Builds nothing, and runs `env` in place of the program.
    make.args(["--old-file=build", "run", "TRACED=env #"]).arg(format!("ENV_FILE={}", path.display()));
    let output = make.output().expect("make starts");
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn make_reads_the_file_and_a_variable_of_the_environment_beats_it() {
    let file = "# a comment\nPORT=9000\nWINDOW_MINUTES=\"5\"\nTRACED_CORS_ORIGIN=https://a.example,https://b.example\n";
    let from_file = environment_of_make_run(file, &[]);
    let both = environment_of_make_run(file, &[("WINDOW_MINUTES", "7"), ("PORT", "")]);
    for (environment, lines) in [
        (from_file, ["TRACED_LISTEN=localhost:9000", "TARGET_URL=http://localhost:9000", "WINDOW_MINUTES=5"]),
        (both, ["TRACED_LISTEN=localhost:8080", "TARGET_URL=http://localhost:8080", "WINDOW_MINUTES=7"]),
    ] {
        for line in lines.into_iter().chain(["TRACED_CORS_ORIGIN=https://a.example,https://b.example"]) {
            assert!(environment.lines().any(|found| found == line), "{line} in\n{environment}");
        }
    }
}
