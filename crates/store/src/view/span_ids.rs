//! The span ids of one row of a segment, sorted, to find duplicates.

use segment::{Damaged, Segment};
use span::{Side, SpanId, Timestamp};

/// What is read of the spans of a row, without decoding them.
pub(crate) struct SpanIds {
    /// Sorted by id and start.
    ids: Vec<(SpanId, Timestamp, Side)>,
    latest: Timestamp,
}

impl SpanIds {
    pub(super) fn read(segment: &Segment, row: u32) -> Result<Self, Damaged> {
        let (mut ids, mut starts, mut sides) = (Vec::new(), Vec::new(), Vec::new());
        segment.for_each_span_id(row, |id| ids.push(id))?;
        segment.for_each_start(row, |start, _| starts.push(start))?;
        segment.for_each_kind(row, |kind| sides.push(Side::of(kind)))?;
        let latest = starts.iter().copied().max().unwrap_or(Timestamp::MIN);
        let spans = ids.into_iter().zip(starts).zip(sides);
        let mut ids: Vec<_> = spans.map(|((id, start), side)| (id, start, side)).collect();
        ids.sort_unstable();
        Ok(Self { ids, latest })
    }

    /// Returns the start of the latest span.
    pub(crate) fn latest(&self) -> Timestamp {
        self.latest
    }

    /// Whether the row has this span, starting at or after `cutoff`.
    pub(crate) fn contains(&self, (id, side): (SpanId, Side), cutoff: Timestamp) -> bool {
        let from = self.ids.partition_point(|&(known, start, _)| (known, start) < (id, cutoff));
        let mut of_id = self.ids.iter().skip(from).take_while(|(known, ..)| *known == id);
        of_id.any(|(.., known)| !known.is_other_half_of(side))
    }
}
