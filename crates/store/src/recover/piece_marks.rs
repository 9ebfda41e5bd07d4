//! Computes the marks of segments: which traces are split, and which roots are superseded. Both follow from the
//! pieces.

use std::collections::{BTreeMap, BTreeSet};

use hot::RootOrder;
use span::TraceId;

use crate::directory::RowRef;
use crate::view::{DamagedSegment, View, own_root, root_of_row, smaller_root};

/// Pairs of rows that may belong to one trace.
pub(super) type Meetings = Vec<(RowRef, RowRef)>;

/// A row, with the index of its segment in the view; the oldest segment is first.
type IndexedRow = (usize, u32);

/// Marks the pieces of every split trace.
pub(super) fn mark_pieces(view: &View, meetings: &Meetings) -> Result<(), DamagedSegment> {
    let mut traces: BTreeMap<TraceId, BTreeSet<IndexedRow>> = BTreeMap::new();
    for (one, other) in meetings {
        let (Some(one), Some(other)) = (row_at(view, *one)?, row_at(view, *other)?) else { continue };
        if one.0 == other.0 {
            traces.entry(one.0).or_default().extend([one.1, other.1]);
        }
    }
    for (index, segment) in view.segments().iter().enumerate() {
        let named = DamagedSegment::named(segment);
        for row in segment.file().rows_with_gone_root().map_err(&named)? {
            let id = segment.file().trace_id(row).map_err(&named)?;
            traces.entry(id).or_default().insert((index, row));
        }
    }
    traces.values().try_for_each(|rows| mark_trace(view, rows))
}

fn row_at(view: &View, place: RowRef) -> Result<Option<(TraceId, IndexedRow)>, DamagedSegment> {
    let index = view.segments().iter().position(|segment| segment.number() == place.segment);
    let Some(index) = index else { return Ok(None) };
    let segment = &view.segments()[index];
    let id = segment.file().trace_id(place.row).map_err(DamagedSegment::named(segment))?;
    Ok(Some((id, (index, place.row))))
}

fn mark_trace(view: &View, rows: &BTreeSet<IndexedRow>) -> Result<(), DamagedSegment> {
    let mut smallest: Option<RootOrder> = None;
    let mut rooted: Vec<(IndexedRow, RootOrder)> = Vec::new();
    for &(index, row) in rows {
        let segment = &view.segments()[index];
        let named = DamagedSegment::named(segment);
        if rows.len() > 1 {
            segment.mark_split(row);
        }
        if segment.file().carryover(row).map_err(&named)?.begins {
            // The older rows belong to an earlier trace with the same id.
            (smallest, rooted) = (None, Vec::new());
        }
        smallest = smaller_root(smallest, root_of_row(segment, row).map_err(&named)?);
        rooted.extend(own_root(segment, row).map_err(&named)?.map(|root| ((index, row), root)));
    }
    for ((index, row), _) in rooted.into_iter().filter(|&(_, root)| Some(root) != smallest) {
        view.segments()[index].supersede_root(row);
    }
    Ok(())
}
