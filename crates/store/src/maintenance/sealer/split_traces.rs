//! The traces of an expired generation of which something may have to be kept.

use std::collections::{HashMap, HashSet};

use hot::{Generation, Position, Slot, Trace};
use span::{Timestamp, TraceId};

use crate::catalog::Catalog;
use crate::view::{LeftOut, View};

/// A shard and a slot.
type Place = (usize, Slot);

/// The traces of a generation that become rows of its segment.
pub(super) enum Chosen {
    All,
    Those(HashSet<Place>),
}

impl Chosen {
    pub(super) fn contains(&self, place: Place) -> bool {
        match self {
            Self::All => true,
            Self::Those(places) => places.contains(&place),
        }
    }
}

/// The traces that have, or had, pieces elsewhere.
pub(super) struct SplitTraces(HashMap<Place, TraceId>);

impl SplitTraces {
    pub(super) fn of(generation: &Generation) -> Self {
        let mut split = HashMap::new();
        for number in 0..generation.shard_count() {
            let shard = generation.read(number);
            let traces = shard.traces().filter(|(_, trace)| is_split(trace));
            split.extend(traces.map(|(slot, trace)| ((number, slot), trace.id())));
        }
        Self(split)
    }

    /// Returns those that have a span elsewhere that starts at `expired` or later: it has to be known of them that their
    /// root has left the window, or that it is superseded. Nothing has to be known of the others any more.
    pub(super) fn going_on(&self, catalog: &Catalog, view: &View, expired: Timestamp) -> HashSet<Place> {
        let goes_on = |id: TraceId| {
            let nothing = LeftOut::default();
            let pieces = catalog.finder(view, &nothing, id, Position::MAX).find_all();
            let latest = pieces.and_then(|pieces| pieces.latest_outside(&[]));
            // A segment that is damaged may have such a span.
            latest.map_or(true, |latest| latest.is_some_and(|latest| latest >= expired))
        };
        self.0.iter().filter(|&(_, &id)| goes_on(id)).map(|(&place, _)| place).collect()
    }

    /// Whether no other trace of the generation has got pieces elsewhere since. The caller holds every shard of the open
    /// generation, so no trace gets any while this runs.
    pub(super) fn are_all_of(&self, generation: &Generation) -> bool {
        let is_known = |(shard, slot): &Place| {
            self.0.contains_key(&(*shard, *slot))
                || !generation.read(*shard).trace(*slot).is_some_and(is_split)
        };
        generation.marked().iter().all(is_known)
    }
}

fn is_split(trace: &Trace) -> bool {
    trace.is_split() || trace.is_superseded()
}
