//! What generations before the open one have of a trace.

use std::sync::Arc;

use hashbrown::HashMap;
use hot::{Generation, Hash, Mark, Position, RootOrder, Slot};
use record::Record;
use span::{Side, SpanId, Timestamp, TraceId};

use crate::ask::{row_of, row_root, smaller};
use crate::directory::{Directory, Place};
use crate::fault::Fault;
use crate::insert::Routed;
use crate::view::{KnownSpans, Unit, View};

/// A row of a segment that has to do with the batch.
pub(crate) struct OlderRow {
    unit: Arc<Unit>,
    row: u32,
    begins: bool,
    root: Option<RootOrder>,
    spans: Arc<KnownSpans>,
}

/// The rows of segments for those traces of a batch that have any; mostly there are none.
pub(crate) struct OlderRows(HashMap<TraceId, Vec<OlderRow>>);

impl OlderRows {
    /// Reads segments, so no shard may be held. Rows that cannot be read are left out, and reported.
    pub(crate) fn read(
        view: &View,
        directory: &Directory,
        routed: &[Routed<'_>],
        report: impl Fn(Fault),
    ) -> Self {
        let mut places = Vec::new();
        directory.find_all(routed.iter().map(|routed| routed.hash), |number, place| {
            places.push((routed[number].run.trace_id, place));
        });
        let mut rows: HashMap<TraceId, Vec<OlderRow>> = HashMap::new();
        for (id, place) in places {
            match OlderRow::read(view, place, id) {
                Ok(None) => {}
                Ok(Some(row)) => {
                    let of_id = rows.entry(id).or_default();
                    if !of_id.iter().any(|known| known.is_same(&row)) {
                        of_id.push(row);
                    }
                }
                Err(fault) => report(fault),
            }
        }
        for of_id in rows.values_mut() {
            of_id.sort_by_key(|row| row.unit.segment.meta().generations.first);
        }
        Self(rows)
    }

    pub(crate) fn of(&self, id: TraceId) -> &[OlderRow] {
        if self.0.is_empty() {
            return &[];
        }
        self.0.get(&id).map_or(&[], Vec::as_slice)
    }
}

impl OlderRow {
    /// The row at a place, if it is the trace's in this view.
    fn read(view: &View, place: Place, id: TraceId) -> Result<Option<Self>, Fault> {
        let Some(unit) = row_of(view, place, id)? else { return Ok(None) };
        let row = place.row;
        let read =
            || Ok((unit.segment.carryover(row)?.begins, row_root(&unit, row)?, unit.known_spans(row)?));
        let (begins, root, spans) = read().map_err(Fault::of(&unit))?;
        Ok(Some(Self { unit, row, begins, root, spans }))
    }

    fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.unit, &other.unit) && self.row == other.row
    }
}

/// A piece in a frozen generation.
struct FrozenPiece<'a> {
    generation: &'a Generation,
    slot: Slot,
}

/// The older pieces of one trace. Its shard of the open generation is held.
pub(crate) struct Older<'a> {
    shard: usize,
    rows: &'a [OlderRow],
    frozen: Vec<FrozenPiece<'a>>,
    root: Option<RootOrder>,
    latest: Timestamp,
}

impl<'a> Older<'a> {
    /// Nothing where no older generation has the id.
    pub(crate) fn find(
        view: &'a View,
        mut rows: &'a [OlderRow],
        (number, hash, id): (usize, Hash, TraceId),
    ) -> Option<Self> {
        if let Some(beginning) = rows.iter().rposition(|row| row.begins) {
            rows = &rows[beginning..];
        }
        let mut frozen = Vec::new();
        for generation in &view.frozen {
            let shard = generation.read(number);
            let Some(slot) = shard.find(hash, id) else { continue };
            if shard.trace(slot).is_some_and(hot::Trace::begins) {
                frozen.clear();
                rows = &[];
            }
            frozen.push(FrozenPiece { generation, slot });
        }
        if rows.is_empty() && frozen.is_empty() {
            return None;
        }
        let mut older = Self { shard: number, rows, frozen, root: None, latest: Timestamp::MIN };
        older.sum_up();
        Some(older)
    }

    fn sum_up(&mut self) {
        for row in self.rows {
            self.root = smaller(self.root, row.root);
            self.latest = self.latest.max(row.spans.latest());
        }
        for piece in &self.frozen {
            let shard = piece.generation.read(self.shard);
            self.root = smaller(self.root, shard.root_before(piece.slot, Position::MAX));
            let latest = shard.trace(piece.slot).map_or(Timestamp::MIN, hot::Trace::latest);
            self.latest = self.latest.max(latest);
        }
    }

    /// The root that they have, or remember.
    pub(crate) fn root(&self) -> Option<RootOrder> {
        self.root
    }

    /// The start of their latest span.
    pub(crate) fn latest(&self) -> Timestamp {
        self.latest
    }

    /// Whether one of them has this span, and it starts at or after `cutoff`.
    pub(crate) fn contains(&self, (id, side): (SpanId, Side), cutoff: Timestamp) -> bool {
        let is_it = |known: Record<'_>| !known.side().is_other_half_of(side);
        let in_frozen = |piece: &FrozenPiece<'_>| {
            piece.generation.read(self.shard).with_id(piece.slot, id, cutoff).any(is_it)
        };
        self.rows.iter().any(|row| row.spans.contains((id, side), cutoff))
            || self.frozen.iter().any(in_frozen)
    }

    /// Notes that they are no longer the only pieces.
    pub(crate) fn mark_split(&self) {
        self.mark(Mark::Split);
    }

    /// Notes that a smaller root has come.
    pub(crate) fn supersede(&self) {
        self.mark(Mark::Superseded);
    }

    fn mark(&self, mark: Mark) {
        for row in self.rows {
            row.unit.split.set(row.row);
            if mark == Mark::Superseded && row.row < row.unit.segment.meta().rooted {
                row.unit.supersede(row.row);
            }
        }
        for piece in &self.frozen {
            piece.generation.mark(self.shard, piece.slot, mark);
        }
    }
}
