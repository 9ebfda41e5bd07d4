//! A snapshot of one trace. It is read from one shard and few segments, so only that shard is held.

use std::sync::Arc;

use budget::Permit;
use hot::Position;
use span::{Timestamp, TraceId};

use super::no_trace::NoTrace;
use super::piece_reader::PieceReader;
use super::trace_spans::TraceSpans;
use super::trace_spans_builder::TraceSpansBuilder;
use crate::catalog::Catalog;
use crate::clock::Now;
use crate::quarantine::Quarantine;
use crate::view::Piece;
use crate::window::Window;

/// Returns the spans of a trace as they are now, or an error if it is not inside the window.
pub(super) fn trace_now(
    catalog: &Arc<Catalog>,
    window: &Window,
    quarantine: &Arc<Quarantine>,
    (id, memory): (TraceId, Option<&Permit>),
    now: Now,
) -> Result<TraceSpans, NoTrace> {
    let shard = catalog.router().shard(catalog.router().hash(id));
    loop {
        let view = catalog.views().current();
        let open = view.open().read(shard);
        if open.epoch == view.epoch() {
            // Order: the cutoff while the shard is held, as in `Snapshot::take`.
            let (end, cutoff) = (open.end(), window.cutoff(now));
            drop(open);
            return spans_of(&PieceReader::new(catalog, quarantine, view), (id, end), cutoff, memory);
        }
    }
}

/// Returns the spans of a trace in a snapshot, or an error if it is not inside the window.
pub(super) fn spans_of(
    reader: &PieceReader,
    (id, end): (TraceId, Position),
    cutoff: Timestamp,
    memory: Option<&Permit>,
) -> Result<TraceSpans, NoTrace> {
    let spans = reader.read(id, end, |pieces| {
        // When the root leaves the window, the whole trace does, even if younger spans are still inside.
        if pieces.root()?.is_some_and(|(start, ..)| start < cutoff) {
            return Ok(Ok(None));
        }
        let mut spans = TraceSpansBuilder::new(id, memory);
        for piece in pieces.iter() {
            let added = match piece {
                Piece::Hot(piece) => spans.add_hot(piece, cutoff),
                Piece::Row { segment, row } => spans.add_row(segment, *row, cutoff)?,
            };
            if let Err(shortage) = added {
                return Ok(Err(shortage));
            }
        }
        Ok(spans.finish())
    });
    let left_out = reader.left_out();
    match spans {
        Ok(Some(spans)) => Ok(spans.with_left_out(left_out)),
        Ok(None) => Err(NoTrace::Absent { left_out }),
        Err(shortage) => Err(NoTrace::NoMemory(shortage)),
    }
}
