//! Measures latencies with and without maintenance (sealing, merging, eviction), at a constant rate below saturation.
//!
//! Two kinds of servers take turns. The first has a window of a day and generations of 16 MiB, so at some times it
//! seals a large generation and at others it does nothing; its metrics, which are read often, show which. The second
//! has a short window, so it seals, merges and evicts small generations all the time. Every turn begins with a new
//! server.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

use super::context::{Bench, LONG_WINDOW};
use super::format::{millions, print_columns};
use super::process::ServerProcess;
use super::samples::{Sample, Samples};
use super::traffic::{Reads, Traffic, Workload};
use crate::emit::TraceNumbers;
use crate::error::LoadError;

const BATCH: u16 = 100;
/// How often the metrics are read.
const LOOK_PERIOD: Duration = Duration::from_millis(20);

/// A generation is an eighth of the memory: too large to be merged, and full every few seconds at the default rate.
const LARGE_ARGS: [&str; 2] = ["--memory", "128MiB"];

/// The size of a server's generations.
#[derive(Clone, Copy, PartialEq, Eq)]
enum GenerationSize {
    Large,
    Small,
}

#[derive(Default)]
struct Totals {
    writes: Samples,
    reads: Reads,
    sealed: f64,
    evicted: f64,
    seconds: f64,
}

/// The times of maintenance. Each begins when the metrics were read before, and ends when they first showed it.
#[derive(Default)]
struct BusyTimes(Vec<(Instant, Instant)>);

impl BusyTimes {
    fn overlaps(&self, sample: &Sample) -> bool {
        self.0.iter().any(|&(from, until)| sample.began <= until && from <= sample.ended)
    }

    fn seconds(&self) -> f64 {
        self.0.iter().map(|&(from, until)| (until - from).as_secs_f64()).sum()
    }
}

pub(super) async fn run(bench: Bench<'_>, out: &mut (dyn Write + Send)) -> Result<(), LoadError> {
    let Bench { args, .. } = bench;
    writeln!(
        out,
        "{} spans/s in batches of {BATCH} over {} connections, {} lists of 1000 and as many details a second, {} turns of {} s each. A request counts as sealing if it overlaps a seal; seals are looked for every {} ms.\n",
        args.rate,
        args.connections,
        bench.readers_hz(),
        args.rounds,
        args.latency.as_secs_f64(),
        LOOK_PERIOD.as_millis(),
    )?;
    let (mut none, mut large, mut small) = (Totals::default(), Totals::default(), Totals::default());
    for turn in 0..args.rounds {
        let seed = args.seed + u64::from(turn);
        let (writes, reads, busy) = take_turn(bench, (GenerationSize::Large, seed), &mut large).await?;
        let split = |samples: Samples| samples.split(|sample| busy.overlaps(sample));
        for (samples, sealing, resting) in [
            (writes, &mut large.writes, &mut none.writes),
            (reads.lists, &mut large.reads.lists, &mut none.reads.lists),
            (reads.details, &mut large.reads.details, &mut none.reads.details),
        ] {
            let (one, other) = split(samples);
            sealing.add(one);
            resting.add(other);
        }
        none.seconds += args.latency.as_secs_f64() - busy.seconds();
        large.seconds += busy.seconds();
        let (writes, reads, busy) = take_turn(bench, (GenerationSize::Small, seed), &mut small).await?;
        small.writes.add(writes);
        small.reads.add(reads);
        small.seconds += busy.seconds();
    }
    print(
        &[
            ("nothing", &none),
            ("large generations sealed", &large),
            ("small generations sealed, merged, evicted", &small),
        ],
        out,
    )?;
    Ok(())
}

/// Starts a server, measures it and stops it. Adds what it sealed and evicted to `part`.
async fn take_turn(
    bench: Bench<'_>,
    (kind, seed): (GenerationSize, u64),
    part: &mut Totals,
) -> Result<(Samples, Reads, BusyTimes), LoadError> {
    let Bench { args, clock, .. } = bench;
    let server = match kind {
        GenerationSize::Large => bench.serve(LONG_WINDOW, &LARGE_ARGS),
        GenerationSize::Small => bench.serve(args.window, &[]),
    }?;
    let period = f64::from(BATCH) * f64::from(args.connections) / args.rate;
    let workload = Workload {
        seed,
        batch: BATCH.into(),
        connections: args.connections,
        with_tags: args.tags,
        period: Some(Duration::from_secs_f64(period)),
    };
    let numbers = TraceNumbers::default();
    let hz = bench.readers_hz();
    if kind == GenerationSize::Small {
        // Warm up until spans are evicted as fast as they come.
        let until = args.window + args.window / 4;
        Traffic::new(&server, workload, (clock, &numbers), u64::MAX).write_and_read(until, hz).await?;
    }
    let before = server.metrics().await?;
    let traffic = Traffic::new(&server, workload, (clock, &numbers), u64::MAX);
    let is_over = AtomicBool::new(false);
    let work = async {
        let result = traffic.write_and_read(args.latency, hz).await;
        is_over.store(true, Ordering::Relaxed);
        result
    };
    let ((writes, reads), busy) = tokio::try_join!(work, watch(&server, &is_over))?;
    let after = server.metrics().await?;
    part.sealed += after.sealed_spans() - before.sealed_spans();
    part.evicted += after.evicted_spans() - before.evicted_spans();
    Ok((writes, reads, busy))
}

/// Reads the metrics until `is_over` is set, and returns when the server did maintenance.
async fn watch(server: &ServerProcess, is_over: &AtomicBool) -> Result<BusyTimes, LoadError> {
    let mut ticks = interval(LOOK_PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut busy = BusyTimes::default();
    let mut known = server.metrics().await?;
    let mut looked = Instant::now();
    while !is_over.load(Ordering::Relaxed) {
        ticks.tick().await;
        let now = server.metrics().await?;
        let has_changed = known.segments().to_bits() != now.segments().to_bits()
            || now.sealed_spans() > known.sealed_spans()
            || now.evicted_spans() > known.evicted_spans();
        let looked_again = Instant::now();
        if has_changed || now.frozen_generations() > 0.0 {
            busy.0.push((looked, looked_again));
        }
        (known, looked) = (now, looked_again);
    }
    Ok(busy)
}

fn print(parts: &[(&str, &Totals)], out: &mut dyn Write) -> std::io::Result<()> {
    print_columns(
        "upkeep | seconds | writes | write p50 / p99 ms | lists | list p50 / p99 ms | details | detail p50 / p99 ms | sealed | evicted",
        out,
    )?;
    for (name, part) in parts {
        let Totals { writes, reads, sealed, evicted, seconds } = part;
        writeln!(
            out,
            "| {name} | {seconds:.1} | {} | {} | {} | {} | {} | {} | {} | {} |",
            writes.len(),
            writes.cell(),
            reads.lists.len(),
            reads.lists.cell(),
            reads.details.len(),
            reads.details.cell(),
            millions(*sealed),
            millions(*evicted),
        )?;
    }
    Ok(())
}
