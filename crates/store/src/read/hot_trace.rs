//! A trace whose root is in memory, or the span that stands for it.

use hot::{Generation, Position, Shard, Slot, Trace};
use record::{Reader, Record, take_operation};
use span::{Timestamp, TraceId, TraceSummary};

use super::listing::Listing;
use crate::view::Counts;

/// The position of the trace, and up to where its generation counts.
pub(super) struct HotTrace<'g> {
    pub(super) id: TraceId,
    pub(super) generation: &'g Generation,
    pub(super) shard: usize,
    pub(super) slot: Slot,
    pub(super) end: Position,
}

/// A copy of the root's record, so that no shard is held.
pub(super) struct HotTraceRoot {
    pub(super) start: Timestamp,
    pub(super) duration: u64,
    is_rootless: bool,
    has_failed: bool,
    operation: u32,
}

impl HotTraceRoot {
    fn of(record: &Record<'_>) -> Self {
        Self {
            start: record.start(),
            duration: record.duration().expect("records in memory were checked"),
            is_rootless: false,
            has_failed: record.is_error(),
            operation: record.operation(),
        }
    }
}

/// The trace left the window after the snapshot was taken, and its id began another trace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Forgotten;

impl HotTrace<'_> {
    pub(super) fn root(&self) -> Result<HotTraceRoot, Forgotten> {
        self.root_and(|_, _| ()).map(|(root, ())| root)
    }

    /// Returns the root, and the counts of the trace inside the window if no other generation has pieces of it.
    pub(super) fn root_and_counts(
        &self,
        cutoff: Timestamp,
    ) -> Result<(HotTraceRoot, Option<Counts>), Forgotten> {
        self.root_and(|shard, trace| {
            let (spans, has_error) = (!trace.is_split()).then(|| shard.count(self.slot, cutoff, self.end))?;
            Some(Counts { spans, has_error })
        })
    }

    /// Returns the root and the result of `read`, which is called while the shard is held.
    fn root_and<T>(&self, read: impl FnOnce(&Shard, &Trace) -> T) -> Result<(HotTraceRoot, T), Forgotten> {
        let shard = self.generation.read(self.shard);
        let trace = shard.trace(self.slot).filter(|trace| trace.id() == self.id).ok_or(Forgotten)?;
        let record = shard.root_record(self.slot, self.end).ok_or(Forgotten)?;
        Ok((HotTraceRoot::of(&record), read(&shard, trace)))
    }

    /// Returns the earliest span inside the window, for a trace without a root.
    pub(super) fn earliest(&self, cutoff: Timestamp) -> Result<HotTraceRoot, Forgotten> {
        let shard = self.generation.read(self.shard);
        let is_there = shard.trace(self.slot).is_some_and(|trace| trace.id() == self.id);
        let record = shard.earliest(self.slot, cutoff, self.end).filter(|_| is_there).ok_or(Forgotten)?;
        Ok(HotTraceRoot { is_rootless: true, ..HotTraceRoot::of(&record) })
    }

    pub(super) fn list(&self, listing: &mut Listing, root: &HotTraceRoot, counts: Counts) {
        let operation = self.generation.operation(root.operation);
        let operation = take_operation(&mut Reader::new(&operation)).expect("records in memory were checked");
        listing.push(&TraceSummary {
            trace_id: self.id,
            root_service: operation.service,
            root_name: operation.name,
            spans: counts.spans,
            is_rootless: root.is_rootless,
            start: root.start,
            duration: root.duration,
            root_failed: root.has_failed,
            status: counts.status(),
        });
    }
}
