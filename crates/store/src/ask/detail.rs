//! One trace.

use span::{Timestamp, TraceId};

use super::piece::{Piece, Pieces, Wanted};
use super::trace_spans::TraceSpans;
use crate::fault::Fault;
use crate::store::Store;

impl Store {
    /// The spans of a trace, or nothing where it is not inside the window.
    pub fn trace(&self, id: TraceId, now: Timestamp) -> Option<TraceSpans> {
        loop {
            match self.try_trace(id, now) {
                Ok(answer) => return answer,
                Err(fault) => self.set_aside(&fault),
            }
        }
    }

    fn try_trace(&self, id: TraceId, now: Timestamp) -> Result<Option<TraceSpans>, Fault> {
        let hash = self.router.hash(id);
        let shard = self.router.shard(hash);
        let (view, end, cutoff) = loop {
            let view = self.views.current();
            let open = view.open.read(shard);
            if open.epoch == view.epoch {
                // Order: the edge of the window while the shard is held, so that a writer that began a trace
                // anew, because all of it was outside, is not overtaken by an older edge.
                let (end, cutoff) = (open.end(), self.window.cutoff(now));
                drop(open);
                break (view, end, cutoff);
            }
        };
        let pieces = Pieces::find(&view, &self.directory, Wanted { id, hash, shard, end })?;
        if pieces.root()?.is_some_and(|(start, ..)| start < cutoff) {
            return Ok(None);
        }
        let mut spans = TraceSpans::new(id);
        for piece in &pieces.0 {
            match piece {
                Piece::Hot { generation, shard, slot, end } => {
                    spans.add_hot(generation, *shard, (*slot, *end), cutoff);
                }
                Piece::Row { unit, row } => {
                    spans.add_row(unit, *row, cutoff).map_err(Fault::of(unit))?;
                }
            }
        }
        Ok(spans.finish())
    }
}
