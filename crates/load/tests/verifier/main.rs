//! `emit` and `verify` against a fake server in this process, which is honest, refuses requests, or lies.

#![expect(clippy::unwrap_used, reason = "all of this crate is a test")]

mod fake;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Parser;
use load::{EmitArgs, LoadError, Verdict, VerifyArgs, emit, verify};
use platform::{Clock, Reading, SystemClock};

use fake::lie::Lie;
use fake::{Fake, Mood};

#[derive(Parser)]
struct EmitLine {
    #[command(flatten)]
    args: EmitArgs,
}

#[derive(Parser)]
struct VerifyLine {
    #[command(flatten)]
    args: VerifyArgs,
}

/// A clock that is ahead by a fixed time.
struct Ahead(i64);

impl Clock for Ahead {
    fn read(&self) -> Reading {
        let reading = SystemClock.read();
        Reading { wall: reading.wall.saturating_add(self.0), ..reading }
    }
}

type Ended = (Result<Verdict, LoadError>, String);

async fn emit_to(fake: &Fake, ledger: &Path, more: &[&str]) -> Ended {
    let target = format!("--target-url=http://{}", fake.address);
    let ledger = format!("--ledger={}", ledger.display());
    let line = ["emit", &target, &ledger, "--batch-size=7", "--out-of-order-prob=0.5"];
    let line = EmitLine::parse_from(line.iter().chain(more));
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let mut out = Vec::new();
    let verdict = emit(&line.args, &clock, &mut out).await;
    (verdict, String::from_utf8(out).unwrap())
}

async fn verify_at(fake: &Fake, ledger: &Path, clock: Ahead, more: &[&str]) -> Ended {
    let target = format!("--target-url=http://{}", fake.address);
    let ledger = format!("--ledger={}", ledger.display());
    let line = VerifyLine::parse_from(["verify", &target, &ledger].iter().chain(more));
    let clock: Arc<dyn Clock> = Arc::new(clock);
    let mut out = Vec::new();
    let verdict = verify(&line.args, &clock, &mut out).await;
    (verdict, String::from_utf8(out).unwrap())
}

fn ledger_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.ledger", std::process::id()))
}

/// The number of a counter such as `missing=3` in the printed summary.
fn counter(out: &str, name: &str) -> u64 {
    let found = out.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    found.unwrap_or_else(|| panic!("no {name} in {out}")).parse().unwrap()
}

fn check_passed((verdict, out): &Ended) {
    assert_eq!(verdict.as_ref().unwrap(), &Verdict::Pass, "{out}");
    assert!(out.contains("PASS"), "{out}");
}

/// Every lie, and the counter that has to count it.
fn lies() -> Vec<(Lie, &'static str)> {
    let fields = |make: fn(&'static str) -> Lie, fields: &[&'static str], counter| {
        fields.iter().map(|field| (make(field), counter)).collect::<Vec<_>>()
    };
    let summary_fields =
        ["root_service", "root_operation", "span_count", "duration_ms", "start_time", "status"];
    let span_fields = ["trace_id", "span_id", "service", "operation", "start_time", "end_time", "status"];
    let mut lies = vec![
        (Lie::DropsATrace, "missing"),
        (Lie::InventsATrace, "invented"),
        (Lie::ListsRootless, "rootless_listed"),
        (Lie::UpperCaseIds, "summary_mismatches"),
        (Lie::CountsRepeats, "summary_mismatches"),
        (Lie::OldestFirst, "order_errors"),
        (Lie::TiesTheOtherWay, "order_errors"),
        (Lie::ListsTwice, "order_errors"),
        (Lie::TotalTooLarge, "total_errors"),
        (Lie::TotalTooSmall, "total_errors"),
        (Lie::TotalOfThePage, "total_errors"),
        (Lie::AfterExclusive, "range_errors"),
        (Lie::BeforeInclusive, "range_errors"),
        (Lie::IgnoresAfter, "range_errors"),
        (Lie::IgnoresBefore, "range_errors"),
        (Lie::ShortPages, "total_errors"),
        (Lie::DefaultLimitOfTen, "total_errors"),
        (Lie::HidesATrace, "span_mismatches"),
        (Lie::LosesASpan, "span_mismatches"),
        (Lie::InventsASpan, "span_mismatches"),
        (Lie::RepeatsASpan, "span_mismatches"),
        (Lie::LastRepeatWins, "span_mismatches"),
        (Lie::ChangesATag, "span_mismatches"),
        (Lie::AddsATag, "span_mismatches"),
        (Lie::LosesTags, "span_mismatches"),
        (Lie::LosesTheParent, "span_mismatches"),
        (Lie::GivesTheRootAParent, "span_mismatches"),
        (Lie::WrongTraceIdOfDetail, "span_mismatches"),
        (Lie::SpansBackwards, "order_errors"),
        (Lie::UnknownIsEmpty, "rule_errors"),
        (Lie::BadIdIsUnknown, "rule_errors"),
        (Lie::UpperCaseIsRefused, "rule_errors"),
        (Lie::BadParametersAccepted, "rule_errors"),
        (Lie::BadBatchAccepted, "rule_errors"),
        (Lie::SilentRefusal, "rule_errors"),
        (Lie::PlacelessRefusal, "rule_errors"),
        (Lie::HealthIsOdd, "rule_errors"),
        (Lie::StoresHalfABatch, "rule_errors"),
    ];
    lies.extend(fields(Lie::Summary, &summary_fields, "summary_mismatches"));
    lies.extend(fields(Lie::Span, &span_fields, "span_mismatches"));
    lies
}

/// Runs `emit` against a server that always refuses some requests, so that some traces have no root. Then the server
/// tells every lie, and before and after them the truth.
#[tokio::test]
async fn an_honest_server_passes_and_every_lie_is_named() {
    let fake = Fake::start(Mood::RefusesSome).await;
    let ledger = ledger_file("lies");
    let run = ["--workers=3", "--rate=150", "--duration=700ms", "--repeat-prob=0.3"];
    let emitted = emit_to(&fake, &ledger, &run).await;
    check_passed(&emitted);
    assert!(counter(&emitted.1, "refused") > 0, "{}", emitted.1);
    assert!(counter(&emitted.1, "repeats") > 0, "{}", emitted.1);
    assert!(counter(&emitted.1, "expected") > 100, "{}", emitted.1);
    assert_eq!(counter(&emitted.1, "expected"), counter(&emitted.1, "found"), "{}", emitted.1);

    check_passed(&verify_at(&fake, &ledger, Ahead(0), &["--details=all"]).await);
    for (lie, name) in lies() {
        fake.state.lock().unwrap().lie = lie;
        let (verdict, out) = verify_at(&fake, &ledger, Ahead(0), &["--details=all"]).await;
        assert_eq!(verdict.unwrap(), Verdict::Fail, "{lie:?}: {out}");
        assert!(out.contains("FAIL"), "{lie:?}: {out}");
        assert!(counter(&out, name) > 0, "{lie:?}: {out}");
    }
    fake.state.lock().unwrap().lie = Lie::None;
    check_passed(&verify_at(&fake, &ledger, Ahead(0), &["--details=10"]).await);
}

#[tokio::test]
async fn a_request_that_is_refused_once_loses_nothing() {
    let fake = Fake::start(Mood::RefusesOnce).await;
    let run = ["--workers=2", "--rate=50", "--duration=400ms"];
    let emitted = emit_to(&fake, &ledger_file("refusals"), &run).await;
    check_passed(&emitted);
    for name in ["refused", "rejected", "uncertain", "missing"] {
        assert_eq!(counter(&emitted.1, name), 0, "{}", emitted.1);
    }
    assert!(counter(&emitted.1, "expected") > 0, "{}", emitted.1);
    assert_eq!(counter(&emitted.1, "spans"), counter(&emitted.1, "acked"), "{}", emitted.1);
}

#[tokio::test]
async fn spans_sent_over_a_broken_connection_may_be_there_or_not() {
    let fake = Fake::start(Mood::Breaks).await;
    let run = ["--workers=12", "--rate=40", "--duration=400ms"];
    let emitted = emit_to(&fake, &ledger_file("breaks"), &run).await;
    check_passed(&emitted);
    assert!(counter(&emitted.1, "uncertain") > 0, "{}", emitted.1);
    assert!(counter(&emitted.1, "expected") > 0, "{}", emitted.1);
}

/// The clock of the verifier is ahead, so that the test need not wait: nothing has to be shown then, and nothing may be.
#[tokio::test]
async fn what_is_outside_the_window_has_to_be_gone() {
    const TWO_MINUTES: i64 = 120_000_000_000;
    let fake = Fake::start(Mood::Calm).await;
    let ledger = ledger_file("ages");
    let run = ["--workers=2", "--rate=50", "--duration=300ms", "--verify=false"];
    let (verdict, out) = emit_to(&fake, &ledger, &run).await;
    assert_eq!(verdict.unwrap(), Verdict::Pass, "{out}");

    let (verdict, out) = verify_at(&fake, &ledger, Ahead(TWO_MINUTES), &["--window-minutes=1"]).await;
    assert_eq!(verdict.unwrap(), Verdict::Fail, "{out}");
    assert!(counter(&out, "aged_shown") > 0, "{out}");

    let cutoff = SystemClock.now().saturating_add(TWO_MINUTES / 2);
    fake.state.lock().unwrap().model.move_cutoff(cutoff.0);
    let gone = verify_at(&fake, &ledger, Ahead(TWO_MINUTES), &["--window-minutes=1"]).await;
    check_passed(&gone);
    assert_eq!(counter(&gone.1, "expected"), 0, "{}", gone.1);
    let (_, out) = verify_at(&fake, &ledger, Ahead(0), &["--window-minutes=1"]).await;
    assert!(counter(&out, "missing") > 0, "{out}");
}

#[tokio::test]
async fn a_run_right_after_another_is_not_confused_by_it() {
    let fake = Fake::start(Mood::Calm).await;
    for seed in ["--seed=1", "--seed=2"] {
        let run = ["--workers=2", "--rate=50", "--duration=200ms", seed];
        check_passed(&emit_to(&fake, &ledger_file("runs"), &run).await);
    }
}

#[tokio::test]
async fn traces_of_others_are_accepted_only_if_asked_for() {
    let fake = Fake::start(Mood::Calm).await;
    let ledger = ledger_file("others");
    let run = ["--workers=2", "--rate=50", "--duration=300ms", "--verify=false"];
    let (verdict, out) = emit_to(&fake, &ledger, &run).await;
    assert_eq!(verdict.unwrap(), Verdict::Pass, "{out}");
    fake.state.lock().unwrap().lie = Lie::InventsATrace;
    let (verdict, out) = verify_at(&fake, &ledger, Ahead(0), &[]).await;
    assert_eq!(verdict.unwrap(), Verdict::Fail, "{out}");
    check_passed(&verify_at(&fake, &ledger, Ahead(0), &["--allow-others"]).await);
}

#[tokio::test]
async fn unusable_input_is_an_error_with_a_sentence() {
    let fake = Fake::start(Mood::Calm).await;
    let (verdict, _) = verify_at(&fake, &ledger_file("nowhere"), Ahead(0), &[]).await;
    assert!(verdict.unwrap_err().to_string().contains("cannot read the ledger"));

    let foreign = ledger_file("foreign");
    platform::file::write_whole(&foreign, b"something else, and long enough to be one").unwrap();
    let (verdict, _) = verify_at(&fake, &foreign, Ahead(0), &[]).await;
    assert!(verdict.unwrap_err().to_string().contains("is not a ledger"));
}

#[test]
fn wrong_options_are_refused_with_what_would_be_right() {
    for (wrong, part_of_sentence) in [
        ("--target-url=https://localhost", "http://host:port"),
        ("--workers=0", "1..=1000"),
        ("--duration=60", "for example 90s or 2m"),
        ("--duration=0s", "above 0"),
        ("--window-minutes=0", "minutes above 0"),
        ("--window-minutes=NaN", "minutes above 0"),
        ("--out-of-order-prob=1.5", "from 0 to 1"),
        ("--batch-size=501", "1..=500"),
        ("--rate=0", "above 0"),
        ("--repeat-prob=-1", "from 0 to 1"),
        ("--verify=perhaps", "true, false"),
        ("--details=many", "or all"),
    ] {
        let sentence = EmitLine::try_parse_from(["emit", wrong]).err().unwrap().to_string();
        assert!(sentence.contains(part_of_sentence), "{wrong}: {sentence}");
    }
    let good = ["emit", "--verify=false", "--window-minutes=0.05", "--duration=2m", "--details=all"];
    assert!(EmitLine::try_parse_from(good).is_ok());
}
