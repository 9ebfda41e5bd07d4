//! The metadata of a segment, and of a trace without its spans.

use span::{SpanId, Timestamp};

use crate::Generations;

/// The metadata of a segment, available as soon as it is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SegmentMeta {
    pub generations: Generations,
    pub spans: u64,
    /// How many rows there are, including those without spans, which only have a carryover.
    pub traces: u32,
    /// How many rows have a root. These are the rows from 0 on.
    pub rooted: u32,
    /// The earliest start of a span; `Timestamp::MAX` if there is none.
    pub start_min: Timestamp,
    /// The latest start of a span; `Timestamp::MIN` if there is none.
    pub start_max: Timestamp,
    /// The length of the file.
    pub bytes: u64,
    /// About how many bytes the spans took as records, before they were encoded. `None` for files of earlier builds,
    /// which did not note it.
    pub content_bytes: Option<u64>,
}

/// What a row keeps of spans that it does not contain, because they were evicted or belong to an earlier trace with
/// the same id.
#[derive(Default, Clone, Copy, PartialEq, Eq, Debug)]
pub struct Carryover {
    /// Whether the trace begins in this row: spans with its id in older generations belong to an earlier trace.
    pub begins: bool,
    /// Start and id of the root, if it was evicted.
    pub gone_root: Option<(Timestamp, SpanId)>,
}

/// The root of a trace, as the list shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Root<'a> {
    pub start: Timestamp,
    pub span_id: SpanId,
    /// Nanoseconds from start to end.
    pub duration: u64,
    pub service: &'a str,
    pub name: &'a str,
}

/// Times and counts of a trace that has a root.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RootNumbers {
    /// When the root starts.
    pub start: Timestamp,
    /// How long the root took, in nanoseconds.
    pub duration: u64,
    pub spans: u64,
    /// Whether at least one span failed.
    pub has_error: bool,
}

/// Counts of a row, with or without a root.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RowNumbers {
    pub spans: u64,
    /// Whether at least one span failed.
    pub has_error: bool,
    /// Whether the trace begins in this row, as in [`Carryover::begins`].
    pub begins: bool,
}

/// One column of a file, for `traced inspect`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ColumnMeta {
    pub name: String,
    pub encoding: &'static str,
    /// The number of values.
    pub count: u64,
    pub bytes: u64,
}
