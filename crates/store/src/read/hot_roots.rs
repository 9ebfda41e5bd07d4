//! The listed roots of generations in memory, as of a snapshot.

use hot::{Position, RootKey, RootRange, Slot};
use span::TimeRange;

use super::hot_trace::HotTrace;
use super::snapshot::Snapshot;

#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct HotRoot {
    pub(super) key: RootKey,
    /// The index of the generation: first the frozen ones, then the open one.
    generation: usize,
    shard: usize,
    slot: Slot,
}

pub(super) struct HotRoots {
    /// How many roots start in the range.
    pub(super) total: usize,
    /// The latest of them, in descending order.
    pub(super) latest: Vec<HotRoot>,
}

impl Snapshot {
    /// Returns how many roots start in the range, and the latest `limit` of them. Each shard is held while its keys
    /// are copied.
    pub(super) fn hot_roots(&self, range: TimeRange, limit: usize) -> HotRoots {
        let from = range.from.max(self.cutoff());
        let mut roots = HotRoots { total: 0, latest: Vec::new() };
        let generations = self.view().generations().zip(self.root_versions());
        for (generation, (hot, versions)) in generations.enumerate() {
            for (shard, &version) in versions.iter().enumerate() {
                let range = RootRange { from, until: range.until, version };
                let (total, latest) = hot.read(shard).listed(range, limit);
                roots.total += total;
                let latest = latest.into_iter();
                roots.latest.extend(latest.map(|(key, slot)| HotRoot { key, generation, shard, slot }));
            }
        }
        roots.latest.sort_unstable_by(|one, other| other.cmp(one));
        roots.latest.truncate(limit);
        roots
    }

    pub(super) fn hot_trace(&self, root: &HotRoot) -> HotTrace<'_> {
        let (generation, end) = match self.view().frozen().get(root.generation) {
            Some(generation) => (generation, Position::MAX),
            None => (self.view().open(), self.end_of_shard(root.shard)),
        };
        HotTrace { id: root.key.trace_id(), generation, shard: root.shard, slot: root.slot, end }
    }
}
