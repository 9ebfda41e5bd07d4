//! The pieces of a trace: what each generation and each segment has of it.

use std::sync::Arc;

use hot::{Generation, Hash, Position, RootOrder, Slot};
use span::{Timestamp, TraceId};

use super::damaged_segment::DamagedSegment;
use super::left_out::LeftOut;
use super::live_segment::LiveSegment;
use super::rows::{Counts, root_of_row, smaller_root, spans_since};
use super::view::View;
use crate::directory::{Directory, RowRef};

/// The spans of a trace in one generation, or in several that were merged.
#[derive(Clone)]
pub(crate) enum Piece {
    Hot(HotPiece),
    Row { segment: Arc<LiveSegment>, row: u32 },
}

/// The spans of a trace in one generation in memory.
#[derive(Clone)]
pub(crate) struct HotPiece {
    pub(crate) generation: Arc<Generation>,
    pub(crate) shard: usize,
    pub(crate) slot: Slot,
    /// The position up to which the shard counts.
    pub(crate) end: Position,
}

/// All pieces of a trace in one view, the oldest first.
pub(crate) struct Pieces(Vec<Piece>);

/// Finds the pieces of one trace in one view.
#[derive(Clone, Copy)]
pub(crate) struct PieceFinder<'a> {
    pub(crate) view: &'a View,
    pub(crate) directory: &'a Directory,
    pub(crate) left_out: &'a LeftOut,
    pub(crate) id: TraceId,
    pub(crate) hash: Hash,
    pub(crate) shard: usize,
    /// The position up to which the shard of the open generation counts.
    pub(crate) end: Position,
}

impl PieceFinder<'_> {
    /// Finds the pieces of the trace as it is now, without those of an earlier trace with the same id, whose spans
    /// had all left the window when this one began.
    pub(crate) fn find(&self) -> Result<Pieces, DamagedSegment> {
        let mut pieces = self.find_all()?.0;
        for at in (1..pieces.len()).rev() {
            if pieces[at].begins_trace()? {
                pieces.drain(..at);
                break;
            }
        }
        Ok(Pieces(pieces))
    }

    /// Finds all pieces with this id, including those of earlier traces.
    pub(crate) fn find_all(&self) -> Result<Pieces, DamagedSegment> {
        let rows = self.rows()?;
        let mut pieces: Vec<Piece> =
            rows.into_iter().map(|(segment, row)| Piece::Row { segment, row }).collect();
        let frozen = self.view.frozen().iter().map(|generation| (generation, Position::MAX));
        for (generation, end) in frozen.chain([(self.view.open(), self.end)]) {
            let shard = generation.read(self.shard);
            let Some(slot) = shard.find(self.hash, self.id) else { continue };
            if shard.records(slot, end).next().is_none() {
                continue;
            }
            let generation = Arc::clone(generation);
            pieces.push(Piece::Hot(HotPiece { generation, shard: self.shard, slot, end }));
        }
        Ok(Pieces(pieces))
    }

    /// Returns the rows of the trace, the oldest first. The caller holds no lock, because this reads ids from
    /// segments.
    pub(crate) fn rows(&self) -> Result<Vec<(Arc<LiveSegment>, u32)>, DamagedSegment> {
        let mut rows = Vec::new();
        for place in self.directory.find(self.hash) {
            rows.extend(self.row_at(place)?.map(|segment| (segment, place.row)));
        }
        rows.sort_by_key(|(segment, _)| segment.file().meta().generations.first);
        Ok(rows)
    }

    fn row_at(&self, place: RowRef) -> Result<Option<Arc<LiveSegment>>, DamagedSegment> {
        // Order: before the segment is read. Its ids may be what is damaged, and they would be read again and again.
        if self.view.segment(place.segment).is_some_and(|segment| self.left_out.contains(segment)) {
            return Ok(None);
        }
        self.view.row_of(place, self.id)
    }
}

impl View {
    /// Returns the segment of a row, if the segment is in this view and the row is the trace's. The directory has
    /// only a part of the id's hash, so its rows may be other traces'.
    pub(crate) fn row_of(
        &self,
        place: RowRef,
        id: TraceId,
    ) -> Result<Option<Arc<LiveSegment>>, DamagedSegment> {
        // The segment may not be in this view yet, or a later segment may have its number by now.
        let is_in = |segment: &&Arc<LiveSegment>| place.row < segment.file().meta().traces;
        let Some(segment) = self.segment(place.segment).filter(is_in) else {
            return Ok(None);
        };
        let found = segment.file().trace_id(place.row).map_err(DamagedSegment::named(segment))?;
        Ok((found == id).then(|| Arc::clone(segment)))
    }
}

impl Pieces {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Piece> {
        self.0.iter()
    }

    /// Returns the root of the trace, even if it was evicted but is still in a carryover.
    pub(crate) fn root(&self) -> Result<Option<RootOrder>, DamagedSegment> {
        let mut root = None;
        for piece in &self.0 {
            root = smaller_root(root, piece.root()?);
        }
        Ok(root)
    }

    /// Returns the start of the latest span in pieces that are in none of `segments`, or `None` if there is no such
    /// piece.
    pub(crate) fn latest_outside(
        &self,
        segments: &[Arc<LiveSegment>],
    ) -> Result<Option<Timestamp>, DamagedSegment> {
        let mut latest = None;
        for piece in self.0.iter().filter(|piece| !piece.is_in(segments)) {
            latest = latest.max(Some(piece.latest()?));
        }
        Ok(latest)
    }

    /// Returns the counts of all pieces, for spans that start at or after `cutoff`.
    pub(crate) fn count(&self, cutoff: Timestamp) -> Result<Counts, DamagedSegment> {
        let mut counts = Counts::default();
        for piece in &self.0 {
            counts.add(piece.count(cutoff)?);
        }
        Ok(counts)
    }
}

impl Piece {
    /// Whether earlier pieces with the same id belong to another trace.
    fn begins_trace(&self) -> Result<bool, DamagedSegment> {
        match self {
            Self::Hot(HotPiece { generation, shard, slot, .. }) => {
                Ok(generation.read(*shard).trace(*slot).is_some_and(hot::Trace::begins))
            }
            Self::Row { segment, row } => {
                let carryover = segment.file().carryover(*row).map_err(DamagedSegment::named(segment))?;
                Ok(carryover.begins)
            }
        }
    }

    fn is_in(&self, segments: &[Arc<LiveSegment>]) -> bool {
        match self {
            Self::Hot(_) => false,
            Self::Row { segment, .. } => segments.iter().any(|one| Arc::ptr_eq(one, segment)),
        }
    }

    /// Returns the start of the latest span. Spans that arrived after `end` count, too: they cannot continue a
    /// trace that was over.
    fn latest(&self) -> Result<Timestamp, DamagedSegment> {
        match self {
            Self::Hot(HotPiece { generation, shard, slot, .. }) => {
                Ok(generation.read(*shard).trace(*slot).map_or(Timestamp::MIN, hot::Trace::latest))
            }
            Self::Row { segment, row } => {
                let mut latest = Timestamp::MIN;
                let each = |start: Timestamp, _| latest = latest.max(start);
                segment.file().for_each_start(*row, each).map_err(DamagedSegment::named(segment))?;
                Ok(latest)
            }
        }
    }

    /// Returns the smallest root of the piece, including an evicted one in its carryover.
    pub(crate) fn root(&self) -> Result<Option<RootOrder>, DamagedSegment> {
        match self {
            Self::Hot(HotPiece { generation, shard, slot, end }) => {
                Ok(generation.read(*shard).root_before(*slot, *end))
            }
            Self::Row { segment, row } => root_of_row(segment, *row).map_err(DamagedSegment::named(segment)),
        }
    }

    /// Returns the earliest span that starts at or after `cutoff`, of a piece without a root.
    pub(crate) fn earliest(&self, cutoff: Timestamp) -> Result<Option<RootOrder>, DamagedSegment> {
        match self {
            Self::Hot(HotPiece { generation, shard, slot, end }) => {
                let shard = generation.read(*shard);
                Ok(shard.earliest(*slot, cutoff, *end).map(|record| shard.root_order(&record)))
            }
            Self::Row { segment, row } => {
                segment.file().earliest(*row, cutoff).map_err(DamagedSegment::named(segment))
            }
        }
    }

    fn count(&self, cutoff: Timestamp) -> Result<Counts, DamagedSegment> {
        match self {
            Self::Hot(HotPiece { generation, shard, slot, end }) => {
                let (spans, has_error) = generation.read(*shard).count(*slot, cutoff, *end);
                Ok(Counts { spans, has_error })
            }
            Self::Row { segment, row } => {
                spans_since(segment, *row, cutoff).map_err(DamagedSegment::named(segment))
            }
        }
    }
}
