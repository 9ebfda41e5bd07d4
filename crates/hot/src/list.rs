//! The list of rooted traces over all shards, merged in order.

use std::collections::BinaryHeap;
use std::ops::Range;

use parking_lot::MutexGuard;
use span::{Attribute, Status, TimeRange, Timestamp, TraceId, TraceSummary};

use crate::roots::RootKey;
use crate::shard::Shard;
use crate::slab::Slot;
use crate::trace::{Trace, record_at};

/// The latest traces of a range, and how many there are in all.
#[derive(Default)]
pub struct Listing {
    pub total: usize,
    rows: Vec<Row>,
    /// Names of services and operations, one after the other.
    names: String,
}

struct Row {
    trace_id: TraceId,
    service: Range<usize>,
    name: Range<usize>,
    spans: u64,
    start: Timestamp,
    duration: u64,
    status: Status,
}

impl Listing {
    /// By start, the latest first; ties by id.
    pub fn summaries(&self) -> impl ExactSizeIterator<Item = TraceSummary<'_>> {
        self.rows.iter().map(|row| TraceSummary {
            trace_id: row.trace_id,
            root_service: self.name(&row.service),
            root_name: self.name(&row.name),
            spans: row.spans,
            start: row.start,
            duration: row.duration,
            status: row.status,
        })
    }

    fn name(&self, range: &Range<usize>) -> &str {
        self.names.get(range.clone()).expect("a range of names that were put there")
    }

    fn push_name(&mut self, name: &str) -> Range<usize> {
        let from = self.names.len();
        self.names.push_str(name);
        from..self.names.len()
    }

    /// Lists the traces whose root starts in `range`. The caller holds every shard: that is one state.
    pub(crate) fn collect(
        shards: &[MutexGuard<'_, Shard>],
        range: TimeRange,
        cutoff: Timestamp,
        limit: usize,
    ) -> Self {
        let from = range.from.max(cutoff);
        let counts: Vec<usize> = shards
            .iter()
            .map(|shard| shard.roots.rank(range.until).saturating_sub(shard.roots.rank(from)))
            .collect();
        let mut listing = Self { total: counts.iter().sum(), ..Self::default() };
        let mut left: Vec<_> =
            shards.iter().zip(&counts).map(|(s, &n)| s.roots.latest_before(range.until).take(n)).collect();
        let mut heads: BinaryHeap<(RootKey, usize, Slot)> = BinaryHeap::with_capacity(shards.len());
        for (number, roots) in left.iter_mut().enumerate() {
            heads.extend(roots.next().map(|(key, slot)| (key, number, slot)));
        }
        let mut attributes = Vec::new();
        while listing.rows.len() < limit
            && let Some((_, number, slot)) = heads.pop()
        {
            heads.extend(left[number].next().map(|(key, slot)| (key, number, slot)));
            let shard = &shards[number];
            let trace = shard.traces.get(slot).expect("the root of a trace leaves the index with the trace");
            listing.push(shard, trace, cutoff, &mut attributes);
        }
        listing
    }

    fn push<'a>(
        &mut self,
        shard: &'a Shard,
        trace: &Trace,
        cutoff: Timestamp,
        attributes: &mut Vec<Attribute<'a>>,
    ) {
        let root = trace.root.as_ref().expect("a listed trace has a root");
        let record = record_at(&shard.arena, root.position).expect("a root inside the window is not evicted");
        let (spans, has_error) = trace.count(&shard.arena, cutoff);
        let span = record.decode(trace.id, attributes);
        let row = Row {
            trace_id: trace.id,
            service: self.push_name(span.service),
            name: self.push_name(span.name),
            spans,
            start: span.start,
            duration: span.duration(),
            status: if has_error { Status::Error } else { Status::Ok },
        };
        self.rows.push(row);
    }
}
