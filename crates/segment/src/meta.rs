//! What a segment says about itself, and about a trace without reading its spans.

use span::{Side, SpanId, Timestamp};

use crate::Generations;

/// The metadata of a segment, available as soon as it is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SegmentMeta {
    pub generations: Generations,
    pub spans: u64,
    /// Rows, including those of traces without spans in this segment.
    pub traces: u32,
    /// Rows with a root; they come first.
    pub rooted: u32,
    /// The earliest start of a span; `Timestamp::MAX` if there is none.
    pub start_min: Timestamp,
    /// The latest start of a span; `Timestamp::MIN` if there is none.
    pub start_max: Timestamp,
    /// The length of the file.
    pub bytes: u64,
}

/// What a row keeps of spans that are not in it.
#[derive(Default, Clone, Copy, PartialEq, Eq, Debug)]
pub struct Carryover {
    /// The trace begins here: nothing in older generations belongs to it.
    pub begins: bool,
    /// The root, if it was evicted.
    pub gone_root: Option<(Timestamp, SpanId)>,
}

/// The root of a trace, as the list shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Root<'a> {
    pub start: Timestamp,
    pub span_id: SpanId,
    pub side: Side,
    /// Nanoseconds from start to end.
    pub duration: u64,
    pub service: &'a str,
    pub name: &'a str,
}

/// The numbers of a trace with a root.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RootNumbers {
    /// When the root starts.
    pub start: Timestamp,
    /// How long the root took, in nanoseconds.
    pub duration: u64,
    pub spans: u64,
    /// At least one span failed.
    pub has_error: bool,
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
