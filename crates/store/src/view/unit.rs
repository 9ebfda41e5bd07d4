//! A segment as the store knows it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use parking_lot::Mutex;
use segment::{Damaged, Segment};
use span::{Side, SpanId, Timestamp};

use super::marks::{Bitmap, SupersededRoots};

/// Limit: the span ids of larger pieces are kept once they were asked for, so that a trace of a million
/// spans that goes on stays linear.
const READ_SPANS_MAX: u32 = 64;
/// Limit: how many such lists a segment keeps.
const KEPT_LISTS_MAX: usize = 16;

pub(crate) struct Unit {
    /// Its number in the directory.
    pub(crate) slot: u16,
    pub(crate) segment: Segment,
    /// The rows of traces that have pieces elsewhere, or had.
    pub(crate) split: Bitmap,
    pub(crate) superseded: SupersededRoots,
    /// Nothing more can leave before the window has passed this.
    pub(crate) keeps_until: AtomicI64,
    known: Mutex<HashMap<u32, Arc<KnownSpans>>>,
}

/// The spans of a piece by id.
pub(crate) struct KnownSpans {
    /// Sorted by id and start.
    ids: Vec<(SpanId, Timestamp, Side)>,
    latest: Timestamp,
}

impl KnownSpans {
    fn read(segment: &Segment, row: u32) -> Result<Self, Damaged> {
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

    /// The start of the latest.
    pub(crate) fn latest(&self) -> Timestamp {
        self.latest
    }

    /// Whether this span is there, and starts at or after `cutoff`.
    pub(crate) fn contains(&self, (id, side): (SpanId, Side), cutoff: Timestamp) -> bool {
        let from = self.ids.partition_point(|&(known, start, _)| (known, start) < (id, cutoff));
        let mut of_id = self.ids.iter().skip(from).take_while(|(known, ..)| *known == id);
        of_id.any(|(.., known)| !known.is_other_half_of(side))
    }
}

impl Unit {
    pub(crate) fn new(slot: u16, segment: Segment) -> Self {
        let rows = segment.meta().traces;
        Self {
            slot,
            segment,
            split: Bitmap::new(rows),
            superseded: SupersededRoots::default(),
            keeps_until: AtomicI64::new(i64::MIN),
            known: Mutex::default(),
        }
    }

    /// Memory beside the file's, and beside the few lists of span ids that are kept for a while.
    pub(crate) fn bytes(&self) -> usize {
        size_of::<Self>() + self.split.bytes()
    }

    pub(crate) fn file_name(&self) -> String {
        segment::file_name(self.segment.meta().generations)
    }

    /// Notes that the row is superseded.
    pub(crate) fn supersede(&self, row: u32) {
        self.superseded.set(row, self.segment.meta().traces);
    }

    /// All spans of the row by id.
    pub(crate) fn known_spans(&self, row: u32) -> Result<Arc<KnownSpans>, Damaged> {
        if self.segment.span_count(row)? <= READ_SPANS_MAX {
            return KnownSpans::read(&self.segment, row).map(Arc::new);
        }
        if let Some(known) = self.known.lock().get(&row) {
            return Ok(Arc::clone(known));
        }
        let read = Arc::new(KnownSpans::read(&self.segment, row)?);
        let mut known = self.known.lock();
        if known.len() >= KEPT_LISTS_MAX {
            known.clear();
        }
        known.insert(row, Arc::clone(&read));
        Ok(read)
    }

    /// Whether it is time to look whether the segment can leave. `cutoff` is where the eviction stands.
    pub(crate) fn may_leave(&self, cutoff: Timestamp) -> bool {
        self.segment.meta().start_max < cutoff && self.keeps_until.load(Ordering::Relaxed) < cutoff.0
    }
}
