//! A segment that turned out to be damaged while it was read.

use std::sync::Arc;

use segment::Damaged;

use super::live_segment::LiveSegment;

/// The error of every read of a segment. It names the segment, so that only this one is left out of the answer.
#[derive(Debug, thiserror::Error)]
#[error("{}: {damage}", .segment.file_name())]
pub(crate) struct DamagedSegment {
    segment: Arc<LiveSegment>,
    #[source]
    damage: Damaged,
}

impl DamagedSegment {
    /// Returns a function for `map_err` that adds the segment to the damage.
    pub(crate) fn named(segment: &Arc<LiveSegment>) -> impl Fn(Damaged) -> Self {
        move |damage| Self { segment: Arc::clone(segment), damage }
    }

    pub(crate) fn segment(&self) -> &Arc<LiveSegment> {
        &self.segment
    }

    pub(crate) fn damage(&self) -> &Damaged {
        &self.damage
    }
}
