//! One round: so many spans into one server, closed-loop, and what that cost it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::future::try_join_all;
use http::StatusCode;
use platform::Clock;
use span::Timestamp;
use tokio::time::Instant;

use super::float;
use super::process::ServerProcess;
use crate::emit::{Batcher, TraceNumbers};
use crate::error::LoadError;
use crate::latency::Latencies;

/// What is sent in a round.
#[derive(Clone, Copy)]
pub(super) struct Load {
    pub(super) seed: u64,
    pub(super) batch: usize,
    pub(super) spans: u64,
    pub(super) connections: u16,
    pub(super) with_tags: bool,
}

pub(super) struct Round {
    /// Processor time of the server for each span.
    pub(super) cpu_micros: f64,
    pub(super) spans_per_second: f64,
    pub(super) latencies: Latencies,
}

/// Sends the load to `server`.
pub(super) async fn run(
    server: &ServerProcess,
    load: Load,
    clock: &Arc<dyn Clock>,
) -> Result<Round, LoadError> {
    let numbers = TraceNumbers::default();
    let sent = AtomicU64::new(0);
    let cpu_before = server.cpu_seconds().await?;
    let began = Instant::now();
    let connections = (0..load.connections).map(|_| connection(server, load, clock, (&numbers, &sent)));
    let latencies = try_join_all(connections).await?;
    let took = began.elapsed().as_secs_f64();
    let cpu = server.cpu_seconds().await? - cpu_before;
    let spans = float(sent.load(Ordering::Relaxed));
    let mut all = Latencies::new();
    for one in &latencies {
        all.add(one);
    }
    Ok(Round { cpu_micros: cpu * 1e6 / spans, spans_per_second: spans / took, latencies: all })
}

async fn connection(
    server: &ServerProcess,
    load: Load,
    clock: &Arc<dyn Clock>,
    (numbers, sent): (&TraceNumbers, &AtomicU64),
) -> Result<Latencies, LoadError> {
    let mut batcher = Batcher::new(load.seed, 0.0, numbers, Timestamp(0));
    if !load.with_tags {
        batcher = batcher.without_tags();
    }
    let mut latencies = Latencies::new();
    while sent.fetch_add(load.batch as u64, Ordering::Relaxed) < load.spans {
        let Some(batch) = batcher.next_batch(load.batch, clock.now()) else { break };
        let began = Instant::now();
        let answer =
            server.client.post_spans(batch.body).await.map_err(|error| server.lost(error.to_string()))?;
        latencies.record(began.elapsed());
        if answer.status != StatusCode::ACCEPTED {
            return Err(server.lost(format!("a batch was answered {}", answer.status)));
        }
    }
    // The last step was not sent.
    sent.fetch_sub(load.batch as u64, Ordering::Relaxed);
    Ok(latencies)
}
