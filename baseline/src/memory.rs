//! Today's engine of ours, in memory, through its own front: for orientation.

use std::time::Duration;

use span::{Span, TimeRange, Timestamp, TraceId};
use store::{Settings, Store};

use crate::contract::{Listing, Row, SpanStore, StoredSpan};
use crate::generate::WINDOW_NANOS;

/// A little more than the run covers: what expires is said by the run.
const WINDOW: Duration = Duration::from_secs(WINDOW_NANOS.cast_unsigned() / 1_000_000_000 + 60);
/// The eviction stays so far behind the edge.
const EVICTION_LAG: Duration = Duration::from_secs(2);

pub(crate) struct Memory {
    store: Store,
    now: Timestamp,
}

impl Memory {
    pub(crate) fn new() -> Self {
        let settings = Settings { window: WINDOW, memory_bytes_max: 64 << 30, ..Settings::default() };
        Self { store: Store::new(settings), now: Timestamp(crate::generate::EPOCH) }
    }
}

impl SpanStore for Memory {
    fn accept(&mut self, batch: &[Span<'static>]) {
        let latest = batch.iter().map(|span| span.start).max();
        self.now = self.now.max(latest.unwrap_or(self.now));
        self.store.accept(batch, self.now).expect("the memory is large enough");
    }

    fn list(&mut self, cutoff: i64, limit: usize) -> Listing {
        let range = TimeRange { from: Timestamp(cutoff), until: Timestamp::MAX };
        let listing = self.store.list(range, limit, self.now);
        let rows = listing.summaries().map(|summary| Row {
            trace_id: summary.trace_id,
            service: summary.root_service.to_owned(),
            name: summary.root_name.to_owned(),
            spans: usize::try_from(summary.spans).expect("a count"),
            start: summary.start.0,
            duration: summary.duration,
            status: summary.status,
        });
        Listing { total: listing.total, rows: rows.collect() }
    }

    fn trace(&mut self, id: TraceId) -> Vec<StoredSpan> {
        let mut spans = Vec::new();
        if let Some(trace) = self.store.trace(id, self.now) {
            trace.for_each(0..trace.len(), |span| {
                spans.push(StoredSpan {
                    span_id: span.span_id,
                    parent_span_id: span.parent_span_id,
                    name: 0,
                    start: span.start.0,
                    duration: span.duration(),
                    status: span.status,
                });
            });
        }
        spans
    }

    fn expire(&mut self, cutoff: i64) {
        let age = i64::try_from((WINDOW + EVICTION_LAG).as_nanos()).expect("half an hour");
        self.now = self.now.max(Timestamp(cutoff + age));
        self.store.evict(self.now);
    }

    fn settle(&mut self) {}
}
