//! The listed roots of segments, as of a snapshot.

use std::ops::Range;
use std::sync::Arc;

use hot::RootKey;
use segment::Damaged;
use span::{TimeRange, Timestamp};

use super::selection::Outcome;
use super::snapshot::Snapshot;
use crate::view::{DamagedSegment, FailedRows, LiveSegment, SupersededRows};

/// The rows of one segment whose roots start in a range. A list takes them from the end, where the latest are.
pub(super) struct SegmentRoots {
    segment: Arc<LiveSegment>,
    superseded: SupersededRows,
    /// The rows that were not taken yet.
    rows: Range<u32>,
    listed: usize,
    only: Option<Only>,
}

/// Rows that are passed over because their trace cannot have the outcome that is asked for.
struct Only {
    failed: Arc<FailedRows>,
    outcome: Outcome,
}

impl Snapshot {
    /// Returns how many traces have a root that starts in the range.
    pub fn count(&self, range: TimeRange) -> usize {
        self.ask_until_settled(|| {
            let hot = self.hot_roots(range, 0).total;
            hot + self.segment_roots(range).iter().map(SegmentRoots::listed).sum::<usize>()
        })
    }

    /// Returns the rows of each segment whose root starts in the range.
    pub(super) fn segment_roots(&self, range: TimeRange) -> Vec<SegmentRoots> {
        let range = TimeRange { from: range.from.max(self.cutoff()), until: range.until };
        let segments = self.view().segments().iter().zip(self.superseded());
        let roots = segments.filter_map(|(segment, superseded)| {
            let read = || rows_in(segment, range).map_err(DamagedSegment::named(segment));
            let rows = self.reader().read_segment(segment, read)?;
            let listed = (rows.end - rows.start - superseded.count(rows.clone())) as usize;
            let (segment, superseded) = (Arc::clone(segment), superseded.clone());
            (!rows.is_empty()).then_some(SegmentRoots { segment, superseded, rows, listed, only: None })
        });
        roots.collect()
    }
}

/// Returns the rows of a range. They are adjacent, because rows are in the order of their roots.
fn rows_in(segment: &LiveSegment, range: TimeRange) -> Result<Range<u32>, Damaged> {
    let (file, meta) = (segment.file(), segment.file().meta());
    if meta.rooted == 0 || meta.start_max < range.from || range.until <= meta.start_min {
        return Ok(0..0);
    }
    let first = if range.from <= meta.start_min { 0 } else { file.root_rank(range.from)? };
    let last = if range.until > meta.start_max { meta.rooted } else { file.root_rank(range.until)? };
    Ok(first..last.max(first))
}

impl SegmentRoots {
    pub(super) fn segment(&self) -> &Arc<LiveSegment> {
        &self.segment
    }

    /// Returns how many of the rows are listed.
    pub(super) fn listed(&self) -> usize {
        self.listed
    }

    /// Returns the rows that were not taken yet.
    pub(super) fn rows(&self) -> Range<u32> {
        self.rows.clone()
    }

    pub(super) fn is_listed(&self, row: u32) -> bool {
        !self.superseded.contains(row)
    }

    /// Passes over the rows of traces that cannot have this outcome. All others have to be looked at: split traces may
    /// have failed elsewhere, and a span that failed may have left the window.
    pub(super) fn only(&mut self, outcome: Outcome) -> Result<(), DamagedSegment> {
        if outcome != Outcome::Any {
            let failed = self.segment.failed_rows().map_err(DamagedSegment::named(&self.segment))?;
            self.only = Some(Only { failed, outcome });
        }
        Ok(())
    }

    fn is_passed_over(&self, row: u32) -> bool {
        let Some(Only { failed, outcome }) = &self.only else { return false };
        // Only `Error` is sure for every row: without a failed span here, an unsplit trace has none inside the window.
        *outcome == Outcome::Error && !failed.contains(row) && !self.segment.is_split(row)
    }

    /// Returns an upper bound of the starts of the segment's roots.
    pub(super) fn latest_start(&self) -> Timestamp {
        self.segment.file().meta().start_max
    }

    /// Returns the last listed row that was not taken yet, and the key of its root.
    pub(super) fn last(&mut self) -> Result<Option<(u32, RootKey)>, DamagedSegment> {
        while !self.rows.is_empty()
            && (!self.is_listed(self.rows.end - 1) || self.is_passed_over(self.rows.end - 1))
        {
            self.rows.end -= 1;
        }
        if self.rows.is_empty() {
            return Ok(None);
        }
        let (file, row) = (self.segment.file(), self.rows.end - 1);
        let read = || Ok(RootKey::new(file.root_start(row)?, file.trace_id(row)?));
        let key = read().map_err(DamagedSegment::named(&self.segment))?;
        Ok(Some((row, key)))
    }

    /// Takes the last row.
    pub(super) fn take_last(&mut self) {
        self.rows.end -= 1;
    }
}
