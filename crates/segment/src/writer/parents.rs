//! Finds the position of a span's parent in its trace.

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use span::SpanId;

use crate::stream::Parent;

/// Up to this many spans, a linear scan is quicker than a table.
const SCAN_SPANS_MAX: usize = 16;

pub(super) fn id_of(span_id: SpanId) -> u128 {
    u128::from_be_bytes(span_id.to_bytes())
}

/// Finds the index of a span in its trace by the span id.
#[derive(Debug, Default)]
pub(super) struct SpanIndexes {
    ids: Vec<u128>,
    table: HashMap<u128, usize, RandomState>,
}

impl SpanIndexes {
    pub(super) fn fill(&mut self, ids: &[u128]) {
        self.ids.clear();
        self.ids.extend_from_slice(ids);
        self.table.clear();
        if ids.len() > SCAN_SPANS_MAX {
            self.table.extend(ids.iter().enumerate().map(|(index, id)| (*id, index)));
        }
    }

    pub(super) fn parent_of(&self, parent: Option<SpanId>) -> Parent {
        let Some(parent) = parent.map(id_of) else { return Parent::None };
        let index = if self.ids.len() <= SCAN_SPANS_MAX {
            self.ids.iter().position(|id| *id == parent)
        } else if self.ids.first() == Some(&parent) {
            Some(0)
        } else {
            self.table.get(&parent).copied()
        };
        index.map_or(Parent::Elsewhere(parent), |index| Parent::Index(index as u64))
    }
}
