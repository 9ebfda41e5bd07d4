//! A trace of which a hot generation has the root.

use hot::{Generation, Position, Shard, Slot, Trace};
use record::{Reader, take_operation};
use span::{Status, Timestamp, TraceId, TraceSummary};

use super::listing::Listing;
use super::moment::{Again, counted};

/// Where it is, and how far its generation counts.
pub(super) struct HotTrace<'g> {
    pub(super) id: TraceId,
    pub(super) generation: &'g Generation,
    pub(super) shard: usize,
    pub(super) slot: Slot,
    pub(super) end: Position,
}

/// What the record of its root says, copied out: no shard is held.
pub(super) struct Root {
    pub(super) start: Timestamp,
    pub(super) duration: u64,
    has_failed: bool,
    operation: u32,
}

impl HotTrace<'_> {
    pub(super) fn root(&self) -> Result<Root, Again> {
        self.root_and(|_, _| ()).map(|(root, ())| root)
    }

    /// The root, and how many spans are inside the window and how they ended, if no other generation has any.
    pub(super) fn root_and_counts(&self, cutoff: Timestamp) -> Result<(Root, Option<(u64, Status)>), Again> {
        self.root_and(|shard, trace| {
            (!trace.is_split()).then(|| counted(shard.count(self.slot, cutoff, self.end)))
        })
    }

    /// The root, and what else is to be read while the shard is held.
    fn root_and<T>(&self, read: impl FnOnce(&Shard, &Trace) -> T) -> Result<(Root, T), Again> {
        let shard = self.generation.read(self.shard);
        let trace = shard.trace(self.slot).filter(|trace| trace.id() == self.id).ok_or(Again::Gone)?;
        let record = shard.root_record(self.slot, self.end).ok_or(Again::Gone)?;
        let root = Root {
            start: record.start(),
            duration: record.duration().expect("memory holds what was checked"),
            has_failed: record.is_error(),
            operation: record.operation(),
        };
        Ok((root, read(&shard, trace)))
    }

    pub(super) fn list(&self, listing: &mut Listing, root: &Root, (spans, status): (u64, Status)) {
        let operation = self.generation.operation(root.operation);
        let operation = take_operation(&mut Reader::new(&operation)).expect("memory holds what was checked");
        listing.push(&TraceSummary {
            trace_id: self.id,
            root_service: operation.service,
            root_name: operation.name,
            spans,
            start: root.start,
            duration: root.duration,
            root_failed: root.has_failed,
            status,
        });
    }
}
