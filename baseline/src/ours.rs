//! Our own engine, on disk, through its `Store`. Its maintenance runs in this thread, so that all of it is counted.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use platform::disk::RealDisk;
use span::{Span, TimeRange, Timestamp, TraceId};
use store::{Settings, Store};

use crate::contract::{Listing, Row, SpanStore, StoredSpan};
use crate::generate::WINDOW_NANOS;

/// A little more than the run covers, because the run decides what expires.
const WINDOW: Duration = Duration::from_secs(WINDOW_NANOS.cast_unsigned() / 1_000_000_000 + 60);
/// Maintenance is called after so many batches.
const MAINTENANCE_BATCHES: u32 = 64;

pub(crate) struct Ours {
    store: Store,
    now: Timestamp,
    batches: u32,
}

impl Ours {
    pub(crate) fn open(folder: &Path) -> Self {
        let now = Timestamp(crate::generate::EPOCH);
        let settings = Settings { window: WINDOW, memory_bytes_max: 1 << 30, ..Settings::default() };
        let disk = Arc::new(RealDisk::open(folder).expect("the folder is free"));
        let store = Store::open(settings, disk, now).expect("the data can be read");
        Self { store, now, batches: 0 }
    }
}

impl SpanStore for Ours {
    fn accept(&mut self, batch: &[Span<'static>]) {
        let latest = batch.iter().map(|span| span.start).max();
        self.now = self.now.max(latest.unwrap_or(self.now));
        self.store.accept(batch, self.now).expect("there is room");
        self.batches += 1;
        if self.batches.is_multiple_of(MAINTENANCE_BATCHES) {
            self.store.maintain(self.now);
        }
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
        let age = i64::try_from(WINDOW.as_nanos()).expect("half an hour");
        self.now = self.now.max(Timestamp(cutoff + age));
        self.settle();
    }

    fn settle(&mut self) {
        self.store.freeze(self.now);
        self.store.maintain(self.now);
    }
}
