//! Selections: which traces a question is about.

use span::{Status, TimeRange, TraceSummary};

/// Traces by the start of their root, and by outcome.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Selection {
    pub range: TimeRange,
    pub outcome: Outcome,
}

/// The outcome of a trace.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Outcome {
    Any,
    /// No span failed.
    Ok,
    /// At least one span failed.
    Error,
}

impl From<TimeRange> for Selection {
    fn from(range: TimeRange) -> Self {
        Self { range, outcome: Outcome::Any }
    }
}

impl Selection {
    /// Whether the selection includes the trace.
    pub fn takes(self, trace: &TraceSummary<'_>) -> bool {
        self.range.contains(trace.start) && self.outcome.is_of(trace.status)
    }
}

impl Outcome {
    pub(super) fn is_of(self, status: Status) -> bool {
        match self {
            Self::Any => true,
            Self::Ok => status != Status::Error,
            Self::Error => status == Status::Error,
        }
    }
}
