//! Emitter and verifier against the real server.

use std::path::PathBuf;

use crate::process::{Server, folder, output, text};

const ANY_PORT: [&str; 2] = ["--listen", "127.0.0.1:0"];

fn ledger(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.ledger", std::process::id()))
}

#[test]
fn what_was_acknowledged_is_there_and_a_lost_window_is_noticed() {
    let path = ledger("proof");
    let path = path.to_str().expect("a path of text");
    let server = Server::start(&ANY_PORT, &[]);
    let emit = ["emit", "--target-url", &server.url, "--duration", "3s", "--workers", "8", "--rate", "40"];
    let emitted = output(&[&emit[..], &["--out-of-order-prob", "0.5", "--ledger", path]].concat(), &[]);
    let said = text(&emitted.stdout);
    assert_eq!(emitted.status.code(), Some(0), "{said}{}", text(&emitted.stderr));
    for word in ["expected=", "found=", "missing=0", "span_mismatches=0", "PASS"] {
        assert!(said.contains(word), "{word} in\n{said}");
    }
    let verify =
        |url: &str| output(&["verify", "--target-url", url, "--ledger", path, "--details", "all"], &[]);
    let verified = verify(&server.url);
    assert_eq!(verified.status.code(), Some(0), "{}", text(&verified.stdout));

    drop(server);
    let restarted = Server::start(&ANY_PORT, &[]);
    // Its folder is another one.
    let lost = verify(&restarted.url);
    let said = text(&lost.stdout);
    assert_eq!(lost.status.code(), Some(1), "{said}");
    assert!(said.contains("FAIL") && said.contains("found=0"), "{said}");
}

#[test]
fn what_was_acknowledged_is_there_after_a_restart() {
    let folder = folder();
    let path = ledger("restart");
    let path = path.to_str().expect("a path of text");
    let data = folder.path().to_str().expect("a path of text");
    for durability in ["os", "fsync"] {
        let args = ["--listen", "127.0.0.1:0", "--data-dir", data, "--durability", durability];
        let server = Server::start(&args, &[]);
        let emit = ["emit", "--target-url", &server.url, "--duration", "1s", "--verify", "false"];
        let emitted =
            output(&[&emit[..], &["--workers", "8", "--rate", "40", "--ledger", path]].concat(), &[]);
        assert_eq!(emitted.status.code(), Some(0), "{}", text(&emitted.stderr));
        server.signal("TERM");
        let (code, stderr) = server.wait();
        assert_eq!(code, Some(0), "{stderr}");

        let restarted = Server::start(&args, &[]);
        let verify = ["verify", "--target-url", &restarted.url, "--ledger", path, "--details", "all"];
        let verified = output(&verify, &[]);
        assert_eq!(verified.status.code(), Some(0), "{durability}:\n{}", text(&verified.stdout));
        assert!(text(&verified.stdout).contains("PASS"));
    }
}

#[test]
fn without_a_server_the_emitter_says_so() {
    let emitted = output(&["emit", "--target-url", "http://127.0.0.1:9", "--duration", "1s"], &[]);
    assert_eq!(emitted.status.code(), Some(2));
    assert!(text(&emitted.stderr).contains("no server is ready"), "{}", text(&emitted.stderr));
}
