//! Where in its trace the parent of a span is.

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use span::SpanId;

use super::id_of;
use crate::stream::Parent;

/// Up to this many spans a look at each is quicker than a table.
const SCAN_SPANS_MAX: usize = 16;

/// The span ids of one trace by place.
#[derive(Debug, Default)]
pub(super) struct Places {
    ids: Vec<u128>,
    table: HashMap<u128, usize, RandomState>,
}

impl Places {
    pub(super) fn fill(&mut self, ids: &[u128]) {
        self.ids.clear();
        self.ids.extend_from_slice(ids);
        self.table.clear();
        if ids.len() > SCAN_SPANS_MAX {
            self.table.extend(ids.iter().enumerate().map(|(place, id)| (*id, place)));
        }
    }

    pub(super) fn parent_of(&self, parent: Option<SpanId>) -> Parent {
        let Some(parent) = parent.map(id_of) else { return Parent::None };
        let place = if self.ids.len() <= SCAN_SPANS_MAX {
            self.ids.iter().position(|id| *id == parent)
        } else if self.ids.first() == Some(&parent) {
            Some(0)
        } else {
            self.table.get(&parent).copied()
        };
        place.map_or(Parent::Elsewhere(parent), |place| Parent::Place(place as u64))
    }
}
