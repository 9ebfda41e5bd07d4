//! Why a question for one trace has no spans.

use budget::Shortage;

/// Why there are no spans of a trace.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoTrace {
    /// It is not inside the window, as far as the segments could be read. So many damaged segments were left out that
    /// may have spans of it.
    #[error("the trace is not inside the window")]
    Absent { left_out: usize },
    /// There is too little memory for a copy of its spans.
    #[error("the spans of the trace do not fit into the memory: {0}")]
    NoMemory(Shortage),
}

impl NoTrace {
    /// Returns how many damaged segments were left out that may have spans of the trace.
    pub fn left_out(self) -> usize {
        match self {
            Self::Absent { left_out } => left_out,
            Self::NoMemory(_) => 0,
        }
    }
}
