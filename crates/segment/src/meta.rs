//! What a segment says of itself, and of a trace without its spans.

use span::{Side, SpanId, Timestamp};

use crate::Generations;

/// What is known at once when a segment is opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SegmentMeta {
    pub generations: Generations,
    pub spans: u64,
    /// Rows: traces with and without spans here.
    pub traces: u32,
    /// Rows whose root is here; they come first.
    pub rooted: u32,
    /// The earliest start of a span; `Timestamp::MAX` where there is none.
    pub start_min: Timestamp,
    /// The latest start of a span; `Timestamp::MIN` where there is none.
    pub start_max: Timestamp,
    /// The length of the file.
    pub bytes: u64,
}

/// What is known of a trace beside its spans here.
#[derive(Default, Clone, Copy, PartialEq, Eq, Debug)]
pub struct Carryover {
    /// Nothing in older generations belongs to the trace.
    pub begins: bool,
    /// A root that has left.
    pub gone_root: Option<(Timestamp, SpanId)>,
}

/// The root of a trace, as a list shows it.
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

/// What is counted of a trace with a root.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RootNumbers {
    /// When the root starts.
    pub start: Timestamp,
    /// How long the root took, in nanoseconds.
    pub duration: u64,
    pub spans: u64,
    /// One of the spans failed.
    pub has_error: bool,
}

/// One column of a file, for people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ColumnMeta {
    pub name: String,
    pub encoding: &'static str,
    /// How many values there are.
    pub count: u64,
    pub bytes: u64,
}
