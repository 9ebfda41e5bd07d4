//! Sends export requests in a closed loop.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures_util::future::try_join_all;
use http::StatusCode;
use platform::Clock;

use super::export::{Exporter, RequestSize};
use crate::bench::process::ServerProcess;
use crate::bench::rounds::SpanSource;
use crate::error::LoadError;

#[derive(Clone)]
pub(super) struct OtlpSource<'a> {
    pub(super) clock: &'a Arc<dyn Clock>,
    pub(super) size: RequestSize,
    pub(super) connections: u16,
    /// The seed of the next round.
    pub(super) seed: u64,
}

impl SpanSource for OtlpSource<'_> {
    async fn send(&mut self, server: &ServerProcess, spans: u64) -> Result<u64, LoadError> {
        let sent = AtomicU64::new(0);
        let seed = self.seed;
        self.seed += 1;
        let source = &*self;
        let connections = (0..source.connections).map(u64::from);
        try_join_all(connections.map(|number| {
            let exporter = Exporter::new(source.size, seed, number);
            source.connection(server, exporter, (spans, &sent))
        }))
        .await?;
        Ok(sent.into_inner())
    }
}

impl OtlpSource<'_> {
    async fn connection(
        &self,
        server: &ServerProcess,
        mut exporter: Exporter,
        (spans, sent): (u64, &AtomicU64),
    ) -> Result<(), LoadError> {
        let batch = u64::from(self.size.batch);
        let claim = |sent: u64| (sent < spans).then_some(sent + batch);
        while sent.fetch_update(Ordering::Relaxed, Ordering::Relaxed, claim).is_ok() {
            post(server, exporter.next_request(self.clock.now())).await?;
        }
        Ok(())
    }
}

async fn post(server: &ServerProcess, body: Bytes) -> Result<(), LoadError> {
    let lost = |reason| server.lost("/v1/traces", reason);
    let answer = server.client.post_traces(body).await.map_err(|error| lost(error.to_string()))?;
    // An answer with a body says that spans were rejected.
    if answer.status == StatusCode::OK && answer.body.is_empty() {
        return Ok(());
    }
    let (status, bytes) = (answer.status, answer.body.len());
    Err(lost(format!("the answer must be 200 without a body, but is {status} with {bytes} bytes")))
}
