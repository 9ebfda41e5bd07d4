//! Numbers that others hold, read at each scrape.

use std::fmt;
use std::sync::Arc;

use platform::process;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;
use span::TimeRange;
use store::{ClockStatus, LimitedBy, Now, Stats, Store, TrustedClock};

use crate::budgets::Budgets;
use crate::offload::Reads;
use crate::recent_totals::RecentTotals;
use crate::scans::Scans;

/// The ledger of the store, and its statistics.
pub(super) struct StoreCollector {
    store: Arc<Store>,
    clock: Arc<TrustedClock>,
    rootless_totals: Arc<RecentTotals>,
}

/// What is in use of the limited resources, and the limits.
#[derive(Debug)]
pub(super) struct BudgetCollector {
    budgets: Budgets,
    reads: Arc<Reads>,
    scans: Arc<Scans>,
}

#[derive(Debug)]
pub(super) struct ProcessCollector;

impl StoreCollector {
    pub(super) fn new(
        store: &Arc<Store>,
        clock: &Arc<TrustedClock>,
        rootless_totals: &Arc<RecentTotals>,
    ) -> Self {
        let rootless_totals = Arc::clone(rootless_totals);
        Self { store: Arc::clone(store), clock: Arc::clone(clock), rootless_totals }
    }

    fn rootless(&self, now: Now) -> u64 {
        let all = TimeRange::ALL.into();
        self.rootless_totals.get(all, || self.store.snapshot(now).count_rootless(all) as u64)
    }
}

impl BudgetCollector {
    pub(super) fn new(budgets: &Budgets, reads: &Arc<Reads>, scans: &Arc<Scans>) -> Self {
        Self { budgets: budgets.clone(), reads: Arc::clone(reads), scans: Arc::clone(scans) }
    }
}

impl fmt::Debug for StoreCollector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreCollector").finish_non_exhaustive()
    }
}

/// Writes counters and gauges whose values are known.
struct Out<'a>(DescriptorEncoder<'a>);

impl Out<'_> {
    fn counter(&mut self, name: &str, help: &str, value: u64) -> fmt::Result {
        let encoder = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        ConstCounter::new(value).encode(encoder)
    }

    fn counter_by(&mut self, name: &str, help: &str, label: &str, values: &[(&str, u64)]) -> fmt::Result {
        let mut encoder = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        for (value, count) in values {
            let labels = [(label, *value)];
            encoder.encode_family(&labels)?.encode_counter::<NoLabelSet, _, f64>(count, None)?;
        }
        Ok(())
    }

    fn gauge(&mut self, name: &str, help: &str, unit: Option<&Unit>, value: f64) -> fmt::Result {
        let encoder = self.0.encode_descriptor(name, help, unit, MetricType::Gauge)?;
        ConstGauge::new(value).encode(encoder)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; no count here reaches 2^53")]
fn float(count: usize) -> f64 {
    count as f64
}

fn float_u64(count: u64) -> f64 {
    float(usize::try_from(count).unwrap_or(usize::MAX))
}

impl Collector for StoreCollector {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let ledger = self.store.ledger();
        let now = self.clock.now();
        let stats = self.store.stats(now);
        let mut out = Out(encoder);
        out.counter("spans_stored", "Spans that were stored", ledger.stored)?;
        out.counter("spans_repeated", "Duplicate spans, which were not stored again", ledger.repeated)?;
        let stale = [("old", ledger.stale), ("ahead", ledger.ahead)];
        let help =
            "Spans that were dropped because they started before the window, or too far ahead of the clock";
        out.counter_by("spans_stale", help, "reason", &stale)?;
        let evicted = [
            ("time", ledger.evicted_by_time),
            ("memory", ledger.evicted_by_memory),
            ("disk", ledger.evicted_by_disk),
        ];
        out.counter_by("spans_evicted", "Stored spans that were evicted, by reason", "reason", &evicted)?;
        for (name, help, length) in [
            ("window", "Configured length of the window", stats.window),
            (
                "effective_window",
                "Effective length of the window: how far back spans are kept now",
                stats.effective_window,
            ),
        ] {
            out.gauge(name, help, Some(&Unit::Seconds), length.as_secs_f64())?;
        }
        for (name, limited_by) in [("memory", LimitedBy::Memory), ("disk", LimitedBy::Disk)] {
            let help =
                format!("1 if the limit of the {name}, not the window, decides how far back spans are kept");
            let is_it = if stats.limited_by == limited_by { 1.0 } else { 0.0 };
            out.gauge(&format!("window_limited_by_{name}"), &help, None, is_it)?;
        }
        encode_clock(&mut out, self.clock.status())?;
        let help = "Traces in the window of which no root has arrived, those in flight included";
        out.gauge("traces_rootless", help, None, float_u64(self.rootless(now)))?;
        encode_amounts(&mut out, &stats)
    }
}

fn encode_clock(out: &mut Out<'_>, clock: ClockStatus) -> fmt::Result {
    let is_doubted = if clock.doubt.is_some() { 1.0 } else { 0.0 };
    let help = "1 while the system's clock is doubted: it has jumped, and the new time has not held yet";
    out.gauge("clock_doubted", help, None, is_doubted)?;
    out.counter("clock_jumps", "Jumps of the system's clock", clock.jumps)
}

fn encode_amounts(out: &mut Out<'_>, stats: &Stats) -> fmt::Result {
    let bytes = Some(&Unit::Bytes);
    for (name, help, unit, value) in [
        ("spans", "Spans in the store", None, float_u64(stats.spans)),
        ("traces", "Traces in the window that have a root", None, float(stats.traces)),
        ("segments", "Segment files", None, float(stats.segments)),
        ("segment_spans", "Spans in segments", None, float_u64(stats.segment_spans)),
        ("segment", "Bytes of segment files", bytes, float_u64(stats.segment_bytes)),
        (
            "frozen_generations",
            "Generations that wait to become segments",
            None,
            float(stats.frozen_generations),
        ),
        (
            "memory",
            "Memory held by indexes and by spans that are not in a segment yet",
            bytes,
            float(stats.memory_bytes),
        ),
        ("memory_max", "Limit of traced_memory_bytes", bytes, float(stats.memory_bytes_max)),
        ("directory", "Memory held by the directory of traces", bytes, float(stats.directory_bytes)),
        ("disk", "Bytes of all files of the store", bytes, float_u64(stats.disk_bytes)),
        ("disk_max", "Limit of traced_disk_bytes", bytes, float_u64(stats.disk_bytes_max)),
    ] {
        out.gauge(name, help, unit, value)?;
    }
    let is_failing = stats.health.log_trouble.is_some() || stats.health.segment_trouble.is_some();
    out.gauge(
        "disk_failing",
        "1 while the log or a segment cannot be written",
        None,
        if is_failing { 1.0 } else { 0.0 },
    )?;
    out.gauge(
        "writes_refused",
        "1 while batches are refused although queries are answered",
        None,
        if stats.takes_writes { 0.0 } else { 1.0 },
    )?;
    out.counter(
        "log_bytes_cut",
        "Bytes at the end of log files that were no complete batch at the start",
        stats.health.log_bytes_cut,
    )?;
    out.counter(
        "damaged_files",
        "Files that were found damaged and put in quarantine",
        stats.health.damaged_files,
    )
}

impl Collector for BudgetCollector {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut out = Out(encoder);
        let Budgets { queued_bytes, answer_bytes, bodies, batches, queries, streams, connections } =
            &self.budgets;
        let bytes = Some(&Unit::Bytes);
        let queued = "Memory of request bodies and of what is decoded from them";
        let answers = "Memory of answers that are being made or taken by clients";
        let in_flight = "Queries that are being answered, until the client has taken the answer";
        for (name, help, unit, (held, max)) in [
            ("queued", queued, bytes, (queued_bytes.held(), queued_bytes.max())),
            ("answers", answers, bytes, (answer_bytes.held(), answer_bytes.max())),
            (
                "http_bodies_arriving",
                "Request bodies that are arriving",
                None,
                (bodies.count(), bodies.max()),
            ),
            (
                "http_batches_in_flight",
                "Batches that are being stored",
                None,
                (batches.held(), batches.max()),
            ),
            ("http_queries_in_flight", in_flight, None, (queries.count(), queries.max())),
            ("http_connections", "Open connections", None, (connections.count(), connections.max())),
            ("http_streams", "Open streams of changes", None, (streams.held(), streams.max())),
            (
                "reads_in_flight",
                "Queries that are reading the store",
                None,
                (self.reads.held(), self.reads.max()),
            ),
            (
                "scans_in_flight",
                "Queries that are going over the whole window",
                None,
                (self.scans.held(), self.scans.max()),
            ),
        ] {
            out.gauge(name, help, unit, float(held))?;
            let suffix = if unit.is_some() { "_bytes" } else { "" };
            let help = format!("Limit of traced_{name}{suffix}");
            out.gauge(&format!("{name}_limit"), &help, unit, float(max))?;
        }
        let lost = [
            ("body", bodies.slots.lost()),
            ("answer", queries.lost()),
            ("idle_connection", connections.closed_idle()),
        ];
        let help = "What was cut off for others while a limit was reached: bodies and answers of slow clients, idle \
                    connections";
        out.counter_by("http_cut_off", help, "what", &lost)
    }
}

impl Collector for ProcessCollector {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut out = Out(encoder);
        let cpu = process::cpu_time().as_secs_f64();
        let seconds = Some(&Unit::Seconds);
        out.gauge("process_cpu", "Processor time of this process, user and system", seconds, cpu)?;
        let Some(resident) = process::resident_bytes() else { return Ok(()) };
        let resident = float(usize::try_from(resident).unwrap_or(usize::MAX));
        out.gauge("process_resident_memory", "Resident memory of this process", Some(&Unit::Bytes), resident)
    }
}
