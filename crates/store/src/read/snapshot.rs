//! One state of the store.

use std::sync::Arc;

use hot::{Position, RootVersion};
use span::{TimeRange, Timestamp, TraceId};

use super::piece_reader::PieceReader;
use super::segment_roots::SegmentRoots;
use super::trace_snapshot::spans_of;
use super::trace_spans::TraceSpans;
use crate::catalog::Catalog;
use crate::quarantine::Quarantine;
use crate::view::{Counts, SupersededRows, View};
use crate::window::Window;

/// One state of the store, which questions are asked of: every span that was acknowledged before it was taken, each
/// once, and none of a batch of which another span is missing in the same shard.
///
/// To take one costs a look at every shard and every segment; nothing is read. It holds no lock. While it lives, the
/// memory and the files of what it sees are kept, so it should not live long.
pub struct Snapshot {
    reader: PieceReader,
    taken_at: Timestamp,
    cutoff: Timestamp,
    /// Where each shard of the open generation ended. Records do not move, and later ones stand behind.
    ends: Vec<Position>,
    /// The listed roots of each shard of each generation, the open one last.
    root_versions: Vec<Vec<RootVersion>>,
    /// The superseded roots of each segment of the view.
    superseded: Vec<SupersededRows>,
}

impl Snapshot {
    pub(super) fn take(
        catalog: &Arc<Catalog>,
        window: &Window,
        quarantine: &Arc<Quarantine>,
        now: Timestamp,
    ) -> Self {
        loop {
            let view = catalog.views().current();
            // Held together, so that no writer is in any shard: marks and roots are of one moment, too.
            let open = view.open().read_all();
            if open.iter().any(|shard| shard.epoch != view.epoch()) {
                continue;
            }
            let mut root_versions: Vec<Vec<RootVersion>> = view.frozen().iter().map(versions_of).collect();
            root_versions.push(open.iter().map(|shard| shard.root_version()).collect());
            let ends = open.iter().map(|shard| shard.end()).collect();
            let superseded = view.segments().iter().map(|segment| segment.superseded_rows()).collect();
            // Order: while the shards are held. A writer that begins a trace anew, because all of it has left the window,
            // is then seen only together with a cutoff that has passed the old spans.
            let cutoff = window.cutoff(now);
            drop(open);
            let reader = PieceReader::new(catalog, quarantine, view);
            return Self { reader, taken_at: now, cutoff, ends, root_versions, superseded };
        }
    }

    /// The start time from which spans are in its answers.
    pub fn cutoff(&self) -> Timestamp {
        self.cutoff
    }

    /// The instant that it was taken for.
    pub fn taken_at(&self) -> Timestamp {
        self.taken_at
    }

    /// How many segments its answers so far did without, because they are damaged.
    pub fn left_out(&self) -> usize {
        self.reader.left_out()
    }

    /// The spans of a trace; none where it is not inside the window.
    pub fn trace(&self, id: TraceId) -> Option<TraceSpans> {
        spans_of(&self.reader, id, self.end_of(id), self.cutoff)
    }

    /// How many traces have a root that starts in the range.
    pub fn count(&self, range: TimeRange) -> usize {
        let hot = self.hot_roots(range, 0).total;
        hot + self.segment_roots(range).iter().map(SegmentRoots::listed).sum::<usize>()
    }

    pub(super) fn reader(&self) -> &PieceReader {
        &self.reader
    }

    pub(super) fn view(&self) -> &View {
        self.reader.view()
    }

    /// How far the open generation counts for a trace.
    pub(super) fn end_of(&self, id: TraceId) -> Position {
        self.ends[self.reader.shard_of(id)]
    }

    pub(super) fn end_of_shard(&self, shard: usize) -> Position {
        self.ends[shard]
    }

    pub(super) fn root_versions(&self) -> &[Vec<RootVersion>] {
        &self.root_versions
    }

    pub(super) fn superseded(&self) -> &[SupersededRows] {
        &self.superseded
    }

    /// What all pieces of a trace have inside the window.
    pub(super) fn counts_of(&self, id: TraceId) -> Counts {
        self.reader.read(id, self.end_of(id), |pieces| pieces.count(self.cutoff))
    }
}

fn versions_of(generation: &Arc<hot::Generation>) -> Vec<RootVersion> {
    (0..generation.shard_count()).map(|shard| generation.read(shard).root_version()).collect()
}
