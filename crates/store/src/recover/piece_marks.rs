//! Computes the marks of segments: which traces are split, and which roots are superseded. Both follow from the
//! pieces.

use hot::RootOrder;
use span::TraceId;
use sync::atomic::{AtomicUsize, Ordering};

use crate::directory::RowRef;
use crate::view::{DamagedSegment, View, own_root, root_of_row, smaller_root};

/// Groups of rows that may belong to one trace: the directory has only a part of the id's hash.
pub(super) type Meetings = Vec<Box<[RowRef]>>;

/// A thread takes so many groups at once.
const GROUPS_A_STEP: usize = 1024;

/// A row, with the index of its segment in the view; the oldest segment is first.
type IndexedRow = (usize, u32);

/// Marks the pieces of split traces. Several threads share the work by `next`, which counts the groups that were taken.
pub(super) fn mark_groups(
    view: &View,
    meetings: &Meetings,
    next: &AtomicUsize,
) -> Result<(), DamagedSegment> {
    let mut rows: Vec<(TraceId, IndexedRow)> = Vec::new();
    loop {
        let first = next.fetch_add(GROUPS_A_STEP, Ordering::Relaxed);
        let Some(groups) = meetings.get(first..meetings.len().min(first + GROUPS_A_STEP)) else {
            return Ok(());
        };
        if groups.is_empty() {
            return Ok(());
        }
        for group in groups {
            rows.clear();
            for &place in group {
                rows.extend(row_at(view, place)?);
            }
            rows.sort_unstable();
            rows.chunk_by(|(one, _), (other, _)| one == other)
                .filter(|trace| trace.len() > 1)
                .try_for_each(|trace| mark_trace(view, trace.iter().map(|&(_, row)| row)))?;
        }
    }
}

/// Marks the roots that an evicted root supersedes. The rows of split traces have their marks already.
pub(super) fn mark_gone_roots(view: &View) -> Result<(), DamagedSegment> {
    for (index, segment) in view.segments().iter().enumerate() {
        let gone = segment.file().rows_with_gone_root().map_err(DamagedSegment::named(segment))?;
        for row in gone.into_iter().filter(|&row| !segment.is_split(row)) {
            mark_trace(view, [(index, row)])?;
        }
    }
    Ok(())
}

fn row_at(view: &View, place: RowRef) -> Result<Option<(TraceId, IndexedRow)>, DamagedSegment> {
    let Some(index) = view.index_of(place.segment) else { return Ok(None) };
    let segment = &view.segments()[index];
    let id = segment.file().trace_id(place.row).map_err(DamagedSegment::named(segment))?;
    Ok(Some((id, (index, place.row))))
}

/// Marks the rows of one trace, which come in the order of their segments.
fn mark_trace(view: &View, rows: impl IntoIterator<Item = IndexedRow>) -> Result<(), DamagedSegment> {
    let rows: Vec<IndexedRow> = rows.into_iter().collect();
    let mut smallest: Option<RootOrder> = None;
    let mut rooted: Vec<(IndexedRow, RootOrder)> = Vec::new();
    for &(index, row) in &rows {
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
