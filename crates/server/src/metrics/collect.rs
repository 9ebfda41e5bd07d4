//! Numbers that others hold, read when somebody asks.

use std::fmt;
use std::sync::Arc;

use platform::{Clock, process};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;
use store::Store;

use crate::budget::Budget;
use crate::health::limit_name;

/// The store's ledger, and how it stands.
pub(super) struct StoreCollector {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
}

/// Budgets, in the order of queued bytes, requests, connections.
#[derive(Debug)]
pub(super) struct BudgetCollector([Arc<Budget>; 3]);

#[derive(Debug)]
pub(super) struct ProcessCollector;

impl StoreCollector {
    pub(super) fn new(store: &Arc<Store>, clock: &Arc<dyn Clock>) -> Self {
        Self { store: Arc::clone(store), clock: Arc::clone(clock) }
    }
}

impl BudgetCollector {
    pub(super) fn new(budgets: &[&Arc<Budget>; 3]) -> Self {
        Self(budgets.map(Arc::clone))
    }
}

impl fmt::Debug for StoreCollector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreCollector").finish_non_exhaustive()
    }
}

/// Writes counters and gauges of which the value is at hand.
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

impl Collector for StoreCollector {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let ledger = self.store.ledger();
        let stats = self.store.stats(self.clock.now());
        let mut out = Out(encoder);
        out.counter("spans_stored", "Spans that were stored", ledger.stored)?;
        out.counter("spans_repeated", "Spans that were in the window already", ledger.repeated)?;
        let stale = [("old", ledger.stale), ("ahead", ledger.ahead)];
        let help = "Spans that started before the window, or too far ahead of the clock";
        out.counter_by("spans_stale", help, "reason", &stale)?;
        let evicted = [("time", ledger.evicted_by_time), ("memory", ledger.evicted_by_memory)];
        out.counter_by("spans_evicted", "Stored spans that have left again", "reason", &evicted)?;
        let limit = limit_name(stats.limited_by);
        for (name, help, length) in [
            ("window", "How far back the store was asked to keep", stats.window),
            ("effective_window", "How far back the store reaches", stats.effective_window),
        ] {
            out.gauge(name, help, Some(&Unit::Seconds), length.as_secs_f64())?;
        }
        let by_memory = if limit == "memory" { 1.0 } else { 0.0 };
        let help = "1 where the memory, not the time, decides how far back the store reaches";
        out.gauge("window_limited_by_memory", help, None, by_memory)?;
        out.gauge("spans", "Spans held", None, float(usize::try_from(stats.spans).unwrap_or(usize::MAX)))?;
        out.gauge("traces", "Traces in the window that have a root", None, float(stats.traces))?;
        let bytes = Some(&Unit::Bytes);
        out.gauge("memory", "Memory that spans and indexes hold", bytes, float(stats.memory_bytes))?;
        out.gauge("memory_max", "Limit of the same", bytes, float(stats.memory_bytes_max))
    }
}

impl Collector for BudgetCollector {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut out = Out(encoder);
        let [queued_bytes, requests, connections] = &self.0;
        for (name, help, unit, budget) in [
            ("queued", "Bodies that are read or wait to be taken", Some(&Unit::Bytes), queued_bytes),
            ("http_requests_in_flight", "Requests that are being answered", None, requests),
            ("http_connections", "Open connections", None, connections),
        ] {
            out.gauge(name, help, unit, float(budget.held()))?;
            out.gauge(&format!("{name}_limit"), "Limit of the same", unit, float(budget.max()))?;
        }
        Ok(())
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
