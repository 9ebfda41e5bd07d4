//! The summaries of single traces.

use span::{Status, TimeRange, Timestamp, TraceId, TraceSummary};

use super::hot_trace::HotTrace;
use super::listing::Listing;
use super::moment::{Again, Moment, counted};
use super::piece::{Piece, Pieces};
use crate::fault::Fault;
use crate::store::Store;

impl Store {
    /// The summaries of those of the traces that a list would have, in the order in which they are asked for.
    pub fn summaries(&self, ids: &[TraceId], now: Timestamp) -> Listing {
        self.ask(|| {
            // No hot root is looked for: an empty range has none.
            let nothing = TimeRange { from: Timestamp::MAX, until: Timestamp::MIN };
            let moment = self.moment(nothing, 0, now);
            let mut listing = Listing::default();
            for &id in ids {
                self.push_summary(&mut listing, &moment, id)?;
            }
            Ok(listing)
        })
    }

    fn push_summary(&self, listing: &mut Listing, moment: &Moment, id: TraceId) -> Result<(), Again> {
        let pieces = Pieces::find(&moment.view, &self.directory, self.wanted(moment, id))?;
        let Some(root) = pieces.root()?.filter(|&(start, ..)| start >= moment.cutoff) else { return Ok(()) };
        let counts = counted(pieces.count(moment.cutoff)?);
        for piece in &pieces.0 {
            if piece.root()? == Some(root) {
                listing.total += 1;
                return piece.push_summary(listing, id, counts);
            }
        }
        Ok(())
    }
}

impl Piece {
    /// Of a trace of which it has the root.
    fn push_summary(&self, listing: &mut Listing, id: TraceId, counts: (u64, Status)) -> Result<(), Again> {
        match self {
            Self::Row { unit, row } => {
                let summary = unit.segment.summary(*row).map_err(Fault::of(unit))?;
                let (spans, status) = counts;
                listing.push(&TraceSummary { spans, status, ..summary });
            }
            Self::Hot { generation, shard, slot, end } => {
                let trace = HotTrace { id, generation, shard: *shard, slot: *slot, end: *end };
                trace.list(listing, &trace.root()?, counts);
            }
        }
        Ok(())
    }
}
