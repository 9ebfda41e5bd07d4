//! Finds the positions of the records of several traces.
//!
//! Each record has the position of the one before it in its trace. Walking one trace after the other, every step
//! would be a cache miss of its own; walking them side by side, the cache misses overlap.

use hot::Position;
use platform::prefetch;
use record::Record;

use super::ordered_traces::{FrozenShards, TraceRef};

#[derive(Default)]
pub(super) struct RecordChains {
    /// Trace by trace, in the order in which the records arrived.
    positions: Vec<Position>,
    /// For each trace, where its positions end.
    ends: Vec<usize>,
    walks: Vec<Walk>,
}

/// The state of the walk through one trace.
struct Walk {
    /// The index of the trace in the group.
    trace: usize,
    /// The next record.
    at: Position,
    /// One more than its index in `positions`.
    index: usize,
}

impl RecordChains {
    /// Finds all records of a group of traces, and prefetches them.
    pub(super) fn read_ahead(&mut self, shards: &FrozenShards<'_>, group: &[TraceRef]) {
        self.find(shards, group);
        prefetch(self.records(shards, group).flatten(), |record| record.touch());
    }

    fn find(&mut self, shards: &FrozenShards<'_>, group: &[TraceRef]) {
        self.ends.clear();
        self.walks.clear();
        let mut end = 0;
        for (number, &place) in group.iter().enumerate() {
            let trace = shards.trace(place);
            end += usize::try_from(trace.span_count()).expect("they are in memory");
            self.ends.push(end);
            self.walks.push(Walk { trace: number, at: trace.newest(), index: end });
        }
        self.positions.clear();
        self.positions.resize(end, Position::MAX);
        while !self.walks.is_empty() {
            let positions = &mut self.positions;
            self.walks.retain_mut(|walk| {
                walk.index -= 1;
                positions[walk.index] = walk.at;
                let previous = shards.shard(group[walk.trace]).previous(walk.at);
                previous.inspect(|&previous| walk.at = previous).is_some()
            });
        }
    }

    /// Returns the records of each trace of the group.
    pub(super) fn records<'a>(
        &'a self,
        shards: &'a FrozenShards<'_>,
        group: &'a [TraceRef],
    ) -> impl Iterator<Item = impl Iterator<Item = Record<'a>> + use<'a>> + use<'a> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        group.iter().zip(starts.zip(&self.ends)).map(|(&place, (start, &end))| {
            let shard = shards.shard(place);
            self.positions[start..end].iter().map(move |&at| shard.record(at))
        })
    }
}
