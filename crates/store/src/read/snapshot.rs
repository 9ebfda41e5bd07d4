//! A snapshot: one state of the store that questions are asked of.

use std::sync::Arc;

use hot::{Position, RootVersion};
use span::{Timestamp, TraceId};

use super::no_trace::NoTrace;
use super::piece_reader::PieceReader;
use super::trace_snapshot::spans_of;
use super::trace_spans::TraceSpans;
use crate::catalog::Catalog;
use crate::clock::Now;
use crate::quarantine::Quarantine;
use crate::view::{Counts, SupersededRows, View};
use crate::window::Window;

/// One state of the store, which questions are asked of. It has every span that was acknowledged before it was taken,
/// each once. If it has one span of a batch, it has all spans of the batch in the same shard.
///
/// A trace that leaves the window while the snapshot lives may be missing from its answers, or parts of it.
///
/// Taking a snapshot visits every shard and every segment, but reads no spans. A snapshot holds no lock. While it
/// lives, the memory and the files of its view are kept, so it should not live long.
pub struct Snapshot {
    reader: PieceReader,
    taken_at: Timestamp,
    cutoff: Timestamp,
    /// The end of each shard of the open generation. Records do not move, and newer ones have greater positions.
    ends: Vec<Position>,
    /// The version of the listed roots in each shard of each generation, the open one last.
    root_versions: Vec<Vec<RootVersion>>,
    /// The superseded roots of each segment of the view.
    superseded: Vec<SupersededRows>,
    goes_on: Option<Box<dyn Fn() -> bool + Send + Sync>>,
}

impl Snapshot {
    pub(super) fn take(
        catalog: &Arc<Catalog>,
        window: &Window,
        quarantine: &Arc<Quarantine>,
        now: Now,
    ) -> Self {
        loop {
            let view = catalog.views().current();
            // All shards are held together, so that no writer is in any of them. A writer marks traces and unlists roots
            // in older generations and in segments only while it holds a shard, so these are of one moment, too.
            let open = view.open().read_all();
            // A change of the view came between the two lines above. The next attempt takes the new view.
            if open.iter().any(|shard| shard.epoch != view.epoch()) {
                continue;
            }
            let mut root_versions: Vec<Vec<RootVersion>> = view.frozen().iter().map(versions_of).collect();
            root_versions.push(open.iter().map(|shard| shard.root_version()).collect());
            let ends = open.iter().map(|shard| shard.end()).collect();
            let superseded = view.segments().iter().map(|segment| segment.superseded_rows()).collect();
            // Order: while the shards are held. A writer forgets a trace when all of it has left the window, and its
            // id may begin another trace. A snapshot that sees the new trace then has a cutoff that excludes the old
            // one.
            let cutoff = window.cutoff(now);
            drop(open);
            let reader = PieceReader::new(catalog, quarantine, view);
            return Self {
                reader,
                taken_at: now.time(),
                cutoff,
                ends,
                root_versions,
                superseded,
                goes_on: None,
            };
        }
    }

    /// Lets questions about many traces call `goes_on` from time to time, while they hold no lock. It may take its time, so
    /// that others have the cores. Once it returns false the question ends: nobody wants its answer, which then is a
    /// part of the right one.
    #[must_use]
    pub fn with_pace(self, goes_on: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { goes_on: Some(Box::new(goes_on)), ..self }
    }

    /// Whether the question is to end here. Called by long questions after every few hundred traces.
    pub(super) fn is_stopped(&self) -> bool {
        self.goes_on.as_ref().is_some_and(|goes_on| !goes_on())
    }

    /// Returns the start time from which spans are in the answers.
    pub fn cutoff(&self) -> Timestamp {
        self.cutoff
    }

    /// Returns the time that the snapshot was taken for.
    pub fn taken_at(&self) -> Timestamp {
        self.taken_at
    }

    /// Returns how many damaged segments the answers so far did without. Segments that were taken out before count only
    /// while their roots may still hide others.
    pub fn left_out(&self) -> usize {
        self.reader.left_out() + self.view().unrestored()
    }

    /// Returns the spans of a trace.
    ///
    /// # Errors
    /// If it is not inside the window, as far as the segments can be read.
    pub fn trace(&self, id: TraceId) -> Result<TraceSpans, NoTrace> {
        spans_of(&self.reader, (id, self.end_of(id)), self.cutoff, None)
    }

    /// Returns what `ask` returns. It is asked again if it met damage: it may have counted a segment before another part of
    /// the segment turned out to be damaged, or was lost, and an answer has all of a segment or nothing of it. A snapshot
    /// leaves out each segment once, so this ends.
    pub(super) fn ask_until_settled<T>(&self, ask: impl Fn() -> T) -> T {
        loop {
            let left_out = self.reader.left_out();
            let answer = self.reader.settled(&ask);
            if self.reader.left_out() == left_out {
                return answer;
            }
        }
    }

    pub(super) fn reader(&self) -> &PieceReader {
        &self.reader
    }

    pub(super) fn view(&self) -> &View {
        self.reader.view()
    }

    /// Returns the position up to which the open generation counts for a trace.
    pub(super) fn end_of(&self, id: TraceId) -> Position {
        self.ends[self.reader.shard_of(id)]
    }

    pub(super) fn end_of_shard(&self, shard: usize) -> Position {
        self.ends[shard]
    }

    /// Returns the position up to which a shard of a generation of the view counts.
    pub(super) fn end_in(&self, generation: &Arc<hot::Generation>, shard: usize) -> Position {
        if Arc::ptr_eq(generation, self.view().open()) { self.ends[shard] } else { Position::MAX }
    }

    pub(super) fn root_versions(&self) -> &[Vec<RootVersion>] {
        &self.root_versions
    }

    pub(super) fn superseded(&self) -> &[SupersededRows] {
        &self.superseded
    }

    /// Returns the counts of all pieces of a trace inside the window.
    pub(super) fn counts_of(&self, id: TraceId) -> Counts {
        self.reader.read(id, self.end_of(id), |pieces| pieces.count(self.cutoff))
    }
}

fn versions_of(generation: &Arc<hot::Generation>) -> Vec<RootVersion> {
    (0..generation.shard_count()).map(|shard| generation.read(shard).root_version()).collect()
}
