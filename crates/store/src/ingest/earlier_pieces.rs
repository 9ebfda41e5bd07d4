//! The earlier pieces of a trace: their span ids, to find duplicates, their root, and their latest span.

use std::sync::Arc;

use hashbrown::HashMap;
use hot::{Generation, Mark, Position, RootOrder, Slot};
use span::{Reporter, SpanId, Timestamp, TraceId};

use super::routed::Routed;
use crate::directory::{Directory, RowRef};
use crate::view::{DamagedSegment, LiveSegment, SpanIds, View, root_of_row, smaller_root};

/// A row of a segment that has spans of one of the batch's traces.
pub(super) struct EarlierRow {
    segment: Arc<LiveSegment>,
    row: u32,
    begins: bool,
    root: Option<RootOrder>,
    spans: Arc<SpanIds>,
}

/// The rows of the batch's traces in segments; mostly there are none.
pub(super) struct EarlierRows(HashMap<TraceId, Vec<EarlierRow>>);

impl EarlierRows {
    /// Reads the rows. The caller holds no shard, because this reads segments. Rows that cannot be read are left out
    /// and reported.
    pub(super) fn read(
        view: &View,
        directory: &Directory,
        routed: &[Routed<'_>],
        report: impl Fn(DamagedSegment),
    ) -> Self {
        let mut found = Vec::new();
        directory.find_all(routed.iter().map(|routed| routed.hash), |number, place| {
            found.push((routed[number].run.trace_id, place));
        });
        let mut rows: HashMap<TraceId, Vec<EarlierRow>> = HashMap::new();
        for (id, place) in found {
            match EarlierRow::read(view, place, id) {
                Ok(None) => {}
                Ok(Some(row)) => {
                    let of_id = rows.entry(id).or_default();
                    if !of_id.iter().any(|known| known.is_same(&row)) {
                        of_id.push(row);
                    }
                }
                Err(damaged) => report(damaged),
            }
        }
        for of_id in rows.values_mut() {
            of_id.sort_by_key(|row| row.segment.file().meta().generations.first);
        }
        Self(rows)
    }

    pub(super) fn of(&self, id: TraceId) -> &[EarlierRow] {
        if self.0.is_empty() {
            return &[];
        }
        self.0.get(&id).map_or(&[], Vec::as_slice)
    }
}

impl EarlierRow {
    /// Reads the row at a place, if it is a row of this trace in this view.
    fn read(view: &View, place: RowRef, id: TraceId) -> Result<Option<Self>, DamagedSegment> {
        let Some(segment) = view.row_of(place, id)? else { return Ok(None) };
        let row = place.row;
        let read = || {
            let begins = segment.file().carryover(row)?.begins;
            Ok((begins, root_of_row(&segment, row)?, segment.span_ids(row)?))
        };
        let (begins, root, spans) = read().map_err(DamagedSegment::named(&segment))?;
        Ok(Some(Self { segment, row, begins, root, spans }))
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
    latest: Timestamp,
}

impl<'a> EarlierPieces<'a> {
    /// Returns `None` if no earlier generation has the id.
    pub(super) fn find(view: &'a View, mut rows: &'a [EarlierRow], routed: &Routed<'_>) -> Option<Self> {
        let Routed { shard: number, hash, run } = *routed;
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
        let mut earlier = Self { shard: number, rows, frozen, root: None, latest: Timestamp::MIN };
        earlier.sum_up();
        Some(earlier)
    }

    fn sum_up(&mut self) {
        for row in self.rows {
            self.root = smaller_root(self.root, row.root);
            self.latest = self.latest.max(row.spans.latest());
        }
        for piece in &self.frozen {
            let shard = piece.generation.read(self.shard);
            self.root = smaller_root(self.root, shard.root_before(piece.slot, Position::MAX));
            let latest = shard.trace(piece.slot).map_or(Timestamp::MIN, hot::Trace::latest);
            self.latest = self.latest.max(latest);
        }
    }

    /// Returns the smallest root of the pieces, evicted roots in carryovers included.
    pub(super) fn root(&self) -> Option<RootOrder> {
        self.root
    }

    /// Returns the start of their latest span.
    pub(super) fn latest(&self) -> Timestamp {
        self.latest
    }

    /// Whether one of the pieces has this span, starting at or after `cutoff`.
    pub(super) fn contains(&self, span: (SpanId, Reporter), cutoff: Timestamp) -> bool {
        let in_frozen =
            |piece: &FrozenPiece<'_>| piece.generation.read(self.shard).contains(piece.slot, span, cutoff);
        self.rows.iter().any(|row| row.spans.contains(span, cutoff)) || self.frozen.iter().any(in_frozen)
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
