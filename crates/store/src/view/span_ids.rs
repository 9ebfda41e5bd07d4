//! The span ids of one row of a segment, sorted, to find duplicates.

use segment::{Damaged, Segment};
use span::{Reporter, SpanId, Timestamp};

/// What is read of the spans of a row, without decoding them.
pub(crate) struct SpanIds {
    /// Sorted.
    ids: Vec<(SpanId, Reporter, Timestamp)>,
}

impl SpanIds {
    pub(super) fn read(segment: &Segment, row: u32) -> Result<Self, Damaged> {
        let (mut ids, mut starts, mut reporters) = (Vec::new(), Vec::new(), Vec::new());
        segment.for_each_span_id(row, |id| ids.push(id))?;
        segment.for_each_start(row, |start, _| starts.push(start))?;
        segment.for_each_reporter(row, |reporter| reporters.push(reporter))?;
        let spans = ids.into_iter().zip(reporters).zip(starts);
        let mut ids: Vec<_> = spans.map(|((id, reporter), start)| (id, reporter, start)).collect();
        ids.sort_unstable();
        Ok(Self { ids })
    }

    /// Whether the row has this span, starting at or after `cutoff`.
    pub(crate) fn contains(&self, (id, reporter): (SpanId, Reporter), cutoff: Timestamp) -> bool {
        let place = self.ids.partition_point(|known| *known < (id, reporter, cutoff));
        self.ids.get(place).is_some_and(|&(known, by, _)| (known, by) == (id, reporter))
    }
}
