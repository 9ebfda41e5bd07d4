//! A row of the output before it is written.

use hot::RootOrder;
use segment::Carryover;
use span::TraceId;

/// A row of an input: the index of the segment among the inputs, and the row in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct InputRow {
    pub(super) input: usize,
    pub(super) row: u32,
}

/// Whether other segments or generations may have pieces of a trace.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pieces {
    OnlyHere,
    Elsewhere,
}

pub(super) struct OutputRow {
    pub(super) id: TraceId,
    /// The input rows that it is made from, the oldest first.
    pub(super) from: Vec<InputRow>,
    pub(super) carryover: Carryover,
    /// The smallest root among the spans that are kept.
    pub(super) root: Option<RootOrder>,
    /// The input row that has this root.
    pub(super) root_from: Option<InputRow>,
    pub(super) is_split: bool,
}
