//! Fills one server step by step and measures at each step, which shows what grows with the number of spans.

use std::io::Write;

use tokio::time::Instant;

use super::context::{Bench, LONG_WINDOW};
use super::format::{float, millions, optional, print_columns};
use super::process::ServerProcess;
use super::samples::Samples;
use super::traffic::{Reads, Traffic, Workload, read};
use crate::emit::TraceNumbers;
use crate::error::LoadError;
use crate::random::Random;

const BATCH: usize = 500;
const QUIET_LISTS: usize = 300;
const QUIET_DETAILS: usize = 2000;
const QUIET_STREAM: u64 = 1 << 43;
const MEBIBYTE: f64 = 1024.0 * 1024.0;

pub(super) async fn run(bench: Bench<'_>, out: &mut (dyn Write + Send)) -> Result<(), LoadError> {
    let args = bench.args;
    let workload = Workload {
        seed: args.seed,
        batch: BATCH,
        connections: args.connections,
        with_tags: args.tags,
        period: None,
    };
    writeln!(
        out,
        "Batches of {BATCH} over {} connections, closed loop. CPU: for the spans since the row above, sealing included. Quiet: one request after the other on an idle server. Under load: {} lists and as many details a second for {} s, while spans are written. Ready: from the start of the process after `kill -9` to the first 200 of `/health`, with the files in the page cache. Anonymous: resident memory without files, of the idle server before the kill.\n",
        args.connections,
        bench.readers_hz(),
        args.latency.as_secs_f64(),
    )?;
    print_columns(
        "spans held | spans/s | CPU µs/span | list quiet p50 / p99 ms | CPU µs/list | list under load | detail quiet p50 / p99 ms | CPU µs/detail | detail under load | write under load | anonymous MiB | directory MiB | disk B/span | segments | log MiB | ready ms | ready CPU ms",
        out,
    )?;
    let mut marks = args.fill.clone();
    marks.sort_unstable();
    let mut server = bench.serve(LONG_WINDOW, &[])?;
    let numbers = TraceNumbers::default();
    let mut sent = 0;
    for mark in marks {
        let (row, more) = measure(&mut server, bench, workload, &numbers, mark.saturating_sub(sent)).await?;
        sent += more;
        writeln!(out, "{row}")?;
        out.flush()?;
    }
    Ok(())
}

/// Sends `spans` more spans and measures. Returns the row of the table, and how many spans were sent in this step.
async fn measure(
    server: &mut ServerProcess,
    bench: Bench<'_>,
    workload: Workload,
    numbers: &TraceNumbers,
    spans: u64,
) -> Result<(String, u64), LoadError> {
    let sources = (bench.clock, numbers);
    let cpu_before = server.cpu_seconds().await?;
    let began = Instant::now();
    let traffic = Traffic::new(server, workload, sources, spans);
    traffic.write().await?;
    let filled = traffic.sent();
    let rate = float(filled) / began.elapsed().as_secs_f64();
    let metrics = server.settle().await?;
    let cpu = (server.cpu_seconds().await? - cpu_before) * 1e6 / float(filled);
    let quiet = quiet(server, &traffic, workload.seed).await?;
    let anonymous = server.anonymous_bytes_at_rest().await;

    let beside = Traffic::new(server, workload, sources, u64::MAX);
    let (writes, reads) = beside.write_and_read(bench.args.latency, bench.readers_hz()).await?;
    let sent = filled + beside.sent();
    let Reads { lists: lists_beside, details: details_beside } = reads;
    let log_bytes = server.settle().await?.log_bytes();
    let ready = server.restart_after_kill().await?;
    let ready_cpu = server.cpu_seconds().await?;
    let row = format!(
        "| {} | {rate:.0} | {cpu:.2} | {} | {:.0} | {} | {} | {:.0} | {} | {} | {} | {:.0} | {:.1} | {:.0} | {:.0} | {:.0} | {:.0} |",
        millions(metrics.spans()),
        quiet.lists.cell(),
        quiet.list_cpu_micros,
        lists_beside.cell(),
        quiet.details.cell(),
        quiet.detail_cpu_micros,
        details_beside.cell(),
        writes.cell(),
        optional(anonymous.map(|bytes| bytes / MEBIBYTE), 0),
        metrics.of("traced_directory_bytes") / MEBIBYTE,
        metrics.disk_bytes_per_span(),
        metrics.segments(),
        log_bytes / MEBIBYTE,
        ready.as_secs_f64() * 1e3,
        ready_cpu * 1e3,
    );
    Ok((row, sent))
}

/// Latencies of an idle server, and the processor time of its answers.
struct Quiet {
    lists: Samples,
    details: Samples,
    /// Processor time of the server for each list.
    list_cpu_micros: f64,
    detail_cpu_micros: f64,
}

async fn quiet(server: &ServerProcess, traffic: &Traffic<'_>, seed: u64) -> Result<Quiet, LoadError> {
    let before = server.cpu_seconds().await?;
    let mut left = QUIET_LISTS;
    let lists = read(server, None, || {
        left = left.checked_sub(1)?;
        Some("/traces?limit=1000".to_owned())
    });
    let lists = lists.await?;
    let between = server.cpu_seconds().await?;
    let mut random = Random::new(seed, QUIET_STREAM);
    let mut left = QUIET_DETAILS;
    let details = read(server, None, || {
        left = left.checked_sub(1)?;
        traffic.known_trace(&mut random)
    });
    let details = details.await?;
    let after = server.cpu_seconds().await?;
    let list_cpu_micros = (between - before) * 1e6 / float(lists.len() as u64);
    let detail_cpu_micros = (after - between) * 1e6 / float(details.len() as u64);
    Ok(Quiet { lists, details, list_cpu_micros, detail_cpu_micros })
}
