//! Reads the pieces of one trace, and leaves out damaged segments.

use std::sync::Arc;

use hot::Position;
use span::TraceId;

use crate::catalog::Catalog;
use crate::quarantine::Quarantine;
use crate::view::{DamagedSegment, LeftOut, LiveSegment, Pieces, View};

/// The part of a snapshot that every question needs.
pub(super) struct PieceReader {
    catalog: Arc<Catalog>,
    quarantine: Arc<Quarantine>,
    view: Arc<View>,
    left_out: LeftOut,
}

impl PieceReader {
    pub(super) fn new(catalog: &Arc<Catalog>, quarantine: &Arc<Quarantine>, view: Arc<View>) -> Self {
        Self {
            catalog: Arc::clone(catalog),
            quarantine: Arc::clone(quarantine),
            view,
            left_out: LeftOut::default(),
        }
    }

    pub(super) fn view(&self) -> &View {
        &self.view
    }

    /// Returns the part of a trace if all traces are divided into so many parts.
    pub(super) fn part_of(&self, id: TraceId, parts: u64) -> u64 {
        self.catalog.router().hash(id).0 % parts
    }

    /// Returns the shard of a trace.
    pub(super) fn shard_of(&self, id: TraceId) -> usize {
        let router = self.catalog.router();
        router.shard(router.hash(id))
    }

    /// Calls `read` with the pieces of a trace; its shard of the open generation counts up to `end`. A segment that
    /// turns out to be damaged is left out, and the trace is read again without it.
    pub(super) fn read<T>(
        &self,
        id: TraceId,
        end: Position,
        read: impl Fn(&Pieces) -> Result<T, DamagedSegment>,
    ) -> T {
        let find = || self.catalog.finder(&self.view, &self.left_out, id, end).find();
        loop {
            match self.settled(|| find().and_then(|pieces| read(&pieces))) {
                Ok(value) => return value,
                Err(damaged) => self.leave_out(&damaged),
            }
        }
    }

    /// Returns what `ask` returns, which has read nothing that was lost.
    pub(super) fn settled<T>(&self, ask: impl Fn() -> T) -> T {
        self.catalog.settled(ask)
    }

    /// Reads from one segment, for a question that is asked until it is settled. Returns `None` if the segment is left out.
    pub(super) fn read_segment<T>(
        &self,
        segment: &Arc<LiveSegment>,
        read: impl FnOnce() -> Result<T, DamagedSegment>,
    ) -> Option<T> {
        if self.left_out.contains(segment) {
            return None;
        }
        match read() {
            // It may have been left out while this ran, by a trace with another piece in it.
            Ok(value) => (!self.left_out.contains(segment)).then_some(value),
            Err(damaged) => {
                self.leave_out(&damaged);
                None
            }
        }
    }

    /// Leaves a damaged segment out of this snapshot's answers, and takes it out of all later snapshots.
    pub(super) fn leave_out(&self, damaged: &DamagedSegment) {
        if self.left_out.add(damaged.segment()) {
            self.quarantine.take_out(damaged);
        }
    }

    /// Returns how many damaged segments the answers do without.
    pub(super) fn left_out(&self) -> usize {
        self.left_out.count()
    }
}
