//! The command `emit`: workers send generated traces, and a ledger records which spans were acknowledged.

mod args;
mod batch;
mod encode;
mod progress;
mod report;
mod schedule;
mod worker;

use std::convert::Infallible;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use platform::Clock;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

pub use args::EmitArgs;
pub(crate) use batch::{Batcher, TraceNumbers};
pub(crate) use encode::status_word;

use crate::client::Client;
use crate::error::{LoadError, Verdict};
use crate::generate::ROOT_NANOS_MAX;
use crate::ledger::{self, Ledger};
use crate::random::Random;
use crate::verify;
use progress::Progress;
use report::{Report, Run};
use schedule::Schedule;
use worker::Worker;

/// The first numbers of the random streams for schedules and for repeats. They are far above the numbers of the
/// streams that draw traces, which begin at 0.
const SCHEDULE_STREAM: u64 = 1 << 40;
const REPEAT_STREAM: u64 = 1 << 41;

/// Sends for the given time or until Ctrl-C, then prints a summary, and verifies if the options say so.
pub async fn emit(
    args: &EmitArgs,
    clock: &Arc<dyn Clock>,
    out: &mut (dyn Write + Send),
) -> Result<Verdict, LoadError> {
    let seed = args.seed.unwrap_or_else(rand::random);
    let client = Client::new(&args.target.target_url);
    verify::await_health(&client).await?;
    writeln!(out, "emit: {} for {:?}, seed={seed}", client.target(), args.duration)?;

    let (ledger, report, took) = run(args, seed, &client, clock).await;
    let requests_per_sec = f64::from(args.workers) * args.rate_per_worker;
    report.print(&Run { seed, requests_per_sec, took }, out)?;
    if let Some(path) = &args.ledger {
        ledger::write(path, &ledger)?;
    }
    let verdict = report.verdict();
    if !args.verify {
        return Ok(verdict);
    }
    let verified = verify::verify_ledger(ledger, &args.target, &args.check, clock, out).await?;
    Ok(verdict.and(verified))
}

async fn run(
    args: &EmitArgs,
    seed: u64,
    client: &Client,
    clock: &Arc<dyn Clock>,
) -> (Ledger, Report, Duration) {
    // Traces of an earlier run start before the floor and those of this run after it, so that neither is taken for
    // the other's. The first traces must have ended when they are sent, so the run waits for as long as a root may
    // take.
    let floor = clock.now();
    sleep(Duration::from_nanos(ROOT_NANOS_MAX)).await;

    let numbers = TraceNumbers::default();
    let progress = Progress::default();
    let (stopper, stop) = watch::channel(false);
    let worker = |number: u16| Worker {
        client: client.clone(),
        clock: Arc::clone(clock),
        batcher: Batcher::new(seed, args.out_of_order_prob, &numbers, floor),
        schedule: Schedule::new(Random::new(seed, SCHEDULE_STREAM + u64::from(number)), args.rate_per_worker),
        random: Random::new(seed, REPEAT_STREAM + u64::from(number)),
        batch_spans_max: args.batch_size.into(),
        repeat_probability: args.repeat_prob,
        progress: &progress,
        report: Report::new(),
        stop: stop.clone(),
    };
    let started = Instant::now();
    let workers =
        join_all((0..args.workers).map(|number| worker(number).run(started, started + args.duration)));
    let ended = tokio::select! {
        ended = workers => ended,
        never = progress.show(args.duration) => match never {},
        // The signal only stops the workers; `workers` above then ends the run.
        never = stop_on_signal(&stopper) => match never {},
    };
    let took = started.elapsed();

    let mut ledger = Ledger { seed, entries: Vec::new() };
    let mut report = Report::new();
    for worker in ended {
        ledger.entries.extend(worker.batcher.entries);
        report.add(worker.report);
    }
    (ledger, report, took)
}

/// Tells the workers to stop on Ctrl-C. What was acknowledged until then is still verified.
async fn stop_on_signal(stopper: &watch::Sender<bool>) -> Infallible {
    if tokio::signal::ctrl_c().await.is_ok() {
        stopper.send_replace(true);
    }
    std::future::pending().await
}
