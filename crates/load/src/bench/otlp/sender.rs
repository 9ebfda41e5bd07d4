//! Sends export requests in a closed loop.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures_util::future::try_join_all;
use http::StatusCode;
use platform::Clock;
use tokio::time::Instant;

use super::export::{Exporter, Shape};
use crate::bench::float;
use crate::bench::process::ServerProcess;
use crate::error::LoadError;

pub(super) struct Sender<'a> {
    pub(super) server: &'a ServerProcess,
    pub(super) clock: &'a Arc<dyn Clock>,
    pub(super) shape: Shape,
    pub(super) connections: u16,
}

/// What was sent.
pub(super) struct Sent {
    pub(super) spans: u64,
    pub(super) seconds: f64,
}

impl Sent {
    pub(super) fn spans_per_second(&self) -> f64 {
        float(self.spans) / self.seconds
    }
}

impl Sender<'_> {
    /// Sends so many spans, or what full requests have more, with ids that this seed has.
    pub(super) async fn send(&self, spans: u64, seed: u64) -> Result<Sent, LoadError> {
        let sent = AtomicU64::new(0);
        let began = Instant::now();
        let connections = (0..self.connections).map(u64::from);
        try_join_all(connections.map(|number| {
            let exporter = Exporter::new(self.shape, seed, number);
            self.connection(exporter, spans, &sent)
        }))
        .await?;
        Ok(Sent { spans: sent.into_inner(), seconds: began.elapsed().as_secs_f64() })
    }

    async fn connection(
        &self,
        mut exporter: Exporter,
        spans: u64,
        sent: &AtomicU64,
    ) -> Result<(), LoadError> {
        let batch = u64::from(self.shape.batch);
        let claim = |sent: u64| (sent < spans).then_some(sent + batch);
        while sent.fetch_update(Ordering::Relaxed, Ordering::Relaxed, claim).is_ok() {
            self.post(exporter.next_request(self.clock.now())).await?;
        }
        Ok(())
    }

    async fn post(&self, body: Bytes) -> Result<(), LoadError> {
        let lost = |reason| self.server.lost("/v1/traces", reason);
        let answer = self.server.client.post_traces(body).await.map_err(|error| lost(error.to_string()))?;
        // An answer that is not empty says which spans were left out.
        if answer.status == StatusCode::OK && answer.body.is_empty() {
            return Ok(());
        }
        Err(lost(format!("a request was answered {} with {} bytes", answer.status, answer.body.len())))
    }
}
