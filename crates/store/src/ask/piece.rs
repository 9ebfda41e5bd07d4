//! The pieces of a trace: what each generation has of it.

use std::sync::Arc;

use hot::{Generation, Hash, Position, RootOrder, Slot};
use segment::{Damaged, Root};
use span::{Side, Timestamp, TraceId};

use crate::directory::{Directory, Place};
use crate::fault::Fault;
use crate::view::{Unit, View};

/// The spans of one trace in one generation, or in several that were merged.
pub(crate) enum Piece {
    Hot { generation: Arc<Generation>, shard: usize, slot: Slot, end: Position },
    Row { unit: Arc<Unit>, row: u32 },
}

/// All pieces of a trace as of one moment, the oldest first.
pub(crate) struct Pieces(pub(crate) Vec<Piece>);

/// Which trace, and where hot generations have it.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) id: TraceId,
    pub(crate) hash: Hash,
    pub(crate) shard: usize,
    /// How far the open generation counts.
    pub(crate) end: Position,
}

/// The rows that a view has of a trace, the oldest first. Reads ids of segments: no lock is held.
pub(crate) fn rows_of(
    view: &View,
    directory: &Directory,
    hash: Hash,
    id: TraceId,
) -> Result<Vec<(Arc<Unit>, u32)>, Fault> {
    let mut rows = Vec::new();
    for place in directory.find(hash) {
        rows.extend(row_of(view, place, id)?.map(|unit| (unit, place.row)));
    }
    rows.sort_by_key(|(unit, _)| unit.segment.meta().generations.first);
    Ok(rows)
}

/// The unit of a place, if the view has it and the row there is the trace's.
pub(crate) fn row_of(view: &View, place: Place, id: TraceId) -> Result<Option<Arc<Unit>>, Fault> {
    // A segment that is not in this view yet, or whose slot is a later one's.
    let Some(unit) = view.unit(place.slot).filter(|unit| place.row < unit.segment.meta().traces) else {
        return Ok(None);
    };
    let is_it = unit.segment.trace_id(place.row).map_err(Fault::of(unit))? == id;
    Ok(is_it.then(|| Arc::clone(unit)))
}

impl Pieces {
    /// Those that belong to the trace as it is now: none from before it began.
    pub(crate) fn find(view: &View, directory: &Directory, wanted: Wanted) -> Result<Self, Fault> {
        let mut all = Self::find_all(view, directory, wanted)?.0;
        for at in (1..all.len()).rev() {
            if all[at].begins()? {
                all.drain(..at);
                break;
            }
        }
        Ok(Self(all))
    }

    /// Those of traces of the same id that were over before, too.
    pub(crate) fn find_all(view: &View, directory: &Directory, wanted: Wanted) -> Result<Self, Fault> {
        let rows = rows_of(view, directory, wanted.hash, wanted.id)?;
        let mut pieces: Vec<Piece> = rows.into_iter().map(|(unit, row)| Piece::Row { unit, row }).collect();
        let frozen = view.frozen.iter().map(|generation| (generation, Position::MAX));
        for (generation, end) in frozen.chain([(&view.open, wanted.end)]) {
            let shard = generation.read(wanted.shard);
            let Some(slot) = shard.find(wanted.hash, wanted.id) else { continue };
            if shard.records(slot, end).next().is_none() {
                continue;
            }
            let generation = Arc::clone(generation);
            pieces.push(Piece::Hot { generation, shard: wanted.shard, slot, end });
        }
        Ok(Self(pieces))
    }

    /// The root that the trace has, or had as long as it is remembered.
    pub(crate) fn root(&self) -> Result<Option<RootOrder>, Fault> {
        let mut root = None;
        for piece in &self.0 {
            root = smaller(root, piece.root()?);
        }
        Ok(root)
    }

    /// The latest start outside of `units`; nothing where there is no piece.
    pub(crate) fn latest_outside(&self, units: &[Arc<Unit>]) -> Result<Option<Timestamp>, Fault> {
        let mut latest = None;
        for piece in self.0.iter().filter(|piece| !piece.is_in(units)) {
            latest = latest.max(Some(piece.latest()?));
        }
        Ok(latest)
    }

    /// How many spans are inside the window, and whether one of them failed.
    pub(crate) fn count(&self, cutoff: Timestamp) -> Result<(u64, bool), Fault> {
        let (mut spans, mut error) = (0, false);
        for piece in &self.0 {
            let (more, failed) = piece.count(cutoff)?;
            spans += more;
            error |= failed;
        }
        Ok((spans, error))
    }
}

/// The smaller one of two, where there are two.
pub(crate) fn smaller(one: Option<RootOrder>, other: Option<RootOrder>) -> Option<RootOrder> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// The root of a row, or the one that it remembers.
pub(crate) fn row_root(unit: &Unit, row: u32) -> Result<Option<RootOrder>, Damaged> {
    // Where one half of a call has left, the other has left, too: it started then.
    let gone = unit.segment.carryover(row)?.gone_root.map(|(start, id)| (start, id, Side::Neither));
    if row >= unit.segment.meta().rooted {
        return Ok(gone);
    }
    Ok(smaller(gone, Some(root_order(&unit.segment.root(row)?))))
}

pub(crate) fn root_order(root: &Root<'_>) -> RootOrder {
    (root.start, root.span_id, root.side)
}

/// How many spans of a row start at or after `cutoff`, and whether one of them failed.
pub(crate) fn row_count(unit: &Unit, row: u32, cutoff: Timestamp) -> Result<(u64, bool), Damaged> {
    let segment = &unit.segment;
    if segment.meta().start_min >= cutoff {
        return Ok((segment.span_count(row)?.into(), segment.has_error(row)?));
    }
    let (mut spans, mut error) = (0, false);
    segment.for_each_start(row, |start, failed| {
        spans += u64::from(start >= cutoff);
        error |= failed && start >= cutoff;
    })?;
    Ok((spans, error))
}

impl Piece {
    fn begins(&self) -> Result<bool, Fault> {
        match self {
            Self::Hot { generation, shard, slot, .. } => {
                Ok(generation.read(*shard).trace(*slot).is_some_and(hot::Trace::begins))
            }
            Self::Row { unit, row } => {
                unit.segment.carryover(*row).map(|carryover| carryover.begins).map_err(Fault::of(unit))
            }
        }
    }

    fn is_in(&self, units: &[Arc<Unit>]) -> bool {
        match self {
            Self::Hot { .. } => false,
            Self::Row { unit, .. } => units.iter().any(|one| Arc::ptr_eq(one, unit)),
        }
    }

    /// The start of the latest span; nothing that was over begins again by what a later reader sees.
    fn latest(&self) -> Result<Timestamp, Fault> {
        match self {
            Self::Hot { generation, shard, slot, .. } => {
                Ok(generation.read(*shard).trace(*slot).map_or(Timestamp::MIN, hot::Trace::latest))
            }
            Self::Row { unit, row } => {
                let mut latest = Timestamp::MIN;
                let each = |start: Timestamp, _| latest = latest.max(start);
                unit.segment.for_each_start(*row, each).map_err(Fault::of(unit))?;
                Ok(latest)
            }
        }
    }

    pub(super) fn root(&self) -> Result<Option<RootOrder>, Fault> {
        match self {
            Self::Hot { generation, shard, slot, end } => {
                Ok(generation.read(*shard).root_before(*slot, *end))
            }
            Self::Row { unit, row } => row_root(unit, *row).map_err(Fault::of(unit)),
        }
    }

    fn count(&self, cutoff: Timestamp) -> Result<(u64, bool), Fault> {
        match self {
            Self::Hot { generation, shard, slot, end } => {
                Ok(generation.read(*shard).count(*slot, cutoff, *end))
            }
            Self::Row { unit, row } => row_count(unit, *row, cutoff).map_err(Fault::of(unit)),
        }
    }
}
