//! The summaries of traces that a client asks for by id.

use budget::{Permit, Shortage};
use span::{TraceId, TraceSummary};

use super::hot_trace::HotTrace;
use super::listing::Listing;
use super::snapshot::Snapshot;
use crate::view::{Counts, DamagedSegment, HotPiece, Piece, Pieces};

/// After this many traces the question may rest or end.
const IDS_BETWEEN: usize = 128;

/// The piece with the root of a trace, and the counts of all pieces inside the window.
struct RootPiece {
    piece: Piece,
    counts: Counts,
}

impl Snapshot {
    /// Returns the summaries of those traces that a list would show, in the order of `ids`.
    pub fn summaries(&self, ids: &[TraceId]) -> Listing {
        self.summaries_within(ids, None).expect("without a permit there is no shortage")
    }

    /// Returns the summaries as [`summaries`](Self::summaries) does. `memory` grows with them.
    ///
    /// # Errors
    /// If the permit cannot grow.
    pub fn summaries_within(&self, ids: &[TraceId], memory: Option<&Permit>) -> Result<Listing, Shortage> {
        let mut listing = self.ask_until_settled(|| {
            let mut listing = Listing::default();
            for (number, &id) in ids.iter().enumerate() {
                if number.is_multiple_of(IDS_BETWEEN) && self.is_stopped() {
                    break;
                }
                listing.pay(memory)?;
                self.push_summary(&mut listing, id);
            }
            Ok(listing)
        })?;
        listing.total = listing.len();
        listing.left_out = self.left_out();
        Ok(listing)
    }

    fn push_summary(&self, listing: &mut Listing, id: TraceId) {
        let reader = self.reader();
        let Some(RootPiece { piece, counts }) =
            reader.read(id, self.end_of(id), |pieces| self.root_piece(pieces))
        else {
            return;
        };
        match piece {
            Piece::Row { segment, row } => {
                let read = || segment.file().summary(row).map_err(DamagedSegment::named(&segment));
                if let Some(summary) = reader.read_segment(&segment, read) {
                    listing.push(&TraceSummary { spans: counts.spans, status: counts.status(), ..summary });
                }
            }
            Piece::Hot(HotPiece { generation, shard, slot, end }) => {
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
                return Ok(Some(RootPiece { piece: piece.clone(), counts }));
            }
        }
        Ok(None)
    }
}
