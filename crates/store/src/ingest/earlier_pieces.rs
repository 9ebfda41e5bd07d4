//! The earlier pieces of a trace: their span ids, to find duplicates, their root, and their latest span.

use std::ops::Range;
use std::sync::Arc;

use hashbrown::HashMap;
use hot::{Generation, Mark, Position, RootOrder, Slot};
use record::Run;
use span::{Reporter, SpanId, Timestamp, TraceId};

use super::routed::Routed;
use crate::directory::{Directory, RowRef};
use crate::view::{DamagedSegment, LiveSegment, SpanIds, View, has_span_since, root_of_row, smaller_root};

/// A row of a segment that has spans of one of the batch's traces. A long-lived trace has many, and each batch of it
/// comes by here, so no more is read of a row than is needed for the spans of the batch.
pub(super) struct EarlierRow {
    segment: Arc<LiveSegment>,
    row: u32,
    begins: bool,
    is_in_window: bool,
    /// `None` without a root, or if the batch has none that it could be compared with.
    root: Option<RootOrder>,
    /// `None` if the row has none of the batch's span ids.
    spans: Option<Arc<SpanIds>>,
}

/// The rows of the batch's traces in segments; mostly there are none.
#[derive(Default)]
pub(super) struct EarlierRows {
    rows: Vec<EarlierRow>,
    /// Where the rows of each run are in `rows`, by the number of the run.
    by_run: HashMap<usize, Range<usize>>,
}

/// What rows are read for: the spans of one run.
struct Question {
    id: TraceId,
    /// Sorted.
    span_ids: Vec<SpanId>,
    has_root: bool,
    cutoff: Timestamp,
}

impl EarlierRows {
    /// Reads the rows. The caller holds no shard, because this reads segments. Rows that cannot be read are left out
    /// and reported.
    pub(super) fn read(
        view: &View,
        directory: &Directory,
        (routed, cutoff): (&[Routed<'_>], Timestamp),
        report: impl Fn(DamagedSegment),
    ) -> Self {
        let mut places = Vec::new();
        directory.find_all(routed.iter().map(|routed| routed.hash), |number, place| {
            places.push((number, place));
        });
        let mut found = Self::default();
        for places in places.chunk_by(|one, other| one.0 == other.0) {
            let number = places[0].0;
            let question = Question::of(routed[number].run, cutoff);
            let mut rows: Vec<EarlierRow> = Vec::with_capacity(places.len());
            for &(_, place) in places {
                match EarlierRow::read(view, place, &question) {
                    Ok(Some(row)) if !rows.iter().any(|known| known.is_same(&row)) => rows.push(row),
                    Ok(_) => {}
                    Err(damaged) => report(damaged),
                }
            }
            rows.sort_by_key(|row| row.segment.file().meta().generations.first);
            found.add(number, rows);
        }
        found
    }

    fn add(&mut self, run: usize, mut rows: Vec<EarlierRow>) {
        let first = self.rows.len();
        self.rows.append(&mut rows);
        self.by_run.insert(run, first..self.rows.len());
    }

    pub(super) fn of(&self, run: usize) -> &[EarlierRow] {
        if self.rows.is_empty() {
            return &[];
        }
        self.by_run.get(&run).and_then(|range| self.rows.get(range.clone())).unwrap_or_default()
    }
}

impl Question {
    fn of(run: &Run<'_>, cutoff: Timestamp) -> Self {
        let mut span_ids: Vec<SpanId> = run.records().map(|record| record.span_id()).collect();
        span_ids.sort_unstable();
        let has_root = run.records().any(|record| record.is_root());
        Self { id: run.trace_id, span_ids, has_root, cutoff }
    }
}

impl EarlierRow {
    /// Reads the row at a place, if it is a row of this trace in this view.
    fn read(view: &View, place: RowRef, question: &Question) -> Result<Option<Self>, DamagedSegment> {
        let Some(segment) = view.row_of(place, question.id)? else { return Ok(None) };
        let row = place.row;
        let read = || {
            let root = if question.has_root { root_of_row(&segment, row)? } else { None };
            Ok((
                segment.file().carryover(row)?.begins,
                has_span_since(segment.file(), row, question.cutoff)?,
                root,
                segment.span_ids_if_any(row, &question.span_ids)?,
            ))
        };
        let (begins, is_in_window, root, spans) = read().map_err(DamagedSegment::named(&segment))?;
        Ok(Some(Self { segment, row, begins, is_in_window, root, spans }))
    }

    fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.segment, &other.segment) && self.row == other.row
    }
}

/// A piece in a frozen generation.
struct FrozenPiece<'a> {
    generation: &'a Generation,
    slot: Slot,
}

/// The earlier pieces of one trace. The caller holds the trace's shard of the open generation while this lives.
pub(super) struct EarlierPieces<'a> {
    shard: usize,
    rows: &'a [EarlierRow],
    frozen: Vec<FrozenPiece<'a>>,
    root: Option<RootOrder>,
    is_in_window: bool,
}

impl<'a> EarlierPieces<'a> {
    /// Returns `None` if no earlier generation has the id.
    pub(super) fn find(
        view: &'a View,
        mut rows: &'a [EarlierRow],
        routed: &Routed<'_>,
        cutoff: Timestamp,
    ) -> Option<Self> {
        let Routed { shard: number, hash, run, .. } = *routed;
        let id = run.trace_id;
        if let Some(beginning) = rows.iter().rposition(|row| row.begins) {
            rows = &rows[beginning..];
        }
        let mut frozen = Vec::new();
        for generation in view.frozen() {
            let shard = generation.read(number);
            let Some(slot) = shard.find(hash, id) else { continue };
            if shard.trace(slot).is_some_and(hot::Trace::begins) {
                // Everything older belongs to an earlier trace with the same id.
                frozen.clear();
                rows = &[];
            }
            frozen.push(FrozenPiece { generation, slot });
        }
        if rows.is_empty() && frozen.is_empty() {
            return None;
        }
        let mut earlier = Self { shard: number, rows, frozen, root: None, is_in_window: false };
        earlier.sum_up(cutoff);
        Some(earlier)
    }

    fn sum_up(&mut self, cutoff: Timestamp) {
        for row in self.rows {
            self.root = smaller_root(self.root, row.root);
            self.is_in_window |= row.is_in_window;
        }
        for piece in &self.frozen {
            let shard = piece.generation.read(self.shard);
            self.root = smaller_root(self.root, shard.root_before(piece.slot, Position::MAX));
            self.is_in_window |= shard.trace(piece.slot).is_some_and(|trace| trace.latest() >= cutoff);
        }
    }

    /// Returns the smallest root of the pieces, evicted roots in carryovers included. The roots of rows count only if the
    /// run has a root, too.
    pub(super) fn root(&self) -> Option<RootOrder> {
        self.root
    }

    /// Whether one of their spans is in the window.
    pub(super) fn is_in_window(&self) -> bool {
        self.is_in_window
    }

    /// Whether one of the pieces has this span, starting at or after `cutoff`.
    pub(super) fn contains(&self, span: (SpanId, Reporter), cutoff: Timestamp) -> bool {
        let in_frozen =
            |piece: &FrozenPiece<'_>| piece.generation.read(self.shard).contains(piece.slot, span, cutoff);
        let in_row = |row: &EarlierRow| row.spans.as_ref().is_some_and(|spans| spans.contains(span, cutoff));
        self.rows.iter().any(in_row) || self.frozen.iter().any(in_frozen)
    }

    /// Marks the pieces as parts of a split trace.
    pub(super) fn mark_split(&self) {
        self.mark(Mark::Split);
    }

    /// Marks their roots as superseded by a smaller one.
    pub(super) fn supersede_roots(&self) {
        self.mark(Mark::Superseded);
    }

    fn mark(&self, mark: Mark) {
        for EarlierRow { segment, row, .. } in self.rows {
            segment.mark_split(*row);
            if mark == Mark::Superseded && *row < segment.file().meta().rooted {
                segment.supersede_root(*row);
            }
        }
        for piece in &self.frozen {
            piece.generation.mark(self.shard, piece.slot, mark);
        }
    }
}
