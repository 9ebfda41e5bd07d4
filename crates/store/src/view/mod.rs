//! What the store consists of at one moment: the generation that takes spans, those that wait to be sealed,
//! and the segments.

mod marks;
mod unit;
mod views;

use std::sync::Arc;

use hot::Generation;

pub(crate) use marks::{BitmapCopy, SupersededSnapshot};
pub(crate) use unit::{KnownSpans, Unit};
pub(crate) use views::Views;

/// The epoch of a shard that takes no more spans.
pub(crate) const FROZEN: u64 = u64::MAX;

/// One state of the store. Never changed: a change makes the next one.
#[derive(Clone)]
pub(crate) struct View {
    /// The shards of the open generation carry the same number.
    pub(crate) epoch: u64,
    pub(crate) open: Arc<Generation>,
    /// The oldest first.
    pub(crate) frozen: Vec<Arc<Generation>>,
    /// The oldest first: their generations do not overlap.
    pub(crate) units: Vec<Arc<Unit>>,
    /// Bytes of all segments, wherever they are.
    pub(crate) segment_bytes: u64,
    /// Memory of all units, beside that.
    pub(crate) unit_bytes: usize,
}

impl View {
    /// Nothing but an open generation.
    pub(crate) fn new(open: Arc<Generation>) -> Self {
        Self { epoch: 0, open, frozen: Vec::new(), units: Vec::new(), segment_bytes: 0, unit_bytes: 0 }
    }

    pub(crate) fn unit(&self, slot: u16) -> Option<&Arc<Unit>> {
        // Few enough that a scan of numbers is as quick as a table that every change would have to copy.
        self.units.iter().find(|unit| unit.slot == slot)
    }

    /// Memory of spans that are not in a segment yet.
    pub(crate) fn hot_bytes(&self) -> usize {
        self.frozen.iter().chain([&self.open]).map(|generation| generation.bytes()).sum()
    }

    pub(crate) fn spans(&self) -> u64 {
        let hot: u64 = self.frozen.iter().chain([&self.open]).map(|generation| generation.spans()).sum();
        hot + self.units.iter().map(|unit| unit.segment.meta().spans).sum::<u64>()
    }

    /// The same with some units taken out and others put in.
    pub(crate) fn with_units(
        &self,
        without: &[Arc<Unit>],
        with: impl IntoIterator<Item = Arc<Unit>>,
    ) -> Self {
        let is_out = |unit: &Arc<Unit>| without.iter().any(|out| Arc::ptr_eq(out, unit));
        let mut units: Vec<Arc<Unit>> = self.units.iter().filter(|unit| !is_out(unit)).cloned().collect();
        units.extend(with);
        units.sort_by_key(|unit| unit.segment.meta().generations.first);
        Self {
            // Summed up here, because every batch asks.
            segment_bytes: units.iter().map(|unit| unit.segment.meta().bytes).sum(),
            unit_bytes: units.iter().map(|unit| unit.bytes()).sum(),
            units,
            ..self.clone()
        }
    }
}
