//! Restores roots that were superseded by a root in a damaged segment: the smallest remaining root is the root of its
//! trace.

use std::sync::Arc;

use hot::{Position, RootOrder, Shard, Slot};
use span::TraceId;

use crate::catalog::Catalog;
use crate::view::{DamagedSegment, LeftOut, LiveSegment, View, own_root, root_of_row, smaller_root};

/// A row that may have the root of its trace.
struct CandidateRow {
    segment: Arc<LiveSegment>,
    row: u32,
    own_root: Option<RootOrder>,
}

/// Checks every trace with a superseded root, which may take long, because damage is rare. Returns segments that
/// turned out to be damaged, too.
pub(super) fn restore_roots(catalog: &Catalog) -> Vec<DamagedSegment> {
    let mut damaged = Vec::new();
    let view = catalog.views().current();
    let ids = catalog.settled(|| traces_with_superseded_roots(&view, &mut damaged));
    damaged.extend(ids.into_iter().filter_map(|id| restore_root(catalog, id).err()));
    damaged
}

fn traces_with_superseded_roots(view: &View, damaged: &mut Vec<DamagedSegment>) -> Vec<TraceId> {
    let mut ids = Vec::new();
    for segment in view.segments() {
        let rows = segment.superseded_rows();
        let rows = rows.ones().take_while(|&row| row < segment.file().meta().traces);
        let read: Result<Vec<TraceId>, _> = rows.map(|row| segment.file().trace_id(row)).collect();
        match read.map_err(DamagedSegment::named(segment)) {
            Ok(read) => ids.extend(read),
            Err(error) => damaged.push(error),
        }
    }
    for generation in view.generations() {
        for number in 0..generation.shard_count() {
            let shard = generation.read(number);
            let superseded = shard.traces().filter(|(_, trace)| trace.is_superseded());
            ids.extend(superseded.map(|(_, trace)| trace.id()));
        }
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn restore_root(catalog: &Catalog, id: TraceId) -> Result<(), DamagedSegment> {
    let hash = catalog.router().hash(id);
    let number = catalog.router().shard(hash);
    loop {
        let view = catalog.views().current();
        // Order: segments are read before the shard is held.
        let (rows, mut smallest) = catalog.settled(|| candidate_rows(catalog, &view, id))?;
        let open = view.open().write(number);
        if open.epoch != view.epoch() {
            continue;
        }
        let frozen = view.frozen().iter().map(|generation| generation.read(number));
        let frozen: Vec<_> = frozen.filter_map(|shard| Some((shard.find(hash, id)?, shard))).collect();
        let open_slot = open.find(hash, id);
        let hot_root = |slot: Slot, shard: &Shard| shard.root_before(slot, Position::MAX);
        for (slot, shard) in &frozen {
            smallest = smaller_root(smallest, hot_root(*slot, shard));
        }
        smallest = smaller_root(smallest, open_slot.and_then(|slot| hot_root(slot, &open)));
        let has_smallest = |row: &&CandidateRow| row.own_root.is_some() && row.own_root == smallest;
        for candidate in rows.iter().filter(has_smallest) {
            candidate.segment.restore_root(candidate.row);
        }
        for (slot, shard) in frozen.iter().filter(|(slot, shard)| hot_root(*slot, shard) == smallest) {
            shard.restore_root(*slot);
        }
        if let Some(slot) = open_slot.filter(|&slot| hot_root(slot, &open) == smallest) {
            open.restore_root(slot);
        }
        return Ok(());
    }
}

/// Returns the rows of the trace, and their smallest root, evicted roots in carryovers included.
fn candidate_rows(
    catalog: &Catalog,
    view: &View,
    id: TraceId,
) -> Result<(Vec<CandidateRow>, Option<RootOrder>), DamagedSegment> {
    let (mut rows, mut smallest) = (Vec::new(), None);
    for (segment, row) in catalog.finder(view, &LeftOut::default(), id, Position::MAX).rows()? {
        let named = DamagedSegment::named(&segment);
        let root = root_of_row(&segment, row).map_err(&named)?;
        if segment.file().carryover(row).map_err(&named)?.begins {
            // The older rows belong to an earlier trace with the same id.
            (rows, smallest) = (Vec::new(), None);
        }
        smallest = smaller_root(smallest, root);
        let own_root = own_root(&segment, row).map_err(&named)?;
        drop(named);
        rows.push(CandidateRow { segment, row, own_root });
    }
    Ok((rows, smallest))
}
