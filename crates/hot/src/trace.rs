//! What a shard knows of a trace without looking at its spans.

use hashbrown::HashTable;
use span::{SpanId, Timestamp, TraceId};

use crate::arena::{Arena, Position};
use crate::record::Record;

/// Limit: up to here a repeated span is found by walking the trace; beyond, by a set, so that a trace of a
/// million spans stays linear.
pub(crate) const WALKED_SPANS_MAX: u64 = 24;

pub(crate) struct Root {
    pub(crate) start: Timestamp,
    pub(crate) position: Position,
}

pub(crate) struct Trace {
    pub(crate) id: TraceId,
    /// The last record to come in; each names the one before.
    pub(crate) newest: Position,
    /// The smallest (start, span id) among the spans without a parent. It stays when it ages out: then the
    /// whole trace is outside the window.
    pub(crate) root: Option<Root>,
    /// Of all spans, those that have aged out included.
    pub(crate) spans: u64,
    pub(crate) has_error: bool,
    pub(crate) earliest: Timestamp,
    pub(crate) latest: Timestamp,
    /// Records by span id, for a large trace.
    pub(crate) by_span_id: Option<Box<HashTable<Position>>>,
}

impl Trace {
    pub(crate) fn new(id: TraceId) -> Self {
        Self {
            id,
            newest: Position::NONE,
            root: None,
            spans: 0,
            has_error: false,
            earliest: Timestamp::MAX,
            latest: Timestamp::MIN,
            by_span_id: None,
        }
    }

    /// No span of it is inside the window.
    pub(crate) fn is_over(&self, cutoff: Timestamp) -> bool {
        self.latest < cutoff
    }

    /// It has a root, and the root has left the window: so has the trace.
    pub(crate) fn has_left(&self, cutoff: Timestamp) -> bool {
        self.root.as_ref().is_some_and(|root| root.start < cutoff)
    }

    /// Its records from the last to the first, as far back as they are still there.
    pub(crate) fn records<'a>(
        &self,
        arena: &'a Arena,
    ) -> impl Iterator<Item = (Position, Record<'a>)> + use<'a> {
        records_from(arena, self.newest)
    }

    /// How many spans are inside the window, and whether one of them failed.
    pub(crate) fn count(&self, arena: &Arena, cutoff: Timestamp) -> (u64, bool) {
        if self.earliest >= cutoff {
            return (self.spans, self.has_error);
        }
        self.records(arena)
            .filter(|(_, record)| record.start() >= cutoff)
            .fold((0, false), |(spans, error), (_, record)| (spans + 1, error | record.is_error()))
    }

    pub(crate) fn set_bytes(&self) -> usize {
        self.by_span_id.as_ref().map_or(0, |set| set.allocation_size() + size_of::<HashTable<Position>>())
    }

    /// Whether a span of this id is inside the window already.
    pub(crate) fn contains(
        &self,
        arena: &Arena,
        span_id: SpanId,
        cutoff: Timestamp,
        hash: impl Fn(SpanId) -> u64,
    ) -> bool {
        let is_it = |record: Record<'_>| record.span_id() == span_id && record.start() >= cutoff;
        match &self.by_span_id {
            None => self.records(arena).any(|(_, record)| is_it(record)),
            Some(set) => {
                set.find(hash(span_id), |&position| record_at(arena, position).is_some_and(is_it)).is_some()
            }
        }
    }

    /// Notes a new record in the set, which is made when the trace becomes large.
    pub(crate) fn remember(&mut self, arena: &Arena, position: Position, hash: impl Fn(SpanId) -> u64) {
        let rehash = |&at: &Position| record_at(arena, at).map_or(0, |record| hash(record.span_id()));
        if let Some(set) = &mut self.by_span_id {
            set.insert_unique(rehash(&position), position, rehash);
        } else if self.spans > WALKED_SPANS_MAX {
            let mut set = HashTable::new();
            for (position, record) in self.records(arena) {
                set.insert_unique(hash(record.span_id()), position, rehash);
            }
            self.by_span_id = Some(Box::new(set));
        }
    }

    /// Whether the record at `position` is one of this trace's.
    pub(crate) fn owns(
        &self,
        arena: &Arena,
        position: Position,
        span_id: SpanId,
        hash: impl Fn(SpanId) -> u64,
    ) -> bool {
        match &self.by_span_id {
            None => self.records(arena).any(|(at, _)| at == position),
            Some(set) => set.find(hash(span_id), |&at| at == position).is_some(),
        }
    }

    /// Takes a record out of the set, which it leaves by eviction.
    pub(crate) fn forget(&mut self, position: Position, span_id: SpanId, hash: impl Fn(SpanId) -> u64) {
        if let Some(set) = &mut self.by_span_id
            && let Ok(entry) = set.find_entry(hash(span_id), |&at| at == position)
        {
            entry.remove();
        }
    }
}

#[inline]
pub(crate) fn record_at(arena: &Arena, position: Position) -> Option<Record<'_>> {
    arena.bytes_at(position).map(Record::at_front_of)
}

/// The record at `position` and those before it in the same trace.
pub(crate) fn records_from(
    arena: &Arena,
    position: Position,
) -> impl Iterator<Item = (Position, Record<'_>)> {
    let first = record_at(arena, position).map(|record| (position, record));
    std::iter::successors(first, |(_, record)| {
        let previous = record.previous();
        record_at(arena, previous).map(|record| (previous, record))
    })
}
