//! What one sees at the start, and what a wrong value is told.

use crate::process::{Server, folder, output, text};

const ANY_PORT: [&str; 2] = ["--listen", "127.0.0.1:0"];

#[test]
fn one_line_says_where_it_listens_and_how_far_back_it_keeps() {
    for (args, environment, window) in [
        (&[][..], &[("TRACED_LISTEN", "127.0.0.1:0")][..], "30m"),
        (&["serve", "--listen", "127.0.0.1:0", "--window", "90s"], &[("WINDOW_MINUTES", "7")], "1m 30s"),
        (&["--listen", "127.0.0.1:0"], &[("WINDOW_MINUTES", "0.05")], "3s"),
    ] {
        let server = Server::start(args, environment);
        let expected = format!("traced listens on {} and keeps the last {window}\n", server.url);
        assert_eq!(server.first_line, expected);
        server.signal("TERM");
        let (code, stderr) = server.wait();
        assert_eq!(code, Some(0));
        assert!(!stderr.contains("WARN"), "{stderr}");
    }
}

#[test]
fn it_says_when_others_can_reach_it() {
    let server = Server::start(&["--listen", "0.0.0.0:0"], &[]);
    server.signal("TERM");
    let (_, stderr) = server.wait();
    assert!(stderr.contains("everyone who reaches this address can read and write spans"), "{stderr}");
}

#[test]
fn help_names_flags_defaults_and_variables() {
    for (command, words) in [
        (
            "serve",
            &[
                "--listen",
                "TRACED_LISTEN",
                "localhost:8080",
                "localhost:4317",
                "WINDOW_MINUTES",
                "--memory",
                "--data-dir",
                "413",
                "503",
            ][..],
        ),
        (
            "emit",
            &[
                "--workers",
                "WORKERS",
                "[default: 20]",
                "--rate",
                "RATE_PER_WORKER",
                "--ledger",
                "--target]",
                "--window]",
                "--disorder]",
                "--batch]",
            ],
        ),
        ("verify", &["--ledger", "TARGET_URL", "--target]"]),
        ("bench", &["--floor", "--rounds", "--upkeep", "--fill", "--otlp", "--durability"]),
    ] {
        let help = text(&output(&[command, "--help"], &[]).stdout);
        for word in words {
            assert!(help.contains(word), "{command}: {word} in\n{help}");
        }
    }
}

#[test]
fn a_wrong_value_is_refused_with_what_would_be_right() {
    for (flag, value, sentence) in [
        ("--listen", "nonsense", "must be an address and a port"),
        ("--listen", "http://localhost:8080", "leave out the scheme"),
        ("--otlp-grpc", "4317,on", "several of these with commas between them; or off"),
        ("--cors-origin", "https://*.example.com", "or * for every origin"),
        ("--window", "0s", "must be a duration above zero with a unit"),
        ("--window", "30", "must be a duration above zero with a unit"),
        ("--window", "31days", "must be above zero and at most 30days"),
        ("--window-minutes", "abc", "must be a number of minutes above zero"),
        ("--memory", "1MiB", "must be at least 32 MiB"),
        ("--disk", "1MiB", "must be at least 64 MiB"),
        ("--durability", "paper", "invalid value"),
        ("--memory", "much", "must be a size above zero"),
        ("--body-bytes-max", "0", "must be a size above zero"),
        ("--header-timeout", "99999999999years", "must be at most 1year"),
        ("--base-path", "traced", "must be a path such as /traced"),
        ("--trusted-proxy", "proxy.example", "must be an address or a network"),
        ("--requests-max", "0", "must be a whole number above zero"),
        ("--connections-max", "0", "must be a whole number above zero"),
        ("--body-timeout", "0s", "must be a duration above zero with a unit"),
        ("--log", "loud", "invalid value"),
    ] {
        let output = output(&[flag, value], &[]);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{flag} {value}: {stderr}");
        assert!(stderr.contains(sentence) && stderr.contains(flag), "{flag} {value}: {stderr}");
    }
    let output = output(&ANY_PORT, &[("WINDOW_MINUTES", "-1")]);
    assert_eq!(output.status.code(), Some(2), "a variable is checked as a flag is");
}

#[test]
fn a_port_in_use_is_named() {
    let server = Server::start(&ANY_PORT, &[]);
    let address = server.url.trim_start_matches("http://");
    let output = output(&["--listen", address, "--in-memory"], &[]);
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr.contains(&format!("cannot listen on {address}")), "{stderr}");
    assert!(stderr.contains("name another address with --listen"), "{stderr}");
}

#[test]
fn memory_alone_and_a_folder_exclude_each_other() {
    for (flag, value) in [("--data-dir", "nowhere"), ("--durability", "os")] {
        let output = output(&["--in-memory", flag, value], &[]);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains("--in-memory") && stderr.contains(flag), "{stderr}");
        assert!(stderr.contains("cannot be used with"), "{stderr}");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test's own folder")]
fn a_flag_comes_before_a_variable_and_what_is_off_conflicts_with_nothing() {
    let folder = folder();
    let path = folder.path().to_str().expect("a path of text");
    let keeps = |args: &[&str], environment: &[(&str, &str)]| {
        let args = [&["serve", "--listen", "127.0.0.1:0"], args].concat();
        let server = Server::start(&[&args[..], &["--window", "1h"]].concat(), environment);
        server.signal("TERM");
        server.wait();
        let kept = folder.path().join("lock").exists();
        drop(std::fs::remove_file(folder.path().join("lock")));
        kept
    };
    let image = ("TRACED_DATA_DIR", path);
    assert!(!keeps(&["--in-memory"], &[image]), "the image's folder");
    assert!(!keeps(&["--in-memory"], &[image, ("TRACED_DURABILITY", "fsync")]));
    for off in ["false", "0", "off", ""] {
        assert!(keeps(&["--data-dir", path], &[("TRACED_IN_MEMORY", off)]), "{off:?}");
        assert!(keeps(&["--durability", "os", "--data-dir", path], &[("TRACED_IN_MEMORY", off)]), "{off:?}");
    }
    assert!(keeps(&["--data-dir", path], &[("TRACED_IN_MEMORY", "true")]), "the flag wins");
}

#[test]
fn a_folder_belongs_to_one_process() {
    let folder = folder();
    let path = folder.path().to_str().expect("a path of text");
    let args = ["--listen", "127.0.0.1:0", "--data-dir", path];
    let first = Server::start(&args, &[]);
    let second = output(&args, &[]);
    let stderr = text(&second.stderr);
    assert_eq!(second.status.code(), Some(1), "{stderr}");
    for words in [path, "another process", "--data-dir"] {
        assert!(stderr.contains(words), "{words} in\n{stderr}");
    }
    // The one that has it goes on, and leaves it to the next.
    assert!(first.is_ready());
    first.kill();
    assert!(Server::start(&args, &[]).is_ready());
}
