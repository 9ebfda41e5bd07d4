//! The summaries of traces that a client asks for by id.

use budget::{Permit, Shortage};
use hot::RootOrder;
use span::{TraceId, TraceSummary};

use super::hot_trace::HotTrace;
use super::listing::Listing;
use super::snapshot::Snapshot;
use crate::view::{Counts, DamagedSegment, HotPiece, Piece, Pieces, smaller_root};

/// After this many traces the question may rest or end.
const IDS_BETWEEN: usize = 128;

/// The piece with the root of a trace, or with the span that stands for it, and the counts of all pieces inside the
/// window.
struct RootPiece {
    piece: Piece,
    is_rootless: bool,
    counts: Counts,
}

impl Snapshot {
    /// Returns the summaries of those traces that a list would show, in the order of `ids`, and of rootless ones.
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
        let Some(RootPiece { piece, is_rootless, counts }) =
            reader.read(id, self.end_of(id), |pieces| self.root_piece(pieces))
        else {
            return;
        };
        match piece {
            Piece::Row { segment, row } => {
                let (file, named) = (segment.file(), DamagedSegment::named(&segment));
                let read = || {
                    if is_rootless {
                        file.rootless_summary(row, self.cutoff())
                    } else {
                        file.summary(row).map(Some)
                    }
                };
                if let Some(Some(summary)) = reader.read_segment(&segment, || read().map_err(named)) {
                    listing.push(&TraceSummary { spans: counts.spans, status: counts.status(), ..summary });
                }
            }
            Piece::Hot(HotPiece { generation, shard, slot, end }) => {
                let trace = HotTrace { id, generation: &generation, shard, slot, end };
                // A trace that was forgotten since the snapshot is outside of the window by now.
                let root = if is_rootless { trace.earliest(self.cutoff()) } else { trace.root() };
                if let Ok(root) = root {
                    trace.list(listing, &root, counts);
                }
            }
        }
    }

    /// Returns `None` if the root has left the window, or all spans have.
    fn root_piece(&self, pieces: &Pieces) -> Result<Option<RootPiece>, DamagedSegment> {
        let found = match pieces.root()? {
            Some((start, ..)) if start < self.cutoff() => None,
            Some(root) => piece_with(pieces, root, Piece::root)?.map(|piece| (piece, false)),
            None => self.earliest_piece(pieces)?.map(|piece| (piece, true)),
        };
        let Some((piece, is_rootless)) = found else { return Ok(None) };
        Ok(Some(RootPiece { piece, is_rootless, counts: pieces.count(self.cutoff())? }))
    }

    /// Returns the piece with the earliest span inside the window.
    fn earliest_piece(&self, pieces: &Pieces) -> Result<Option<Piece>, DamagedSegment> {
        let earliest = |piece: &Piece| piece.earliest(self.cutoff());
        let mut order = None;
        for piece in pieces.iter() {
            order = smaller_root(order, earliest(piece)?);
        }
        order.map_or(Ok(None), |order| piece_with(pieces, order, earliest))
    }
}

fn piece_with(
    pieces: &Pieces,
    order: RootOrder,
    order_of: impl Fn(&Piece) -> Result<Option<RootOrder>, DamagedSegment>,
) -> Result<Option<Piece>, DamagedSegment> {
    for piece in pieces.iter() {
        if order_of(piece)? == Some(order) {
            return Ok(Some(piece.clone()));
        }
    }
    Ok(None)
}
