//! The summaries of single traces.

use record::{Reader, take_operation};
use span::{TimeRange, Timestamp, TraceId, TraceSummary};

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
        let Some(root) = pieces.root()?.filter(|&(start, _)| start >= moment.cutoff) else { return Ok(()) };
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
    fn push_summary(
        &self,
        listing: &mut Listing,
        id: TraceId,
        (spans, status): (u64, span::Status),
    ) -> Result<(), Again> {
        match self {
            Self::Row { unit, row } => {
                let summary = unit.segment.summary(*row).map_err(Fault::of(unit))?;
                listing.push(&TraceSummary { spans, status, ..summary });
            }
            Self::Hot { generation, shard, slot, end } => {
                let shard = generation.read(*shard);
                let is_it = shard.trace(*slot).is_some_and(|trace| trace.id() == id);
                let record = shard.root_record(*slot, *end).filter(|_| is_it).ok_or(Again::Gone)?;
                let operation = generation.operation(record.operation());
                let operation =
                    take_operation(&mut Reader::new(&operation)).expect("memory holds what was checked");
                listing.push(&TraceSummary {
                    trace_id: id,
                    root_service: operation.service,
                    root_name: operation.name,
                    spans,
                    start: record.start(),
                    duration: record.duration().expect("memory holds what was checked"),
                    root_failed: record.is_error(),
                    status,
                });
            }
        }
        Ok(())
    }
}
