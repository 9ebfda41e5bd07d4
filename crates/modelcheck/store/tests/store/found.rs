//! What one snapshot shows, asked in several ways.

use std::collections::BTreeSet;

use checked_store::{Snapshot, TraceSpans};
use span::{SpanId, TimeRange, Timestamp, TraceId};

use crate::TRACES;

/// A span, and what a snapshot decides on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct SpanKey {
    pub(crate) trace: TraceId,
    pub(crate) span: SpanId,
    pub(crate) start: Timestamp,
    pub(crate) is_root: bool,
}

pub(crate) fn trace_ids() -> impl Iterator<Item = TraceId> {
    (1..=TRACES).map(|trace| TraceId::from_bytes([trace; 16]))
}

/// Returns the spans of a trace, and checks that each is there once.
pub(crate) fn keys_of(trace: &TraceSpans) -> BTreeSet<SpanKey> {
    let mut keys = BTreeSet::new();
    trace.for_each(0..trace.len(), |span| {
        let is_root = span.parent_span_id.is_none();
        let key = SpanKey { trace: span.trace_id, span: span.span_id, start: span.start, is_root };
        assert!(keys.insert(key), "{key:?} is there twice");
    });
    keys
}

/// All spans of a snapshot, and its list.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Found {
    pub(crate) spans: BTreeSet<SpanKey>,
    rows: Vec<(TraceId, Timestamp, u64)>,
}

impl Found {
    pub(crate) fn read(snapshot: &Snapshot) -> Self {
        let listing = snapshot.list(TimeRange::ALL, 100);
        let rows: Vec<_> = listing.summaries().map(|row| (row.trace_id, row.start, row.spans)).collect();
        assert_eq!(listing.total, rows.len());
        let listed: BTreeSet<TraceId> = rows.iter().map(|row| row.0).collect();
        assert_eq!(listed.len(), rows.len(), "a trace is listed twice: {rows:?}");
        let traces = trace_ids().filter_map(|id| snapshot.trace(id).ok());
        Self { spans: traces.flat_map(|trace| keys_of(&trace)).collect(), rows }
    }

    /// Checks that the list has each trace with a root once, with the counts of its spans.
    pub(crate) fn check_list(&self) {
        for id in trace_ids() {
            let of_trace = self.spans.iter().filter(|key| key.trace == id);
            let root = of_trace.clone().filter(|key| key.is_root).map(|key| key.start).min();
            let expected: Vec<_> =
                root.into_iter().map(|start| (id, start, of_trace.clone().count() as u64)).collect();
            let rows: Vec<_> = self.rows.iter().filter(|row| row.0 == id).copied().collect();
            assert_eq!(rows, expected, "the list and the trace");
        }
    }
}
