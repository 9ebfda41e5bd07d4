//! The summaries of traces that a client asks for by id.

use std::sync::Arc;

use span::{TraceId, TraceSummary};

use super::hot_trace::HotTrace;
use super::listing::Listing;
use super::snapshot::Snapshot;
use crate::view::{Counts, DamagedSegment, LiveSegment, Piece, Pieces};

/// The piece with the root of a trace, and the counts of all pieces inside the window.
struct RootPiece {
    place: RootPlace,
    counts: Counts,
}

enum RootPlace {
    Row { segment: Arc<LiveSegment>, row: u32 },
    Hot { generation: Arc<hot::Generation>, shard: usize, slot: hot::Slot, end: hot::Position },
}

impl Snapshot {
    /// Returns the summaries of those traces that a list would show, in the order of `ids`.
    pub fn summaries(&self, ids: &[TraceId]) -> Listing {
        let mut listing = Listing::default();
        for &id in ids {
            self.push_summary(&mut listing, id);
        }
        listing.total = listing.len();
        listing.left_out = self.left_out();
        listing
    }

    fn push_summary(&self, listing: &mut Listing, id: TraceId) {
        let reader = self.reader();
        let Some(RootPiece { place, counts }) =
            reader.read(id, self.end_of(id), |pieces| self.root_piece(pieces))
        else {
            return;
        };
        match place {
            RootPlace::Row { segment, row } => {
                let read = || segment.file().summary(row).map_err(DamagedSegment::named(&segment));
                if let Some(summary) = reader.read_segment(&segment, read) {
                    listing.push(&TraceSummary { spans: counts.spans, status: counts.status(), ..summary });
                }
            }
            RootPlace::Hot { generation, shard, slot, end } => {
                let trace = HotTrace { id, generation: &generation, shard, slot, end };
                // A trace that was forgotten since the snapshot is outside of the window by now.
                if let Ok(root) = trace.root() {
                    trace.list(listing, &root, counts);
                }
            }
        }
    }

    /// Returns `None` if the trace has no root inside the window.
    fn root_piece(&self, pieces: &Pieces) -> Result<Option<RootPiece>, DamagedSegment> {
        let Some(root) = pieces.root()?.filter(|&(start, ..)| start >= self.cutoff()) else {
            return Ok(None);
        };
        let counts = pieces.count(self.cutoff())?;
        for piece in pieces.iter() {
            if piece.root()? == Some(root) {
                return Ok(Some(RootPiece { place: RootPlace::of(piece), counts }));
            }
        }
        Ok(None)
    }
}

impl RootPlace {
    fn of(piece: &Piece) -> Self {
        match piece {
            Piece::Row { segment, row } => Self::Row { segment: Arc::clone(segment), row: *row },
            Piece::Hot { generation, shard, slot, end } => {
                Self::Hot { generation: Arc::clone(generation), shard: *shard, slot: *slot, end: *end }
            }
        }
    }
}
