//! What the store derives from a row of a segment.

use hot::RootOrder;
use segment::{Damaged, Segment};
use span::{Reporter, Timestamp};

use super::live_segment::LiveSegment;

/// How many spans there are, and whether one of them failed.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Counts {
    pub(crate) spans: u64,
    pub(crate) has_error: bool,
}

impl Counts {
    pub(crate) fn status(self) -> span::Status {
        // A trace failed if one of its spans did.
        if self.has_error { span::Status::Error } else { span::Status::Ok }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.spans += other.spans;
        self.has_error |= other.has_error;
    }
}

/// Returns the smaller of two roots, if there is any.
pub(crate) fn smaller_root(one: Option<RootOrder>, other: Option<RootOrder>) -> Option<RootOrder> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Returns the smallest root among the spans of the row.
pub(crate) fn own_root(segment: &LiveSegment, row: u32) -> Result<Option<RootOrder>, Damaged> {
    if row >= segment.file().meta().rooted {
        return Ok(None);
    }
    let root = segment.file().root(row)?;
    Ok(Some((root.start, root.span_id, segment.file().root_reporter(row)?)))
}

/// Returns the root in the carryover of the row, if there is one.
pub(crate) fn evicted_root(segment: &Segment, row: u32) -> Result<Option<RootOrder>, Damaged> {
    // Spans that start together are evicted together, so it does not matter who reported the root.
    Ok(segment.carryover(row)?.gone_root.map(|(start, id)| (start, id, Reporter::default())))
}

/// Returns the smallest root of the row, including an evicted one in its carryover.
pub(crate) fn root_of_row(segment: &LiveSegment, row: u32) -> Result<Option<RootOrder>, Damaged> {
    Ok(smaller_root(evicted_root(segment.file(), row)?, own_root(segment, row)?))
}

/// Whether a span of the row starts at or after `cutoff`. A row may have none at all, only a carryover.
pub(crate) fn has_span_since(file: &Segment, row: u32, cutoff: Timestamp) -> Result<bool, Damaged> {
    if file.meta().start_min >= cutoff {
        return Ok(file.span_count(row)? > 0);
    }
    let mut is_there = false;
    file.for_each_start(row, |start, _| is_there |= start >= cutoff)?;
    Ok(is_there)
}

/// Returns the counts of the row, for spans that start at or after `cutoff`.
pub(crate) fn spans_since(segment: &LiveSegment, row: u32, cutoff: Timestamp) -> Result<Counts, Damaged> {
    let file = segment.file();
    if file.meta().start_min >= cutoff {
        return Ok(Counts { spans: file.span_count(row)?.into(), has_error: file.has_error(row)? });
    }
    let mut counts = Counts::default();
    file.for_each_start(row, |start, has_failed| {
        counts.add(Counts { spans: u64::from(start >= cutoff), has_error: has_failed && start >= cutoff });
    })?;
    Ok(counts)
}
